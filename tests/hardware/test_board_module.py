"""The firmware's board module uses exactly the pins of hardware/board.toml, and its drivers the addresses."""

import ast
from collections.abc import Iterator
from pathlib import Path

from paceline_tools.hardware.description import read_board
from paceline_tools.virtual.settings import BUTTONS, WIRING

ROOT = Path(__file__).parents[2]
BOARD = read_board()
MODULE = ROOT / "firmware" / "boards" / BOARD.name / "board.py"
DRIVERS = {"U3": "max3010x", "U4": "lsm6dsox", "U5": "max17048", "U6": "ssd1306", "U8": "lps22hb"}
BUS_ARGUMENTS = {"scl": "i2c_scl", "sda": "i2c_sda", "tx": "gps_tx", "rx": "gps_rx"}


def pins_of(source: str) -> Iterator[tuple[str, int, set[str]]]:
    """Each pin of a board module: what it is called in board.toml, its GPIO, and the modes it is given."""
    for node in ast.parse(source).body:
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
            continue
        called = ast.unparse(node.value.func)
        if called == "machine.Pin":
            modes = {argument.attr for argument in node.value.args[1:] if isinstance(argument, ast.Attribute)}
            yield ast.unparse(node.targets[0]), number(node.value), modes
        elif called in {"machine.I2C", "machine.UART"}:
            for keyword in node.value.keywords:
                if keyword.arg in BUS_ARGUMENTS:
                    yield BUS_ARGUMENTS[keyword.arg], number(keyword.value), set()


def number(node: ast.expr) -> int:
    value = node.args[0] if isinstance(node, ast.Call) else node
    assert isinstance(value, ast.Constant) and isinstance(value.value, int)
    return value.value


def test_every_pin_of_the_board_module_is_described_and_the_same() -> None:
    used = {name: gpio for name, gpio, _ in pins_of(MODULE.read_text())}
    assert used == {signal.name: signal.gpio for signal in BOARD.signals}


def test_every_pin_is_set_up_as_described() -> None:
    modes = {name: modes for name, _, modes in pins_of(MODULE.read_text()) if modes}
    told = {signal.name: signal for signal in BOARD.signals}
    assert {"start_button", "lap_button", "heart_interrupt", "motion_interrupt", "vibration"} == set(modes)
    for name, given in modes.items():
        assert ("OUT" in given) == (told[name].way == "out"), name
        assert ("PULL_UP" in given) == (told[name].pull == "up"), name


def test_the_bus_runs_as_described() -> None:
    assert f"freq={BOARD.bus.frequency_hz:_}" in MODULE.read_text()


def test_the_drivers_look_for_the_chips_where_they_are() -> None:
    chips = {part.ref: part.i2c_address for part in BOARD.parts if part.i2c_address is not None}
    assert set(chips) == set(DRIVERS)
    for ref, driver in DRIVERS.items():
        source = (ROOT / "firmware" / "wearable" / "drivers" / f"{driver}.py").read_text()
        assert f"0x{chips[ref]:02X}" in source, f"{driver} and {ref} differ"


def test_the_virtual_board_is_wired_the_same() -> None:
    gpio = {signal.name: signal.gpio for signal in BOARD.signals}
    assert WIRING["i2c"] == [gpio["i2c_scl"], gpio["i2c_sda"]]
    assert WIRING["uart"] == [gpio["gps_tx"], gpio["gps_rx"]]
    assert WIRING["pulse_interrupt"] == gpio["heart_interrupt"]
    assert WIRING["motion_interrupt"] == gpio["motion_interrupt"]
    assert {"start": gpio["start_button"], "lap": gpio["lap_button"]} == BUTTONS


def test_a_pin_that_differs_is_seen() -> None:
    moved = MODULE.read_text().replace("machine.Pin(8,", "machine.Pin(9,")
    assert ("heart_interrupt", 9) in {(name, gpio) for name, gpio, _ in pins_of(moved)}
