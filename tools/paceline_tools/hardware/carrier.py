"""hardware/carrier.toml: the outline of a first printed board, and where the lands of each part lie on it. Millimetres.

x lies along the arm and y along the strap, as in enclosure.toml; the board's middle is x = y = 0.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline_tools.stage import SOURCE

CARRIER = SOURCE / "hardware" / "carrier.toml"
SIDES = ("front", "back")


@dataclass(frozen=True)
class Lands:
    """The lands of one part on one side: one row of pins, or two with a gap between them.

    Pins of two rows are counted as on a chip: along the lower row, and back along the upper one. "" is no land.
    """

    part: str
    side: str
    at: tuple[float, float]
    pitch: float
    gap: float
    upright: bool
    size: tuple[float, float]
    pins: tuple[str, ...]

    def places(self) -> Iterator[tuple[str, float, float]]:
        """Yield each pin with the middle of its land, as from the middle of all of them."""
        rows = [self.pins] if self.gap == 0 else [self.pins[: len(self.pins) // 2], self.pins[len(self.pins) // 2 :]]
        for number, row in enumerate(rows):
            across = 0.0 if len(rows) == 1 else (number - 0.5) * self.gap
            for index, pin in enumerate(reversed(row) if number else row):
                along = (index - (len(row) - 1) / 2) * self.pitch
                if pin:
                    yield (pin, across, along) if self.upright else (pin, along, across)

    def box(self) -> tuple[float, float, float, float]:
        """Return the least rectangle around its lands, on the board: left, low, right, high."""
        places = list(self.places())
        wide, high = self.size[0] / 2, self.size[1] / 2
        x, y = self.at
        return (
            x + min(place[1] for place in places) - wide, y + min(place[2] for place in places) - high,
            x + max(place[1] for place in places) + wide, y + max(place[2] for place in places) + high,
        )  # fmt: skip


@dataclass(frozen=True)
class Carrier:
    """The board: its size, its corners' radius, its thickness, where its underside lies in the case, and its lands."""

    size: tuple[float, float]
    radius: float
    thickness: float
    underside: float
    lands: Mapping[str, Lands]


def read_carrier(path: Path = CARRIER) -> Carrier:
    """Read the description; KeyError, TypeError and ValueError as they come from a file that is none."""
    raw = tomllib.loads(path.read_text())
    outline = raw["outline"]
    return Carrier(
        _pair(outline["size"]), outline["radius"], outline["thickness"], outline["underside"],
        {name: _lands(name, fields) for name, fields in raw["lands"].items()},
    )  # fmt: skip


def _lands(name: str, raw: Mapping[str, Any]) -> Lands:
    if raw["side"] not in SIDES:
        raise ValueError(f"{name} lies at no side {raw['side']!r}")
    return Lands(
        raw.get("of", name), raw["side"], _pair(raw["at"]), raw["pitch"], raw.get("gap", 0.0),
        raw.get("upright", False), _pair(raw["size"]), tuple(raw["pins"]),
    )  # fmt: skip


def _pair(values: list[float]) -> tuple[float, float]:
    x, y = values
    return float(x), float(y)
