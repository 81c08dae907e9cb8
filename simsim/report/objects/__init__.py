"""What objects look like in a notebook, and in a terminal."""
