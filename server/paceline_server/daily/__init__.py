"""Days between and with workouts: steps, energy, resting heart rate, active and worn minutes."""
