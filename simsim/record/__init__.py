"""What a year looked like: reads the world, returns rows for the log, needs no rule."""
