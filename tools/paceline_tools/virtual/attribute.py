"""One GATT attribute of the board: what it holds, how much it takes, and its permissions."""

from bumble import att
from bumble.gatt import Characteristic, Descriptor

DEFAULT_BYTES = 20
_READ, _WRITES = 0x02, 0x0C
# MicroPython's flags beyond the GATT properties (docs of gatts_register_services).
_SECURED = {
    0x0200: att.Attribute.Permissions.READ_REQUIRES_ENCRYPTION,
    0x0400: att.Attribute.Permissions.READ_REQUIRES_AUTHENTICATION,
    0x0800: att.Attribute.Permissions.READ_REQUIRES_AUTHORIZATION,
    0x1000: att.Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION,
    0x2000: att.Attribute.Permissions.WRITE_REQUIRES_AUTHENTICATION,
    0x4000: att.Attribute.Permissions.WRITE_REQUIRES_AUTHORIZATION,
}


def permissions(flags: int) -> att.Attribute.Permissions:
    """Bumble's permissions for MicroPython's flags."""
    allowed = att.Attribute.Permissions(0)
    if flags & _READ:
        allowed |= att.Attribute.Permissions.READABLE
    if flags & _WRITES:
        allowed |= att.Attribute.Permissions.WRITEABLE
    for flag, permission in _SECURED.items():
        if flags & flag:
            allowed |= permission
    return allowed


class Attribute:
    """A value with the room that MicroPython gives it; longer writes are cut off as its NimBLE binding does."""

    def __init__(self) -> None:
        self.value = b""
        self.handle = 0
        self.characteristic: Characteristic[bytes] | None = None
        self._descriptor: Descriptor | None = None
        self._room = DEFAULT_BYTES
        self._append = False

    @classmethod
    def of_descriptor(cls, descriptor: Descriptor) -> "Attribute":
        """The value behind a descriptor."""
        attribute = cls()
        attribute.handle = descriptor.handle
        attribute._descriptor = descriptor
        return attribute

    def set_local(self, value: bytes) -> None:
        """The firmware sets the value; the room grows with it."""
        self.value = value
        self._room = max(self._room, len(value))
        if self._descriptor is not None:
            self._descriptor.value = value

    def set_buffer(self, room: int, append: bool) -> None:
        """The firmware makes room and empties the value."""
        self._room, self._append, self.value = room, append, b""

    def written(self, value: bytes) -> None:
        """A central writes; an appending buffer is emptied by the firmware's reading, which it does on its side."""
        self.value = (self.value + value if self._append else value)[: self._room]
