"""What the wearer may set on the wrist, kept in the NVS as `screen`; user and time zone are kept by users.py."""

import struct

NAME = "screen"
_FORMAT = "<BBB"
_SIZE = 3

BRIGHTNESS, ALWAYS_ON, TIME_ZONE, MAX_HEART_RATE, USER = 0, 1, 2, 3, 4  # rows of the settings' view
ROWS = 5

LOWEST_CONTRAST = 0x08
_LEVELS = (LOWEST_CONTRAST, 0x60, 0xFF)
_WEST, _EAST, _HALF_HOUR = -48, 56, 2  # quarters of an hour: UTC−12 to UTC+14
_SLOWEST, _FASTEST, _STEP_BPM = 140, 220, 5


class Settings:
    """`brightness` 0–2; `always_on` during a workout; `max_heart_rate_bpm` for who has no profile; `users`."""

    def __init__(self, kept, users) -> None:
        self._kept = kept
        self.users = users
        self.brightness = 1
        self.always_on = 0
        self.max_heart_rate_bpm = 190
        data = kept.load(NAME, _SIZE)
        if data:
            brightness, self.always_on, fastest = struct.unpack(_FORMAT, data)
            self.brightness = min(brightness, len(_LEVELS) - 1)
            self.max_heart_rate_bpm = min(max(fastest, _SLOWEST), _FASTEST)

    @property
    def contrast(self) -> int:
        """The display's contrast, 0–255."""
        return _LEVELS[self.brightness]

    def change(self, row: int) -> None:
        """Put a row to its next value; behind the last comes the first. save() keeps it."""
        if row == BRIGHTNESS:
            self.brightness = (self.brightness + 1) % len(_LEVELS)
        elif row == ALWAYS_ON:
            self.always_on ^= 1
        elif row == TIME_ZONE:
            users = self.users
            users.zone_quarters = _next(users.zone_quarters, _HALF_HOUR, _WEST, _EAST)
        elif row == MAX_HEART_RATE:
            self.max_heart_rate_bpm = _next(self.max_heart_rate_bpm, _STEP_BPM, _SLOWEST, _FASTEST)
        elif row == USER:
            self.users.choose_next()

    def save(self) -> None:
        """Keep the values, when they are others than the kept ones: the NVS wears."""
        self.users.keep()
        data = struct.pack(_FORMAT, self.brightness, self.always_on, self.max_heart_rate_bpm)
        if data != self._kept.load(NAME, _SIZE):
            self._kept.save(NAME, data)


def _next(value: int, step: int, lowest: int, highest: int) -> int:
    return value + step if value + step <= highest else lowest
