"""What firmware modules take from `micropython`, for CPython."""


def const(value: int) -> int:
    """Return the value."""
    return value
