"""What firmware modules take from `micropython`, for CPython."""


def const(value: int) -> int:
    """Return the value."""
    return value


def viper(function):
    """Return the function: CPython runs it as it is."""
    return function
