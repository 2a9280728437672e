"""Signing in through outside providers (OpenID Connect Core 1.0, Discovery 1.0)."""
