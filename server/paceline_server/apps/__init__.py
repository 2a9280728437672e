"""Apps: programs that somebody registers, so that others can let them in (OAuth 2.0 clients)."""
