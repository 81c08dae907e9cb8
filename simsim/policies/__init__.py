"""simsim's own policies, one a file."""
