"""The carrier joins what board.toml joins, its lands lie on it and apart, it fits the case; KiCad saw what is here."""

from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from hardware.kicad_reader import every, only, parsed, point
from paceline_tools.enclosure.layout import read_case
from paceline_tools.hardware.carrier import Lands, read_carrier
from paceline_tools.hardware.description import read_board
from paceline_tools.hardware.kicad_files import SAYS, sums
from paceline_tools.hardware.printed_board import printed_board

BOARD, CARRIER, CASE = read_board(), read_carrier(), read_case()
FILE = parsed(printed_board(BOARD))
EDGE_MM, APART_MM = 0.5, 0.3


def test_the_lands_have_the_nets_of_the_board() -> None:
    nets: dict[str, set[str]] = defaultdict(set)
    for footprint in every(FILE, "footprint"):
        part = CARRIER.lands[footprint[1].removeprefix("paceline:")].part
        for pad in every(footprint, "pad"):
            for net in every(pad, "net"):
                nets[net[2]].add(f"{part}.{pad[1]}")
    assert nets == {net: set(pins) for net, pins in BOARD.nets.items()}


def test_every_pin_has_one_land() -> None:
    lands = [f"{lands.part}.{pin}" for lands in CARRIER.lands.values() for pin, _, _ in lands.places()]
    assert sorted(lands) == sorted(f"{part.ref}.{pin}" for part in BOARD.parts for pin in part.pins)


def test_the_lands_lie_on_the_board_and_apart() -> None:
    half_x, half_y = CARRIER.size[0] / 2 - EDGE_MM, CARRIER.size[1] / 2 - EDGE_MM
    for lands in CARRIER.lands.values():
        left, low, right, high = lands.box()
        assert -half_x <= left and right <= half_x and -half_y <= low and high <= half_y, lands.part
    whole = [lands for lands in CARRIER.lands.values() if lands.gap == 0]
    for one, other in combinations(whole, 2):
        a, b = one.box(), other.box()
        apart = max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3])
        assert one.side != other.side or apart >= APART_MM, f"{one.part} and {other.part}"


def test_it_lies_in_the_case_and_touches_no_part() -> None:
    low, high = CARRIER.underside, CARRIER.underside + CARRIER.thickness
    for ref, body in CASE.bodies.items():
        assert body.high[2] + CASE.clearance <= low or high + CASE.clearance <= body.low[2], ref
    for length, inside in zip(CARRIER.size, CASE.inside[:2], strict=True):
        assert length + 2 * CASE.clearance <= inside


def test_two_rows_are_counted_as_on_a_chip_and_a_row_may_stand() -> None:
    chip = Lands("U1", "back", (0, 0), 2.0, 6.0, False, (1, 1), ("a", "b", "", "d"))
    assert list(chip.places()) == [("a", -1.0, -3.0), ("b", 1.0, -3.0), ("d", -1.0, 3.0)]
    upright = Lands("R1", "front", (5, 5), 2.0, 0.0, True, (1, 2), ("1", "2"))
    assert list(upright.places()) == [("1", 0.0, -1.0), ("2", 0.0, 1.0)]
    assert upright.box() == (4.5, 3.0, 5.5, 7.0)


def test_the_outline_is_closed() -> None:
    ends = [tuple(only(item, end)[1:3]) for kind in ("gr_line", "gr_arc") for item in every(FILE, kind)
            for end in ("start", "end")]  # fmt: skip
    assert len(ends) == 16 and all(ends.count(end) == 2 for end in ends)
    assert point(every(FILE, "footprint")[0])


def test_kicad_found_no_fault_in_the_files_that_are_here() -> None:
    said = SAYS.read_text().splitlines()
    assert said[4:] == sums(), "KiCad saw other files: make kicad"
    assert said[1] == "schematic: 0 errors, 0 warnings"
    assert said[2].startswith("board: 0 violations")
    assert said[3].startswith("SKiDL") and ": 0 errors" in said[3]


@pytest.mark.parametrize("name", ["U9", "U1"])
def test_a_side_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "carrier.toml"
    path.write_text(
        "[outline]\nsize = [1, 1]\nradius = 0\nthickness = 1\nunderside = 0\n"
        f'[lands.{name}]\nside = "under"\nat = [0, 0]\npitch = 1\nsize = [1, 1]\npins = ["1"]\n'
    )
    with pytest.raises(ValueError, match=f"{name} lies at no side"):
        read_carrier(path)
