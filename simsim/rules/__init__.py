"""What happens in a year, a file for each thing that happens."""
