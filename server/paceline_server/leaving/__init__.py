"""Leaving for good: an account and everything of it, rows, telemetry and journals, is gone."""
