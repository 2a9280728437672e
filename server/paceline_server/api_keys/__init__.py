"""API keys: tokens that somebody makes for programs of one's own, with the scopes that were chosen."""
