"""A district's files: read, checked, imported, synthesised; and cohort projection."""
