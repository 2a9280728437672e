"""Idempotency-Key: a write that is sent again under its key is done once, and answered as it was the first time."""
