"""The world around a board as the host knows it: its time, which goes on without power, and the flash's life."""

import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FlashLife:
    """Of one partition: programs and erases so far, and programmings that asked a 0 to become 1."""

    operations: int = 0
    violations: int = 0


@dataclass(frozen=True)
class Picture:
    """What a display of 128 × 64 pixels shows: 1024 bytes in the SSD1306's order, and whether it is lit at all.

    `ram` is empty where no display is fitted; `written` counts the data bytes that it was sent since power-on.
    """

    lit: bool
    ram: bytes
    written: int


class World:
    """UTC of the virtual world, carried on over a board's outages; it never goes back.

    `reported_utc_s` is the last moment that a board told; the last word of a power cut or reset is exact. `pictures` of
    the display are kept by number until they are taken.
    """

    def __init__(self, utc_s: float, speed: float) -> None:
        self.speed = speed
        self.flash: dict[str, FlashLife] = {}
        self.pictures: dict[int, Picture] = {}
        self.reported_utc_s = float(utc_s)
        self._utc_s = float(utc_s)
        self._heard_s = time.monotonic()
        self._on = False

    def utc_s(self) -> float:
        """The world's time as last reported."""
        return self._utc_s

    def set_speed(self, speed: float) -> None:
        """Remember the speed for the next boot."""
        self.speed = speed

    def switch_on(self) -> None:
        """The board's clock runs from now on."""
        self._on = True
        self._heard_s = time.monotonic()

    def heard(self, report: dict[str, Any]) -> None:
        """Take a board's report."""
        self._utc_s = self.reported_utc_s = report["utc_us"] / 1_000_000
        self._heard_s = time.monotonic()
        self.flash = {label: FlashLife(*numbers) for label, numbers in report["flash"].items()}
        if "picture" in report:
            seen = report["picture"]
            self.pictures[seen["number"]] = Picture(seen["lit"], bytes.fromhex(seen["ram"]), seen["written"])

    def lose_power(self, outage_s: float) -> None:
        """The board is off: its unreported last moments and the outage pass, so that time never goes back."""
        if self._on:
            self._utc_s += (time.monotonic() - self._heard_s) * self.speed
        self._utc_s += outage_s
        self._on = False
