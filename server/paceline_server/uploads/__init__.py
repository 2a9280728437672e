"""What a program sent of a workout, at once or bit by bit: kept as it came, and made into an activity."""
