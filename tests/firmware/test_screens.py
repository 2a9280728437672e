"""The checked pictures: each screen, rendered by the firmware on MicroPython, is what was looked at and found good."""

import pytest
from firmware.screen_fonts import MODULE, module
from firmware.screen_pictures import PICTURES, Rows, from_png, rendered, to_png
from protocol.micropython_process import micropython

NAMES = sorted(path.stem for path in PICTURES.glob("*.png"))


@pytest.fixture(scope="module")
def scenes() -> dict[str, Rows]:
    return rendered(micropython())


def test_every_scene_has_a_checked_picture(scenes: dict[str, Rows]) -> None:
    assert sorted(scenes) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_looks_as_in_its_checked_picture(scenes: dict[str, Rows], name: str) -> None:
    checked = from_png((PICTURES / f"{name}.png").read_bytes())
    differing = [
        f"row {y}\n{new}\n{old}" for y, (new, old) in enumerate(zip(scenes[name], checked, strict=True)) if new != old
    ]
    assert not differing, f"{name}, rendered above checked:\n" + "\n".join(differing)


def test_pictures_survive_being_written() -> None:
    rows = ["".join("#" if (x * y) % 7 < 3 else "." for x in range(128)) for y in range(64)]
    assert from_png(to_png(rows)) == rows


def test_the_fonts_are_those_of_the_drawings() -> None:
    assert MODULE.read_text() == module()
