"""Validation: patterns, limiting cases, hindcast, fitting."""
