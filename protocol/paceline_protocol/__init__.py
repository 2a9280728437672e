"""The Paceline contract: journal format, sample codec and link messages."""
