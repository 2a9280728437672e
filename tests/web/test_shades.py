"""The ramp of colours for values along a route, and what has which class: told apart by every eye. Pure."""

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest
from paceline_server.pages.route_picture import coloured_picture
from paceline_server.pages.shading import SHADES, Shading, chosen_of, shadings

TOKENS = Path(__file__).parents[2] / "server" / "web" / "src" / "tokens.css"
LEAST_CONTRAST = 3.0  # WCAG 2.2, 1.4.11
LEAST_STEP = 7.0  # CIE76 between neighbours; 2.3 is just noticeable
# Machado, Oliveira, Fernandes (2009), severity 1.0; None: every cone.
EYES = {
    None: ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Linear = tuple[float, ...]


def linear(colour: str) -> Linear:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def luminance(colour: Linear) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def lab(colour: Linear) -> Linear:
    x, y, z = (
        sum(a * b for a, b in zip(row, colour, strict=True))
        for row in ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8728))
    )
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (max(x, 0), max(y, 0), max(z, 0)))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_ramp_stands_out_and_its_neighbours_are_told_apart_by_every_eye(scheme: int) -> None:
    part = TOKENS.read_text("utf-8").split("@media (prefers-color-scheme: dark)")[scheme]
    named = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", part))
    ramp = [linear(named[f"--shade-{number}"]) for number in range(SHADES)]
    for ground in ("--ground", "--card"):
        for shade in ramp:
            low, high = sorted((luminance(shade), luminance(linear(named[ground]))))
            assert (high + 0.05) / (low + 0.05) >= LEAST_CONTRAST
    lightness = [lab(shade)[0] for shade in ramp]
    assert sorted(lightness, reverse=scheme == 0) == lightness
    for eye, matrix in EYES.items():
        seen = [lab(tuple(sum(a * b for a, b in zip(row, one, strict=True)) for row in matrix)) for one in ramp]
        assert min(math.dist(a, b) for a, b in pairwise(seen)) >= LEAST_STEP, eye


def test_classes_part_the_middle_of_the_values_evenly_and_say_so() -> None:
    columns = {"speed_m_s": [0.0, None, *(2 + n / 100 for n in range(201))], "heart_rate_bpm": [150.0] * 203}
    pace, heart = shadings(columns, "running")
    assert (pace.key, pace.name, len(pace.bounds)) == ("pace", "Pace", SHADES - 1)
    assert pace.bounds[0] > 2 and pace.bounds[-1] < 4
    assert pace.labels == ("7:56", "5:14", "4:16 /km")
    assert [pace.shade(value) for value in (None, 0, 3, 99)] == [None, 0, SHADES // 2, SHADES - 1]
    assert heart.labels == ("143", "151", "157 bpm")  # all the same: still a scale
    assert [chosen_of(asked, (pace, heart)) for asked in ("heart", "nonsense", "plain")] == [heart, pace, None]


def test_each_line_has_the_class_of_its_end_and_lines_of_one_class_are_one_path() -> None:
    shading = Shading("heart", "Heart rate", "heart_rate_bpm", (100, 110, 120, 130, 140, 150), ("", "", ""))
    places = [46 + n / 1000 for n in range(5)]
    picture = coloured_picture(places, [7.0] * 5, [90, 90, 155, None, 95], shading)
    assert picture is not None
    assert {name: (path.count("M"), path.count("L")) for name, path in picture.strands} == {
        "shade-0": (2, 2),
        "shade-6": (1, 1),
        "shade-none": (1, 1),
    }
    assert coloured_picture([46.0, None], [7.0, None], [90, 90], shading) is None
