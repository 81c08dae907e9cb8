"""From results to pages: notebooks, view, words."""
