"""Numbers and names as people read them, on pages, in notices and in sentences: a floor that knows no domain."""
