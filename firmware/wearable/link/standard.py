"""Standard services, so that any phone app can use the wearable as a sensor (Bluetooth SIG assigned numbers)."""

import bluetooth

_READ = bluetooth.FLAG_READ
_NOTIFY = bluetooth.FLAG_NOTIFY

_WRIST = 2  # Body Sensor Location
_CONTACT_SUPPORTED = 0x04  # Heart Rate Measurement flags
_CONTACT = 0x02

DEVICE_INFORMATION = (
    bluetooth.UUID(0x180A),
    (
        (bluetooth.UUID(0x2A29), _READ),  # manufacturer
        (bluetooth.UUID(0x2A24), _READ),  # model
        (bluetooth.UUID(0x2A25), _READ),  # serial number
        (bluetooth.UUID(0x2A26), _READ),  # firmware revision
    ),
)
BATTERY = (bluetooth.UUID(0x180F), ((bluetooth.UUID(0x2A19), _READ | _NOTIFY),))
HEART_RATE = (
    bluetooth.UUID(0x180D),
    ((bluetooth.UUID(0x2A37), _NOTIFY), (bluetooth.UUID(0x2A38), _READ)),
)


class StandardServices:
    """Values of the services above; a change is notified to those who subscribed."""

    def __init__(self, ble, information, battery, heart_rate) -> None:
        self._ble = ble
        self._information = information
        self._battery = battery[0]
        self._heart_rate, location = heart_rate
        self._measurement = bytearray(2)
        self._percent = bytearray(1)
        ble.gatts_write(location, bytes((_WRIST,)))

    def describe(self, model: str, serial: str, version: "tuple[int, int, int]") -> None:
        """Set the texts of Device Information."""
        texts = ("Paceline", model, serial, ".".join([str(part) for part in version]))
        for i in range(len(texts)):
            self._ble.gatts_write(self._information[i], texts[i].encode())

    def heart_rate(self, bpm: int, worn: bool) -> None:
        """Notify a measurement."""
        self._measurement[0] = _CONTACT_SUPPORTED | (_CONTACT if worn else 0)
        self._measurement[1] = bpm
        self._tell(self._heart_rate, self._measurement)

    def battery(self, percent: int) -> None:
        """Set the level and notify it when it changed."""
        if self._percent[0] != percent:
            self._percent[0] = percent
            self._tell(self._battery, self._percent)

    def _tell(self, handle: int, value: bytearray) -> None:
        try:
            self._ble.gatts_write(handle, value, True)
        except OSError:
            pass  # no buffer free: the next value comes soon
