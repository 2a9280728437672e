"""Inside the guest: carries HCI packets (H4 framing, Core vol 4 part A) between a virtio port and /dev/vhci.

While it runs the kernel has a Bluetooth adapter; when it ends the adapter is gone, as if pulled out of its socket.
"""

import os
import select
import sys

_CREATE = b"\xff\x00"  # vendor packet of vhci: make a primary controller
_HEADS = {1: (3, 2, 1), 2: (4, 2, 2), 3: (3, 2, 1), 4: (2, 1, 1), 5: (4, 2, 2)}
"""Of each packet type: bytes of its header, and where and how wide the length of its payload stands in it."""


def packet_size(data: bytes | bytearray) -> int | None:
    """Return the size of the packet that begins the data, type byte included; None while its header is not whole."""
    head, at, width = _HEADS[data[0]]
    if len(data) < 1 + head:
        return None
    return 1 + head + (int.from_bytes(data[1 + at : 1 + at + width], "little") & 0x3FFF)


def _write(port: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(port, view) :]
        except BlockingIOError:
            select.select([], [port], [])


def main(path: str) -> int:
    """Relay until the host closes the port."""
    port = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    adapter = os.open("/dev/vhci", os.O_RDWR)
    os.write(adapter, _CREATE)
    os.read(adapter, 16)
    poll = select.poll()
    poll.register(port, select.POLLIN)
    poll.register(adapter, select.POLLIN)
    received = bytearray()
    while True:
        for ready, events in poll.poll():
            if ready == adapter:
                _write(port, os.read(adapter, 4096))
            elif events & select.POLLIN:
                received += os.read(port, 65536)
                while received and (size := packet_size(received)) is not None and len(received) >= size:
                    os.write(adapter, bytes(received[:size]))
                    del received[:size]
            else:
                return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
