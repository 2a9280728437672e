"""Which tables and columns an archive holds."""
