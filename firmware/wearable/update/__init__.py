"""Updates over the link (docs/UPDATE.md)."""
