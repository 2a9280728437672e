"""One row of a format table: named little-endian fields, driving encoder and decoder alike.

A row is a text, its name and name:format of each field: a struct format of one value ("B", "H", "I", "Q", "16s"), or,
only as the last field, BYTES or TEXT (UTF-8), which take what is left. As tuples the rows took 10 kB of the wearable.
"""

import struct

BYTES = "bytes"
TEXT = "text"

_READY = 6


class Fields:
    """Values under names: `fields.t_s`; iterates over the values in the table's order."""

    def __init__(self, names: tuple[str, ...], values: "tuple[object, ...]") -> None:
        self._names = names
        for i, name in enumerate(names):
            setattr(self, name, values[i])

    def __getattr__(self, name: str):
        # Reached only for a name that is not there; the first branch tells type checkers that values are of any type.
        if name in self.__dict__:
            return self.__dict__[name]
        raise AttributeError(name)

    def __iter__(self):
        return iter([getattr(self, name) for name in self._names])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fields) and self._names == other._names and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return "Fields(" + ", ".join([f"{name}={getattr(self, name)!r}" for name in self._names]) + ")"


class Layout:
    """A name and its `fields`, (name, format) each; `size` is of the fixed part, `tail` None, BYTES or TEXT."""

    def __init__(self, row: str) -> None:
        parts = row.split(" ")
        self.name = parts[0]
        fields = tuple([tuple(part.split(":")) for part in parts[1:]])
        self.fields: "tuple[tuple[str, str], ...]" = fields  # type: ignore[assignment]
        self.names = tuple([field[0] for field in fields])
        last = fields[-1][1] if fields else ""
        self.tail = last if last in (BYTES, TEXT) else None
        fixed = fields[:-1] if self.tail else fields
        self.format = "<" + "".join([field[1] for field in fixed])
        self.size = struct.calcsize(self.format)

    def pack(self, values: "tuple[object, ...] | list[object]") -> bytes:
        """Return the bytes of the values, given in the table's order; ValueError names one that is out of its range."""
        if len(values) != len(self.fields):
            raise ValueError(f"{self.name} takes {self.names}")
        fixed = []
        tail = b""
        for i, (name, form) in enumerate(self.fields):
            value = values[i]
            if form == BYTES:
                tail = bytes(value)  # type: ignore[call-overload]
            elif form == TEXT:
                tail = str(value).encode()
            elif form[-1] == "s":
                fixed.append(_exactly(int(form[:-1]), value, self.name, name))
            else:
                fixed.append(_within(8 * struct.calcsize(form), value, self.name, name))
        return struct.pack(self.format, *fixed) + tail

    def parse(self, data: bytes | bytearray | memoryview) -> Fields:
        """Return the fields of the data; raises ValueError when it is too short or its text is not UTF-8.

        Bytes behind the fields of a layout without a tail are ignored: a later version may have put fields there.
        """
        if len(data) < self.size:
            raise ValueError(f"{self.name} is {len(data)} bytes, at least {self.size} expected")
        values = struct.unpack_from(self.format, data)
        if self.tail:
            rest = bytes(data[self.size :])
            values += (rest if self.tail == BYTES else _text(rest, self.name),)
        return Fields(self.names, values)


class Layouts:
    """Rows by number; one is taken apart when it is asked for, and kept until there are too many."""

    def __init__(self, rows: "dict[int, str]") -> None:
        self._rows = rows
        self._ready: "dict[int, Layout]" = {}

    def get(self, number: int) -> "Layout | None":
        """Return the layout of this number, or None."""
        layout = self._ready.get(number)
        if layout is None and number in self._rows:
            if len(self._ready) == _READY:
                self._ready.clear()
            layout = self._ready[number] = Layout(self._rows[number])
        return layout

    def __getitem__(self, number: int) -> Layout:
        layout = self.get(number)
        if layout is None:
            raise KeyError(number)
        return layout

    def __iter__(self):
        return iter(self._rows)

    def keys(self):
        """Return the numbers."""
        return self._rows.keys()


# MicroPython's struct cuts what is too large or too long without a word; both interpreters must refuse it.
def _within(bits: int, value: object, layout: str, name: str) -> int:
    if not isinstance(value, int) or value < 0 or value >> bits:
        raise ValueError(f"{layout}.{name} = {value!r} is no unsigned number of {bits} bits")
    return value


def _exactly(size: int, value: object, layout: str, name: str) -> bytes:
    value = bytes(value)  # type: ignore[call-overload]
    if len(value) != size:
        raise ValueError(f"{layout}.{name} is {len(value)} bytes, {size} expected")
    return value


def _text(data: bytes, layout: str) -> str:
    try:
        return data.decode()
    except UnicodeError:
        raise ValueError(f"{layout}: text is not UTF-8")  # noqa: B904 (MicroPython keeps no cause)
