"""Journals of wearables: bytes in by position, held durably, made into activities."""
