"""TLS in a home: an authority of the server's own, certificates that renew themselves, and their way onto phones."""
