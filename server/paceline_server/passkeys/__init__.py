"""Passkeys: log-in by a key pair that the browser or a security key holds (WebAuthn Level 2)."""
