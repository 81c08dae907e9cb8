"""The official method on a real table of schools: no simulation."""
