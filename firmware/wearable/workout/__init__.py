"""What a workout's sport asks of the recorder: pure decisions, second by second (docs/WORKOUTS.md)."""
