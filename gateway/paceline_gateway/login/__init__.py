"""Logging the gateway in: a person approves in a browser, the token and the server's authority are kept."""
