"""What a phone app makes of the standard services' bytes, written from the Bluetooth SIG's specifications alone.

GATT Specification Supplement: Heart Rate Measurement, RSC Measurement, Location and Speed. Fields are there when their
flag is set, in the order of the flags; a value that is longer or shorter than its flags say is an error.
"""
# pyright: reportMissingTypeArgument=false

import struct


class Fields:
    """Bytes taken from the front."""

    def __init__(self, value: "bytes | bytearray") -> None:
        self._value = bytes(value)

    def take(self, form: str) -> int:
        """Return the next little-endian number; u24 and s24 are three bytes."""
        if form in ("u24", "s24"):
            low, high = struct.unpack("<HB" if form == "u24" else "<Hb", self._cut(3))
            return low + (high << 16)
        return struct.unpack("<" + form, self._cut(struct.calcsize("<" + form)))[0]

    def rest(self) -> bytes:
        """Return what is left."""
        return self._cut(len(self._value))

    def end(self) -> None:
        """Nothing may be left."""
        if self._value:
            raise ValueError(f"{len(self._value)} bytes too many")

    def _cut(self, size: int) -> bytes:
        if len(self._value) < size:
            raise ValueError("a field is cut off")
        taken, self._value = self._value[:size], self._value[size:]
        return taken


def heart_rate(value: "bytes | bytearray") -> dict:
    """Read a Heart Rate Measurement."""
    fields = Fields(value)
    flags = fields.take("B")
    read: dict = {"bpm": fields.take("H" if flags & 1 else "B")}
    if flags & 4:
        read["contact"] = bool(flags & 2)
    if flags & 8:
        read["energy_kj"] = fields.take("H")
    if flags & 16:
        rest = fields.rest()
        read["rr_s"] = [interval / 1024 for interval in struct.unpack(f"<{len(rest) // 2}H", rest)]
    fields.end()
    return read


def running(value: "bytes | bytearray") -> dict:
    """Read an RSC Measurement."""
    fields = Fields(value)
    flags = fields.take("B")
    read: dict = {"speed_m_s": fields.take("H") / 256, "strides_per_minute": fields.take("B")}
    if flags & 1:
        read["stride_m"] = fields.take("H") / 100
    if flags & 2:
        read["distance_m"] = fields.take("I") / 10
    read["running"] = bool(flags & 4)
    fields.end()
    return read


def location(value: "bytes | bytearray") -> dict:
    """Read a Location and Speed."""
    fields = Fields(value)
    flags = fields.take("H")
    read: dict = {"position": ("none", "ok", "estimated", "last known")[flags >> 7 & 3]}
    read["three_dimensional"] = bool(flags & 0x200)
    read["elevation_source"] = flags >> 10 & 3
    for bit, name, form, unit in ((1, "speed_m_s", "H", 0.01), (2, "distance_m", "u24", 0.1)):
        if flags & bit:
            read[name] = fields.take(form) * unit
    if flags & 4:
        read["latitude"], read["longitude"] = fields.take("i") / 1e7, fields.take("i") / 1e7
    if flags & 8:
        read["elevation_m"] = fields.take("s24") / 100
    if flags & 16:
        read["heading"] = fields.take("H") / 100
    if flags & 32:
        read["rolling_s"] = fields.take("B")
    if flags & 64:
        read["utc"] = tuple(fields.take(form) for form in "HBBBBB")
    fields.end()
    return read
