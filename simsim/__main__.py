"""`python -m simsim` is the command line."""

from simsim.cli import command

command()
