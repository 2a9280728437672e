"""Bluetooth through MicroPython's `bluetooth`: the attribute table, advertising, connections, frames in and out."""

import asyncio
import errno
from collections import deque

import bluetooth
from micropython import const
from paceline_protocol import gatt

from . import phone_time, standard

_IRQ_CENTRAL_CONNECT = const(1)
_IRQ_CENTRAL_DISCONNECT = const(2)
_IRQ_GATTS_WRITE = const(3)
_IRQ_MTU_EXCHANGED = const(21)
_IRQ_SET_SECRET = const(30)

_OUR_KEY = const(
    10
)  # kind of secret: with "kept" for an answer NimBLE takes a random key, else one that all boards have
_PUBLIC = const(0)  # addr_mode
_RESOLVABLE = const(2)

_EVENTS = const(64)
_WRITES = const(48)  # the rest of the queue is kept for connections that come and go
_MTU = const(498)  # two full link-layer packets of 251 bytes, less the L2CAP header
_DEFAULT_MTU = const(23)
_CONTROL_SIZE = const(512)
_ADVERTISE_US = const(200_000)
MAX_CONNECTIONS = const(3)
_LISTED = b"\x0d\x18\x14\x18\x19\x18"  # advertised: heart rate, running speed and cadence, location
_ENOMEM_PAUSE_MS = const(15)
_ENOMEM_TRIES = const(2000)

# 128-bit UUIDs are advertised least significant byte first.
_SERVICE_BYTES = bytes(reversed(bytes.fromhex(gatt.SERVICE_UUID.replace("-", ""))))

_JOURNAL = (
    bluetooth.UUID(gatt.SERVICE_UUID),
    (
        (bluetooth.UUID(gatt.INFO_UUID), bluetooth.FLAG_READ),
        (bluetooth.UUID(gatt.CONTROL_UUID), bluetooth.FLAG_WRITE | bluetooth.FLAG_WRITE_NO_RESPONSE),
        (bluetooth.UUID(gatt.DATA_UUID), bluetooth.FLAG_NOTIFY),
    ),
)


