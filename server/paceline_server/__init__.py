"""The Paceline server: stores, analyses and shows workouts."""
