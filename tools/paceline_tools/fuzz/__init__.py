"""Input that nobody meant: parsers must give a result or their one error, in bounded time."""
