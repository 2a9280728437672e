"""The board's `bluetooth`: MicroPython's API (docs, 1.29) with the stack in the host process: peripheral, and client.

Interrupts come while the program sleeps or awaits. Their memoryviews are valid only inside the handler: the memory is
overwritten afterwards. A characteristic holds 20 bytes unless gatts_set_buffer() or a longer gatts_write() made room;
longer writes are cut off. gatts_notify() raises OSError(ENOMEM) when the radio has no room, as NimBLE does.
"""

import sys

from silicon import bench
from silicon.uuid import UUID

__all__ = ("BLE", "UUID")

FLAG_READ = 0x0002
FLAG_WRITE_NO_RESPONSE = 0x0004
FLAG_WRITE = 0x0008
FLAG_NOTIFY = 0x0010
FLAG_INDICATE = 0x0020

_IRQ_GATTS_WRITE = 3
_IRQ_GATTC_CHARACTERISTIC_RESULT = 11
_DEFAULT_BUFFER = 20
_ENODEV = 19
_EINVAL = 22


class _Value:
    def __init__(self) -> None:
        self.data = b""
        self.room = _DEFAULT_BUFFER
        self.append = False

    def write(self, data: bytes) -> None:
        self.data = ((self.data + data) if self.append else data)[: self.room]


class BLE:
    """The one Bluetooth radio."""

    _only = None

    def __new__(cls):
        """Return the singleton."""
        if cls._only is None:
            cls._only = super().__new__(cls)
            cls._only._start()
        return cls._only

    def _start(self) -> None:
        self._handler = None
        self._active = False
        self._settings = {}
        self._values = {}
        bench.cable.handlers["irq"] = self._interrupt

    def active(self, active: bool = None):
        """Read whether the radio is on, or switch it."""
        if active is not None and bool(active) != self._active:
            bench.cable.call("active", bool(active))
            self._active = bool(active)
            if self._active:
                for name, value in self._settings.items():
                    bench.cable.call("set_config", name, value)
            else:
                self._values = {}
        return self._active

    def config(self, *param, **settings):
        """Read one setting (`mac`, `mtu`, `gap_name` …) or set some."""
        if param:
            if len(param) > 1 or settings:
                raise TypeError("can't specify pos and kw args")
            result, data = self._call("get_config", param[0])
            if param[0] == "mac":
                return (result, data)
            return data if param[0] == "gap_name" else result
        for name, value in settings.items():
            plain = value.decode() if isinstance(value, (bytes, bytearray)) else value
            if self._active:
                bench.cable.call("set_config", name, plain)
            else:
                self._settings[name] = plain
        return None

    def irq(self, handler) -> None:
        """Call handler(event, data) on the stack's events."""
        self._handler = handler

    def gap_advertise(self, interval_us, adv_data=None, *, resp_data=None, connectable: bool = True) -> None:
        """Advertise, or stop when the interval is None; data left out stays as it was."""
        advertisement, response = _bytes(adv_data), _bytes(resp_data)
        lengths = [-1 if part is None else len(part) for part in (advertisement, response)]
        payload = (advertisement or b"") + (response or b"")
        self._call("advertise", interval_us, lengths, bool(connectable), payload=payload)

    def gap_disconnect(self, conn_handle: int) -> bool:
        """End a connection; False when there is none of that handle."""
        return self._call("disconnect", conn_handle)[0]

    def gap_pair(self, conn_handle: int) -> None:
        """Ask the central to pair."""
        self._call("pair", conn_handle)

    def gatts_register_services(self, services_definition) -> tuple:
        """Replace the services; return a tuple of value handles for each."""
        wanted = []
        for uuid, characteristics in services_definition:
            listed = []
            for characteristic in characteristics:
                descriptors = characteristic[2] if len(characteristic) > 2 else ()
                described = [[descriptor[0].hex(), descriptor[1]] for descriptor in descriptors]
                listed.append([characteristic[0].hex(), characteristic[1], described])
            wanted.append([uuid.hex(), listed])
        handles = tuple(tuple(row) for row in self._call("register", wanted)[0])
        self._values = {handle: _Value() for row in handles for handle in row}
        return handles

    def gatts_read(self, value_handle: int) -> bytes:
        """Return what the attribute holds; an appending one is emptied."""
        value = self._value(value_handle)
        data = value.data
        if value.append:
            value.data = b""
        return data

    def gatts_write(self, value_handle: int, data, send_update: bool = False) -> None:
        """Set what the attribute holds, and tell the subscribers if asked to."""
        data = _bytes(data)
        value = self._value(value_handle)
        value.room = max(value.room, len(data))
        value.data = data
        self._call("write", value_handle, bool(send_update), payload=data)

    def gatts_notify(self, conn_handle: int, value_handle: int, data=None) -> None:
        """Notify a central of the data, or of what the attribute holds; cut to the MTU less 3."""
        payload = self._value(value_handle).data if data is None else _bytes(data)
        self._call("notify", conn_handle, value_handle, payload=payload)

    def gatts_indicate(self, conn_handle: int, value_handle: int, data=None) -> None:
        """Indicate; the confirmation comes as event 20."""
        payload = self._value(value_handle).data if data is None else _bytes(data)
        self._call("indicate", conn_handle, value_handle, payload=payload)

    def gatts_set_buffer(self, value_handle: int, len: int, append: bool = False) -> None:
        """Make room for writes of that many bytes; drops what the attribute held."""
        value = self._value(value_handle)
        value.data, value.room, value.append = b"", len, append
        self._call("set_buffer", value_handle, len, bool(append))

    def gattc_discover_characteristics(self, conn_handle: int, start_handle: int, end_handle: int, uuid=None) -> None:
        """Look for the central's characteristics; each comes as event 11, the end as event 12."""
        self._call("discover_characteristics", conn_handle, start_handle, end_handle, uuid.hex() if uuid else None)

    def gattc_read(self, conn_handle: int, value_handle: int) -> None:
        """Read one of the central's values; it comes as event 15, the end as event 16."""
        self._call("read", conn_handle, value_handle)

    def _value(self, handle: int) -> _Value:
        value = self._values.get(handle)
        if value is None:
            raise OSError(_EINVAL)
        return value

    def _call(self, method: str, *arguments, payload: bytes = b""):
        if not self._active:
            raise OSError(_ENODEV)
        return bench.cable.call(method, *arguments, payload=payload)

    def _interrupt(self, header: dict, payload: bytes) -> None:
        event, arguments = header["irq"], header["arguments"]
        memory = bytearray(payload)
        at = 0
        for index, length in header.get("views", ()):
            arguments[index] = memoryview(memory)[at : at + length]
            at += length
        if event == _IRQ_GATTC_CHARACTERISTIC_RESULT:
            arguments[4] = UUID(arguments[4])
        if event == _IRQ_GATTS_WRITE:
            # The ESP32 runs the handler inside the write: what it reads is this write, also when more have come since.
            self._values[arguments[1]].write(bytes(arguments.pop()))
        answer = None
        if self._handler:
            try:
                answer = self._handler(event, tuple(arguments))
            except Exception as error:  # noqa: BLE001 -- the port prints what a handler raises and goes on
                sys.print_exception(error)
        for i in range(len(memory)):
            memory[i] = 0xDD
        if "id" in header:
            bench.cable.send({"answer": header["id"], "result": answer})


def _bytes(data):
    if data is None:
        return None
    return data.encode() if isinstance(data, str) else bytes(data)
