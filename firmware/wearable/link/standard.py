"""Standard services, so that any phone app can use the wearable as a sensor (docs/STANDARD_SERVICES.md)."""

from array import array

import bluetooth

from ..calendar import DAY_S, date_of
from . import measurements

_READ = bluetooth.FLAG_READ
_NOTIFY = bluetooth.FLAG_NOTIFY

_WRIST = 2  # Body Sensor Location
_RUNNING_FEATURES = b"\x07\x00"  # stride length, total distance, walking or running
_LOCATION_FEATURES = b"\x4f\x00\x00\x00"  # speed, total distance, location, elevation, UTC
_UNKNOWN = 0xFF

# Sports in which steps make the way (code_tables.SPORTS): not cycling, swimming, strength.
_ON_FOOT = (0, 1, 2, 3, 7)

DEVICE_INFORMATION = (
    bluetooth.UUID(0x180A),
    (
        (bluetooth.UUID(0x2A29), _READ),  # manufacturer
        (bluetooth.UUID(0x2A24), _READ),  # model
        (bluetooth.UUID(0x2A26), _READ),  # firmware revision
    ),
)
BATTERY = (bluetooth.UUID(0x180F), ((bluetooth.UUID(0x2A19), _READ | _NOTIFY),))
HEART_RATE = (
    bluetooth.UUID(0x180D),
    ((bluetooth.UUID(0x2A37), _NOTIFY), (bluetooth.UUID(0x2A38), _READ)),
)
RUNNING = (
    bluetooth.UUID(0x1814),
    ((bluetooth.UUID(0x2A53), _NOTIFY), (bluetooth.UUID(0x2A54), _READ)),
)
LOCATION = (
    bluetooth.UUID(0x1819),
    ((bluetooth.UUID(0x2A67), _NOTIFY), (bluetooth.UUID(0x2A6A), _READ)),
)


class StandardServices:
    """Values of the services above, notified to those who subscribed; `audience` is true while anybody is connected."""

    def __init__(self, ble, handles, audience) -> None:
        self._ble = ble
        self._audience = audience
        (
            self._information,
            (self._battery,),
            (self._heart_rate, wrist),
            (self._running, running),
            (self._location, location),
        ) = handles
        buffer = self._buffer = bytearray(measurements.SIZE)
        self._views = [memoryview(buffer)[:length] for length in range(measurements.SIZE + 1)]
        self._percent = bytearray((_UNKNOWN,))
        self._hidden = False
        self._intervals = array("H", bytes(2 * measurements.MOST_INTERVALS))
        self._count = 0
        self._second = 0
        self._days = -1
        self._date = (0, 0, 0)
        ble.gatts_write(wrist, bytes((_WRIST,)))
        ble.gatts_write(running, _RUNNING_FEATURES)
        ble.gatts_write(location, _LOCATION_FEATURES)

    @property
    def hidden(self) -> bool:
        """Whether the live values are kept back: then nothing is notified, and the battery level is empty."""
        return self._hidden

    @hidden.setter
    def hidden(self, hidden: bool) -> None:
        self._hidden = hidden
        self._percent[0] = _UNKNOWN
        self._count = 0
        if hidden:
            self._ble.gatts_write(self._battery, b"")

    def describe(self, model: str, version: "tuple[int, int, int]") -> None:
        """Set the texts of Device Information; no serial number: it would tell one wearer from another."""
        texts = ("Paceline", model, ".".join([str(part) for part in version]))
        for i in range(len(texts)):
            self._ble.gatts_write(self._information[i], texts[i].encode())

    def rr(self, interval_1024: int) -> None:
        """Take the time between two beats in 1/1024 s, 0 when unsure; it leaves with the next heart rate."""
        if interval_1024 and self._count < measurements.MOST_INTERVALS:
            self._intervals[self._count] = min(interval_1024, 0xFFFF)
            self._count += 1

    def heart_rate(self, bpm: int, worn: bool) -> None:
        """Notify a measurement; to be called once a second."""
        count, self._count = self._count, 0
        self._send(self._heart_rate, measurements.pack_heart_rate(self._buffer, bpm, worn, self._intervals, count))

    def battery(self, percent: int) -> None:
        """Set the level and notify it when it changed."""
        if self._percent[0] != percent and not self._hidden:
            self._percent[0] = percent
            self._tell(self._battery, self._percent)

    def workout(self, recorder, solution, utc_2020_s: int) -> None:
        """Notify how the workout under way moves, and where; to be called once a second.

        `solution` is the receiver's last, `utc_2020_s` 0 when unknown. Without a fix no speed is known, so that Running
        Speed and Cadence falls silent and Location and Speed has only distance and time.
        """
        if not recorder.state or not self._audience:
            return
        fix = recorder.fix
        distance_cm = recorder.totals.distance_cm
        buffer = self._buffer
        if fix and recorder.sport in _ON_FOOT:
            length = measurements.pack_running(buffer, solution.speed_cm_s, recorder.cadence_spm, distance_cm)
            self._send(self._running, length)
        # Two notifications in turn: all fields at once would not fit the smallest MTU.
        self._second ^= 1
        if self._second and utc_2020_s:
            length = measurements.pack_moment(buffer, fix, solution, self._date_of(utc_2020_s), utc_2020_s)
        else:
            length = measurements.pack_location(buffer, fix, solution, distance_cm)
        self._send(self._location, length)

    def _date_of(self, utc_2020_s: int) -> "tuple[int, int, int]":
        days = utc_2020_s // DAY_S
        if days != self._days:
            self._days = days
            self._date = date_of(days)
        return self._date

    def _send(self, handle: int, length: int) -> None:
        if self._audience and not self._hidden:
            self._tell(handle, self._views[length])

    def _tell(self, handle: int, value) -> None:
        try:
            self._ble.gatts_write(handle, value, True)
        except OSError:
            pass  # no buffer free: the next value comes soon
