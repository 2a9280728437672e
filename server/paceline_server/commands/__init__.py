"""What the command `paceline-server` does: each file a few of its words; cli.py reads the arguments and prints."""
