"""The cable to the host process: one unix socket for bluetooth calls, their answers, radio events and bench commands.

Frame: length u32 (of what follows), header length u16, JSON header, payload. A header holds "call" and "id" (to the
host), "reply" (from it), "irq" (radio event), "bench" (command), or "report" (to it).
"""

import json
import socket
import struct
import sys

import uselect

_HEAD = struct.calcsize("<IH")
_PIECE = 2048


class Cable:
    """Calls are answered at once; events wait for pump(), which the clock's sleeps call: the board's interrupts."""

    def __init__(self, path: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # The unix port takes a raw sockaddr_un.
        self.socket.connect(struct.pack("<H", 1) + path.encode() + b"\0" * (108 - len(path)))
        self._poller = uselect.poll()
        self._poller.register(self.socket, uselect.POLLIN)
        self._received = bytearray()
        self._events = []
        self._calls = 0
        self._pumping = False
        self.handlers = {}

    def send(self, header: dict, payload: bytes = b"") -> None:
        """Send one frame."""
        text = json.dumps(header).encode()
        self.socket.write(struct.pack("<IH", 2 + len(text) + len(payload), len(text)) + text + payload)

    def call(self, method: str, *arguments, payload: bytes = b""):
        """Call the host; return (result, payload) or raise OSError with the number it answers."""
        self._calls += 1
        number = self._calls
        self.send({"call": method, "id": number, "arguments": arguments}, payload)
        while True:
            header, data = self._take() or self._wait()
            if header.get("reply") == number:
                if header.get("errno"):
                    raise OSError(header["errno"])
                return header.get("result"), data
            self._events.append((header, data))

    def wait(self, real_ms: int) -> bool:
        """Wait that long at most (for ever when negative); return whether pump() has something to do."""
        return bool(self._events or self._received or self._poller.poll(real_ms))

    def pump(self) -> None:
        """Hand every event that has come to its handler. A handler's own calls do not start another pump."""
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._poller.poll(0):
                self._receive()
            frame = self._take()
            while frame:
                self._events.append(frame)
                frame = self._take()
            while self._events:
                header, data = self._events.pop(0)
                for kind, handler in self.handlers.items():
                    if kind in header:
                        handler(header, data)
        finally:
            self._pumping = False

    def _wait(self):
        frame = None
        while not frame:
            self._receive()
            frame = self._take()
        return frame

    def _receive(self) -> None:
        data = self.socket.recv(_PIECE)  # small, for the heap of a long run is in fragments
        if not data:
            sys.exit(0)  # the host is gone and with it the world
        self._received += data

    def _take(self):
        received = self._received
        if len(received) < _HEAD:
            return None
        length, text_length = struct.unpack_from("<IH", received, 0)
        end = 4 + length
        if len(received) < end:
            return None
        header = json.loads(bytes(received[_HEAD : _HEAD + text_length]))
        data = bytes(received[_HEAD + text_length : end])
        self._received = received[end:]
        return header, data
