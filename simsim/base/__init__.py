"""Arithmetic on arrays, codes, calendar, identity and keyed draws: knows no file and no school."""
