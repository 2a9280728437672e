"""A line of text that is put together in place, so that figures on the screen take nothing from the heap."""

_ZERO = 48
_COLON, _POINT, _MINUS = 58, 46, 45


class Line:
    """Up to `room` characters in `data`, of which `length` count; what does not fit is left out."""

    def __init__(self, room: int = 40) -> None:
        self.data = bytearray(room)
        self.length = 0

    def clear(self) -> "Line":
        """Begin anew."""
        self.length = 0
        return self

    def put(self, text: "bytes | bytearray") -> "Line":
        """Append text."""
        for code in text:
            self.code(code)
        return self

    def code(self, code: int) -> "Line":
        """Append one character."""
        if self.length < len(self.data):
            self.data[self.length] = code
            self.length += 1
        return self

    def number(self, value: int, digits: int = 1) -> "Line":
        """Append a whole number with at least so many digits."""
        if value < 0:
            self.code(_MINUS)
            value = -value
        power = 1
        for _ in range(1, digits):
            power *= 10
        while value // power >= 10:
            power *= 10
        while power:
            self.code(_ZERO + value // power % 10)
            power //= 10
        return self

    def duration(self, seconds: int) -> "Line":
        """Append 4:07, 12:34 or 1:02:03."""
        if seconds >= 3600:
            self.number(seconds // 3600).code(_COLON).number(seconds // 60 % 60, 2)
        else:
            self.number(seconds // 60)
        return self.code(_COLON).number(seconds % 60, 2)

    def time_of_day(self, minutes: int) -> "Line":
        """Append 06:30."""
        return self.number(minutes // 60, 2).code(_COLON).number(minutes % 60, 2)

    def kilometres(self, metres: int) -> "Line":
        """Append 0.00 to 99.99, from 100 km on 100.0; never more than was covered."""
        self.number(metres // 1000).code(_POINT)
        return self.number(metres % 1000 // 10, 2) if metres < 100_000 else self.number(metres % 1000 // 100)

    def tenths(self, value: int) -> "Line":
        """Append a number of tenths: 12.3."""
        return self.number(value // 10).code(_POINT).number(value % 10)
