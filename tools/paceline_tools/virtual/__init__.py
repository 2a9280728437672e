"""The virtual wearable: the staged firmware on real MicroPython, on a board whose hardware is simulated."""
