"""The circuit of hardware/board.toml keeps every rule, and each rule finds the mistake it is there for."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from paceline_tools.hardware.description import DESCRIPTION, DescriptionError, board_of, read_board
from paceline_tools.hardware.rules import bus_pf, peak_ma, pull_up_ohm, violations

RAW = tomllib.loads(DESCRIPTION.read_text())


def changed(change: Callable[[dict[str, Any]], object]) -> list[str]:
    """What the rules say of the board with one change made to its tables."""
    raw = copy.deepcopy(RAW)
    change(raw)
    return violations(board_of(raw))


def part(raw: dict[str, Any], ref: str) -> dict[str, Any]:
    return next(each for each in raw["parts"] if each["ref"] == ref)


def swap(net: str, was: str, becomes: str) -> Callable[[dict[str, Any]], object]:
    return lambda raw: raw["nets"][net].__setitem__(raw["nets"][net].index(was), becomes)


def test_no_rule_is_broken() -> None:
    assert violations(read_board()) == []


def test_the_bus_and_the_peaks_are_what_they_add_up_to() -> None:
    board = read_board()
    assert pull_up_ohm(board) == pytest.approx(1 / (1 / 4700 + 4 / 10000))
    assert bus_pf(board) == 60 + 6 * 10
    assert peak_ma(board, "BAT") == pytest.approx(peak_ma(board, "3V3") + 51 * 1.96 + 1)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("pins_exist", swap("START", "S1.1", "S9.1")),
        ("pins_exist", lambda raw: part(raw, "U4")["pins"].update(INT1="out")),
        ("pins_exist", lambda raw: raw["parts"].append(part(raw, "S1"))),
        ("pins_are_wired_once", lambda raw: raw["nets"]["LAP"].append("S1.1")),
        ("pins_are_wired_once", lambda raw: raw["nets"]["HEART_INT"].remove("U3.INT")),
        ("pins_are_wired_once", lambda raw: raw["nets"]["START"].append("U1.D10")),
        ("signals_are_wired", lambda raw: raw["signals"]["lap_button"].update(pin="D0")),
        ("signals_are_wired", lambda raw: raw["signals"].pop("vibration")),
        ("reserved_pins_stay_free", lambda raw: raw["signals"]["heart_interrupt"].update(pin="D2")),
        ("reserved_pins_stay_free", lambda raw: raw["module"]["gpio"].update(D9=19)),
        ("reserved_pins_stay_free", lambda raw: raw["module"]["gpio"].update(D9=33)),
        ("addresses_are_distinct", lambda raw: part(raw, "U8").update(i2c=0x57)),
        ("addresses_are_distinct", lambda raw: part(raw, "U8").update(i2c=0x78)),
        ("addresses_are_distinct", lambda raw: raw["nets"]["SDA"].remove("U6.SDA")),
        ("pull_ups_are_plausible", lambda raw: part(raw, "U3").update(i2c_pull_up_ohm=1000)),
        ("pull_ups_are_plausible", lambda raw: raw["i2c"].update(wire_pf=300)),
        ("pull_ups_are_plausible", lambda raw: [each.pop("i2c_pull_up_ohm", 0) for each in raw["parts"]]),
        ("parts_stand_their_supply", lambda raw: part(raw, "U2")["supply"].update(net="BAT")),
        ("parts_stand_their_supply", lambda raw: raw["supplies"]["5V_LED"].update(volts=[4.2, 5.1])),
        ("supplies_suffice", lambda raw: raw["supplies"]["3V3"].update(limit_ma=300)),
        ("supplies_suffice", lambda raw: raw["cell"].update(capacity_mah=180)),
        ("supplies_suffice", lambda raw: raw["module"].update(charge_ma=370)),
        ("supplies_suffice", lambda raw: raw["supplies"]["5V_LED"].update({"from": "U1.5V"})),
        ("pins_agree", lambda raw: raw["nets"]["5V_LED"].append("BT1.+")),
        ("pins_agree", lambda raw: raw["nets"]["GPS_RX"].append("U4.INT1")),
        ("pins_agree", lambda raw: raw["nets"].update({"5V_LED": ["U3.5V", "D1.A"]})),
        ("parts_can_be_bought", lambda raw: part(raw, "U2").update(sources=["one shop"])),
    ],
)
def test_a_mistake_is_found(rule: str, change: Callable[[dict[str, Any]], object]) -> None:
    assert any(said.startswith(f"{rule}: ") for said in changed(change)), changed(change)


def test_a_description_that_is_none_is_refused() -> None:
    with pytest.raises(DescriptionError, match="'module'"):
        board_of({})
    raw = copy.deepcopy(RAW)
    raw["i2c"]["speed"] = 1
    with pytest.raises(DescriptionError, match="speed"):
        board_of(raw)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Any) -> None:
    (tmp_path / "board.toml").write_text("board = [")
    with pytest.raises(DescriptionError, match=r"board\.toml"):
        read_board(tmp_path / "board.toml")
