"""What to do next: recommendations with their reasons, feedback, achievements, the year in review."""
