"""What a user says of himself: who he is, how he likes numbers, and what was true of his body from which day on."""