class Peripheral:
    """The radio. `opened(handle)` runs for each connection and returns an object with receive(frame) and close().

    `told(utc_2020_s)` takes the time of a phone that was asked.
    """

    def __init__(self, ble, name: str, opened, told) -> None:
        self._ble = ble
        self._opened = opened
        self._events: "deque[tuple]" = deque((), _EVENTS)  # noqa: RUF037 (MicroPython's form)
        self._flag = asyncio.ThreadSafeFlag()
        self._connections = {}
        self._phone_time = phone_time.PhoneTime(ble, told)
        self._mtus = {}
        self._advertise_us = _ADVERTISE_US
        self._name = name
        self.rotating = False
        self.lost_events = 0
        ble.irq(self._irq)  # first: while it starts the stack asks where its keys are kept
        ble.active(True)
        ble.config(mtu=_MTU)
        self._set_name(name)
        services = (
            _JOURNAL,
            standard.DEVICE_INFORMATION,
            standard.BATTERY,
            standard.HEART_RATE,
            standard.RUNNING,
            standard.LOCATION,
        )
        handles = ble.gatts_register_services(services)
        self.standard = standard.StandardServices(ble, handles[1:], self._connections)
        self._info, self._control, self._data = handles[0]
        ble.gatts_set_buffer(self._control, _CONTROL_SIZE)
        self._advertisement = _field(0x01, b"\x06") + _field(0x03, _LISTED) + _field(0x07, _SERVICE_BYTES)

    def rotate(self, on: bool) -> None:
        """Advertise under an address that the controller changes every few minutes and a name that all have, or not.

        Resolvable private addresses under a key that is drawn at each boot and told to nobody. Where the stack has none
        nothing changes, and `rotating` stays false.
        """
        try:
            self._ble.config(addr_mode=_RESOLVABLE if on else _PUBLIC)
        except (OSError, ValueError):
            return
        self.rotating = on
        self._set_name(gatt.ADVERTISED_NAME_PREFIX if on else self._name)
        self._advertise()

    def _set_name(self, name: str) -> None:
        self._ble.config(gap_name=name)
        self._response = _field(0x09, name.encode())

    def mtu(self, handle: int) -> int:
        """Return the connection's ATT MTU."""
        return self._mtus.get(handle, _DEFAULT_MTU)

    def disconnect(self, handle: int, connection) -> None:
        """End a connection, if it is still the one of this handle."""
        if self._connections.get(handle) is not connection:
            return
        try:
            self._ble.gap_disconnect(handle)
        except OSError:
            pass  # gone already

    def tell_info(self, info: bytes) -> None:
        """Set what `info` says from now on."""
        self._ble.gatts_write(self._info, info)

    def ask_time(self, handle: int) -> None:
        """Ask the central for the time."""
        self._phone_time.ask(handle)

    def pace(self, interval_ms: int) -> None:
        """Advertise at another interval."""
        self._advertise_us = 1000 * interval_ms
        self._advertise()

    async def send(self, handle: int, frame: bytes) -> None:
        """Notify a frame, again and again while the radio has no buffer (it announces none); OSError at the end."""
        for _ in range(_ENOMEM_TRIES):
            if handle not in self._connections:
                raise OSError(errno.ENOTCONN)
            try:
                self._ble.gatts_notify(handle, self._data, frame)
                await asyncio.sleep_ms(0)
                return
            except OSError as error:
                if error.errno != errno.ENOMEM:
                    raise
            await asyncio.sleep_ms(_ENOMEM_PAUSE_MS)
        raise OSError(errno.ETIMEDOUT)

    async def run(self) -> None:
        """Advertise and hand events on, for ever."""
        self._advertise()
        while True:
            await self._flag.wait()
            while self._events:
                event, handle, value = self._events.popleft()
                self._handle(event, handle, value)

    def _handle(self, event: int, handle: int, value) -> None:
        if event == _IRQ_CENTRAL_CONNECT:
            self._connections[handle] = self._opened(handle)
            self._advertise()
        elif event == _IRQ_CENTRAL_DISCONNECT:
            connection = self._connections.pop(handle, None)
            self._mtus.pop(handle, None)
            self._phone_time.lost(handle)
            if connection:
                connection.close()
            self._advertise()
        elif event == _IRQ_MTU_EXCHANGED:
            self._mtus[handle] = value
        elif event != _IRQ_GATTS_WRITE:
            self._phone_time.event(event, handle, value)
        elif handle in self._connections:
            self._connections[handle].receive(value)

    def _advertise(self) -> None:
        if len(self._connections) >= MAX_CONNECTIONS:
            return
        try:
            self._ble.gap_advertise(self._advertise_us, self._advertisement, resp_data=self._response)
        except OSError:
            # All links are taken, and the next disconnect tries again; or the controller has no private addresses.
            if self.rotating and not self._connections:
                self.rotate(False)

    def _irq(self, event: int, data):
        # Never raises: an exception would end all events. A write is read here: the next one replaces its value.
        if event == _IRQ_GATTS_WRITE:
            if data[1] != self._control:
                return None
            value = self._ble.gatts_read(self._control)
        elif event == _IRQ_MTU_EXCHANGED:
            value = data[1]
        elif event in (_IRQ_CENTRAL_CONNECT, _IRQ_CENTRAL_DISCONNECT):
            value = None
        elif event in (phone_time.CHARACTERISTIC_DONE, phone_time.CHARACTERISTIC_RESULT, phone_time.READ_DONE):
            value = data[1] if event == phone_time.CHARACTERISTIC_DONE else data[2]
        elif event == phone_time.READ_RESULT:
            value = bytes(data[2])
        else:
            return event == _IRQ_SET_SECRET and data[0] == _OUR_KEY
        if len(self._events) >= (_WRITES if event == _IRQ_GATTS_WRITE else _EVENTS):
            self.lost_events += 1
            return None
        self._events.append((event, data[0], value))
        self._flag.set()
        return None


def _field(kind: int, value: bytes) -> bytes:
    return bytes((len(value) + 1, kind)) + value
