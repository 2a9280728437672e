"""A workout of one's own as a file that other programs read."""
