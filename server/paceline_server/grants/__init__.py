"""The OAuth 2.0 device grant (RFC 8628): a gateway without a keyboard is let in by a person with a browser."""
