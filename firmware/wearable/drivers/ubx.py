"""UBX frames (u-blox M10 SPG 5.10 interface description, 3.2): B5 62, class, id, length u16, payload, checksum u8 × 2.

The parser keeps the stream in a ring and takes back a frame that does not fit, so that a good frame swallowed by the
length of a damaged one is still found. It allocates nothing per frame.
"""

_SIZE = 1024  # a power of two: indices are masked
_MASK = _SIZE - 1
_MAX_PAYLOAD = 256  # longer lengths are noise: nothing that is asked for has them
_FRAME_OVERHEAD = 8
_SYNC_1 = 0xB5
_SYNC_2 = 0x62


class UbxParser:
    """Bytes in, frames out; a frame's class, id and payload stay until the next next_frame()."""

    def __init__(self) -> None:
        self._ring = bytearray(_SIZE)
        self._head = 0
        self._tail = 0
        self.payload = bytearray(_MAX_PAYLOAD)
        self.frame_class = 0
        self.frame_id = 0
        self.length = 0
        self.rejected = 0  # frames whose check sum did not fit

    def put(self, data: bytes, count: int) -> None:
        """Take the first `count` bytes of the data; the oldest bytes go when the ring is full."""
        ring = self._ring
        head = self._head
        for i in range(count):
            ring[head & _MASK] = data[i]
            head += 1
        self._head = head
        if head - self._tail > _SIZE:
            self._tail = head - _SIZE
        if self._tail >= _SIZE:  # keep the indices small numbers
            self._head -= _SIZE
            self._tail -= _SIZE

    def next_frame(self) -> bool:
        """Move on to the next good frame; False when more bytes are needed."""
        while self._find_sync():
            waiting = self._head - self._tail
            if waiting < _FRAME_OVERHEAD:
                return False
            length = self._at(4) | self._at(5) << 8
            if length <= _MAX_PAYLOAD:
                if waiting < _FRAME_OVERHEAD + length:
                    return False
                if self._checked(length):
                    self._take(length)
                    return True
                self.rejected += 1
            self._tail += 1
        return False

    def _at(self, offset: int) -> int:
        return self._ring[(self._tail + offset) & _MASK]

    def _find_sync(self) -> bool:
        ring = self._ring
        tail = self._tail
        last = self._head - 1
        while tail < last and (ring[tail & _MASK] != _SYNC_1 or ring[(tail + 1) & _MASK] != _SYNC_2):
            tail += 1
        self._tail = tail
        return tail < last

    def _checked(self, length: int) -> bool:
        # 8-bit Fletcher over class, id, length and payload (3.4).
        ring = self._ring
        at = self._tail + 2
        end = at + 4 + length
        a = b = 0
        while at < end:
            a = (a + ring[at & _MASK]) & 0xFF
            b = (b + a) & 0xFF
            at += 1
        return ring[at & _MASK] == a and ring[(at + 1) & _MASK] == b

    def _take(self, length: int) -> None:
        self.frame_class = self._at(2)
        self.frame_id = self._at(3)
        self.length = length
        ring = self._ring
        payload = self.payload
        at = self._tail + 6
        for i in range(length):
            payload[i] = ring[(at + i) & _MASK]
        self._tail += _FRAME_OVERHEAD + length


def pack_frame(frame_class: int, frame_id: int, payload: bytes) -> bytes:
    """Return the frame of a payload."""
    length = len(payload)
    frame = bytearray((_SYNC_1, _SYNC_2, frame_class, frame_id, length & 0xFF, length >> 8)) + payload
    a = b = 0
    for byte in memoryview(frame)[2:]:
        a = (a + byte) & 0xFF
        b = (b + a) & 0xFF
    return bytes(frame) + bytes((a, b))
