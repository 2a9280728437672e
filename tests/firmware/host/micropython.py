"""What firmware modules take from `micropython`, for CPython."""

from typing import TypeVar

Function = TypeVar("Function")


def const(value: int) -> int:
    """Return the value."""
    return value


def viper(function: Function) -> Function:
    """Return the function: CPython runs it as it is."""
    return function
