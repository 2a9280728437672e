"""Lists of activities: by time, type, distance, duration, words, place; in several orders."""
