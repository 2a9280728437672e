"""The floor under the domains: database, blobs, web edge, log-in, ids. Knows no domain."""
