"""Worlds that agree with what is published: expected path, correction shared over parameters, corrective run."""
