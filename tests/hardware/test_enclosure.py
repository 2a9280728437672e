"""The case's layout keeps its rules, each rule finds its mistake, and the guide's picture is of this case."""

import copy
import struct
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from paceline_tools.enclosure.__main__ import PICTURE, stamp
from paceline_tools.enclosure.layout import DESCRIPTION, case_of, read_case, violations
from paceline_tools.enclosure.mesh import open_edges
from paceline_tools.hardware.description import read_board

RAW = tomllib.loads(DESCRIPTION.read_text())
REFS = {part.ref for part in read_board().parts}


def changed(change: Callable[[dict[str, Any]], object]) -> list[str]:
    raw = copy.deepcopy(RAW)
    change(raw)
    return violations(case_of(raw), REFS)


def test_no_rule_is_broken() -> None:
    assert violations(read_case(), REFS) == []
    assert read_case().outside == pytest.approx((57.2, 53.2, 23.2))


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("U4 has no place", lambda raw: raw["bodies"].pop("U4")),
        ("X1 is no part", lambda raw: raw["bodies"].update(X1=raw["bodies"]["M1"])),
        ("S2 reaches into a wall", lambda raw: raw["bodies"]["S2"].update(at=[24.5, -19.0, 12.8])),
        ("U6 reaches into a rounded corner", lambda raw: raw["bodies"]["U6"].update(at=[-13.2, 11.2, 13.6])),
        ("U6 reaches into floor or lid", lambda raw: raw["bodies"]["U6"].update(at=[-12.9, 10.6, 15.0])),
        ("U3 reaches into floor or lid", lambda raw: raw["bodies"]["U3"].update(at=[0.0, 11.5, -0.5])),
        ("U3 and BT1 are", lambda raw: raw["bodies"]["BT1"].update(at=[11.5, 6.0, 4.0])),
        ("wall of 0.8 mm is thinner", lambda raw: raw["case"].update(wall=0.8)),
        ("usb does not lie before U1", lambda raw: raw["openings"]["usb"].update(at=[-15.0, 7.6])),
        ("sensor is in no wall", lambda raw: raw["openings"]["sensor"].update(wall="roof")),
        ("display cuts into an edge", lambda raw: raw["openings"]["display"].update(size=[30.0, 12.5])),
        ("mm behind start", lambda raw: raw["bodies"]["S1"].update(at=[20.0, -7.0, 12.8])),
        ("the lugs take", lambda raw: raw["strap"].update(width=52.0)),
        ("the lugs are too low", lambda raw: raw["strap"].update(lug_height=3.0)),
        ("something lies above the antenna", lambda raw: raw["bodies"]["AE1"].update(at=[8.0, -15.0, 3.0])),
    ],
)
def test_a_mistake_is_found(said: str, change: Callable[[dict[str, Any]], object]) -> None:
    if said.startswith("something"):  # the button is moved above it
        found = changed(lambda raw: (change(raw), raw["bodies"]["S1"].update(at=[10.0, -15.0, 13.8])))
    else:
        found = changed(change)
    assert any(said in each for each in found), found


def test_the_picture_is_of_this_case() -> None:
    text = PICTURE.read_text()
    assert stamp() in text, "make enclosure"
    assert PICTURE.name in (DESCRIPTION.parents[1] / "docs" / "BUILD.md").read_text()


def stl(triangles: list[list[tuple[float, float, float]]]) -> bytes:
    body = b"".join(struct.pack("<12f2x", 0, 0, 0, *(n for corner in each for n in corner)) for each in triangles)
    return bytes(80) + struct.pack("<I", len(triangles)) + body


def test_an_open_surface_is_seen() -> None:
    a, b, c, d = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
    closed = [[a, c, b], [a, b, d], [b, c, d], [c, a, d]]
    assert open_edges(stl(closed)) == 0
    assert open_edges(stl(closed[:3])) == 3
    assert open_edges(stl([[a, b, c], *closed[1:]])) == 3, "one is turned inside out"
    assert open_edges(stl([*closed, [a, a, b]])) == 0
    for none in (b"", b"solid text", stl(closed)[:-1], stl([])):
        with pytest.raises(ValueError, match="no binary STL"):
            open_edges(none)
