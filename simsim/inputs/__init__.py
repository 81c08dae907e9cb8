"""What is given, read and checked: errors, readers, parameters, standards, the dictionary of indicators."""
