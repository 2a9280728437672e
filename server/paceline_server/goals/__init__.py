"""What somebody wants to reach, how far it is, and when it was reached."""
