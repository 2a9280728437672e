"""Drivers at register level; each takes its bus and raises OSError as the bus raises it."""
