"""What each command asks and prints, a file for each wing that answers; the wing is imported when it is asked."""
