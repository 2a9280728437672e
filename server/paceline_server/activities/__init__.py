"""Workouts: what the analysis made of a Recording, and its telemetry."""
