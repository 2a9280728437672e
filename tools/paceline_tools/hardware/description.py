"""hardware/board.toml as objects: the module, signals, parts, nets, supplies and currents."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline_tools.stage import SOURCE

DESCRIPTION = SOURCE / "hardware" / "board.toml"


class DescriptionError(Exception):
    """The file is no description of a board; the text says what and where."""


@dataclass(frozen=True)
class Feed:
    """What a part takes from a supply: the net, by which pin (None: any), the volts it stands, its peak there."""

    net: str
    volts: tuple[float, float]
    peak_ma: float
    pin: str | None


@dataclass(frozen=True)
class Part:
    """One part of the circuit; `pins` name their electrical type in KiCad's words."""

    ref: str
    name: str
    value: str
    maker: str
    price_eur: float
    sources: tuple[str, ...]
    equivalent: str
    optional: bool
    pins: Mapping[str, str]
    unconnected: frozenset[str]
    feeds: tuple[Feed, ...]
    i2c_address: int | None
    i2c_pull_up_ohm: int | None


@dataclass(frozen=True)
class Supply:
    """A net that feeds others: the pin it comes from, its volts, its limit, and what its current costs another."""

    net: str
    comes_from: str
    volts: tuple[float, float]
    limit_ma: float
    drawn_from: str | None
    ratio: float


@dataclass(frozen=True)
class Signal:
    """A pin of the firmware's board module: the pin of the module, its GPIO, and what it is."""

    name: str
    pin: str
    gpio: int
    way: str
    pull: str | None
    says: str


@dataclass(frozen=True)
class Current:
    """What something draws, in milliampere at the cell, and where that is from."""

    ma: float
    of: str
    source: str


@dataclass(frozen=True)
class Watch:
    """A watch that can be bought, and how many hours it is said to record with GPS and heart rate."""

    name: str
    hours: float
    source: str


@dataclass(frozen=True)
class Bus:
    """The I2C bus: its nets, its supply, its frequency, and the wires' capacitance in picofarad."""

    sda: str
    scl: str
    supply: str
    frequency_hz: int
    wire_pf: float


@dataclass(frozen=True)
class Module:
    """The processor's module: which GPIOs it has on pins, and which of them are not free."""

    ref: str
    chip: str
    flash_bytes: int
    gpio: Mapping[str, int]
    strapping: frozenset[int]
    usb: frozenset[int]
    in_package: frozenset[int]
    charge_ma: float


@dataclass(frozen=True)
class Cell:
    """The battery, and how fast it may be charged and emptied, in multiples of its capacity per hour."""

    ref: str
    capacity_mah: float
    largest_charge_c: float
    largest_discharge_c: float


@dataclass(frozen=True)
class Board:
    """Everything in the file."""

    name: str
    module: Module
    signals: tuple[Signal, ...]
    bus: Bus
    supplies: tuple[Supply, ...]
    cell: Cell
    parts: tuple[Part, ...]
    nets: Mapping[str, tuple[str, ...]]
    currents: Mapping[str, Current]
    watches: tuple[Watch, ...]

    def part(self, ref: str) -> Part:
        """Return the part of that reference; KeyError without one."""
        return next((part for part in self.parts if part.ref == ref), None) or _absent(ref)

    def net_of(self, pin: str) -> str | None:
        """Return the net on which a pin ("U1.D4") lies."""
        return next((net for net, pins in self.nets.items() if pin in pins), None)


def _absent(ref: str) -> Part:
    raise KeyError(ref)


def read_board(path: Path = DESCRIPTION) -> Board:
    """Read a description; DescriptionError when it is none. Whether the circuit is sound is for rules.py."""
    try:
        return board_of(tomllib.loads(path.read_text()))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DescriptionError(f"{path.name}: {error}") from error


def board_of(raw: Mapping[str, Any]) -> Board:
    """Return the board of a file's tables; DescriptionError names what is missing or of a wrong shape."""
    try:
        gpio = raw["module"]["gpio"]
        return Board(
            raw["board"],
            _module(raw["module"]),
            tuple(_signal(name, fields, gpio) for name, fields in raw["signals"].items()),
            Bus(**raw["i2c"]),
            tuple(_supply(net, fields) for net, fields in raw["supplies"].items()),
            Cell(**raw["cell"]),
            tuple(_part(fields) for fields in raw["parts"]),
            {net: tuple(pins) for net, pins in raw["nets"].items()},
            {name: Current(**fields) for name, fields in raw["currents"].items()},
            tuple(Watch(**fields) for fields in raw["watches"]),
        )
    except KeyError as error:
        raise DescriptionError(f"the board has no {error}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise DescriptionError(f"the board is written otherwise: {error}") from error


def _module(raw: Mapping[str, Any]) -> Module:
    return Module(
        raw["ref"], raw["chip"], raw["flash_bytes"], dict(raw["gpio"]), frozenset(raw["strapping"]),
        frozenset(raw["usb"]), frozenset(raw["in_package"]), raw["charge_ma"],
    )  # fmt: skip


def _signal(name: str, raw: Mapping[str, Any], gpio: Mapping[str, int]) -> Signal:
    return Signal(name, raw["pin"], gpio[raw["pin"]], raw["way"], raw.get("pull"), raw["says"])


def _supply(net: str, raw: Mapping[str, Any]) -> Supply:
    low, high = raw["volts"]
    return Supply(net, raw["from"], (low, high), raw["limit_ma"], raw.get("drawn_from"), raw.get("ratio", 1.0))


def _feed(raw: Mapping[str, Any]) -> Feed:
    low, high = raw["volts"]
    return Feed(raw["net"], (low, high), raw["peak_ma"], raw.get("pin"))


def _part(raw: Mapping[str, Any]) -> Part:
    feeds = tuple(_feed(raw[key]) for key in ("supply", "second_supply") if key in raw)
    return Part(
        raw["ref"], raw["name"], raw["value"], raw["maker"], raw["price_eur"], tuple(raw["sources"]),
        raw["equivalent"], raw.get("optional", False), dict(raw.get("pins", {})),
        frozenset(raw.get("unconnected", ())), feeds, raw.get("i2c"), raw.get("i2c_pull_up_ohm"),
    )  # fmt: skip
