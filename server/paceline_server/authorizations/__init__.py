"""Letting apps in: OAuth 2.0's authorization code with PKCE, renewal, revocation (RFC 6749, 7636, 7009, 9207, 9700)."""
