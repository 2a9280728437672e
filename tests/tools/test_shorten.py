"""Shortened sources do the same, on the same lines, with fewer names."""

import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from paceline_tools.bench import firmware
from paceline_tools.bench.firmware_world import ADVANCE, RUN, WORLD
from paceline_tools.factory_image import shortened_firmware
from paceline_tools.shorten import shortened
from paceline_tools.stage import SOURCE

CODES = '''"""Constants."""
LOW = 2
HIGH = LOW << 3 | 1  # behind another
NEGATIVE = -HIGH
SHADOWED = 9
TABLE = ("a", "b")
SHOWN = 7
'''
USES = """from pack.codes import HIGH, LOW, SHOWN
from pack import codes
from pack.base import Base

FAR = HIGH * codes.LOW


class Kind(Base):
    def __init__(self, first, named=FAR):
        Base.__init__(self, first)
        self._own = first + LOW
        self._named = named

    def both(self, wanted=0, *rest):
        def inner(first):
            return first + wanted + LOW
        return (self._own, self._kept, inner(wanted), codes.NEGATIVE, [wanted + i for i in rest])

    def text(self, value):
        return f"{SHOWN} {self._named} {value}"


def shadowed(SHADOWED):
    return SHADOWED + 1


def fails(number):
    return 1 // number
"""
BASE = """class Base:
    def __init__(self, kept):
        self._kept = kept
"""
SOURCES = {"pack": "", "pack.codes": CODES, "pack.base": BASE, "pack.uses": USES}


@pytest.fixture
def modules(request: pytest.FixtureRequest) -> Iterator[dict[str, types.ModuleType]]:
    """The pack as modules that really import each other, from the sources that the parameter names."""
    sources = shortened(SOURCES, {"main": "Kind(1, named=3)"}) if request.param == "shortened" else SOURCES
    made: dict[str, types.ModuleType] = {}
    for name, text in sources.items():
        module = types.ModuleType(name)
        module.__dict__["__path__"] = []
        sys.modules[name] = made[name] = module
        exec(compile(text, name, "exec"), module.__dict__)
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, module)
    yield made
    for name in sources:
        del sys.modules[name]


@pytest.mark.parametrize("modules", ["plain", "shortened"], indirect=True)
def test_the_same_comes_out(modules: dict[str, types.ModuleType]) -> None:
    uses = modules["pack.uses"]
    kind = uses.Kind(5, named=9)
    assert kind.both(3, 1, 2) == (7, 5, 8, -17, [4, 5])
    assert kind.text(1) == "7 9 1"
    assert uses.Kind(5).text(1) == "7 34 1"
    assert uses.shadowed(4) == 5


def test_constants_go_and_what_is_left_stays_on_its_line() -> None:
    short = shortened(SOURCES, {"main": "Kind(1, named=3)"})
    assert "LOW" not in short["pack.codes"]
    assert "HIGH" not in short["pack.codes"]
    assert "SHOWN = 7" in short["pack.codes"]  # an f-string of another module shows it
    assert "TABLE" in short["pack.codes"]
    assert "_kept" not in short["pack.base"]
    assert "named" in short["pack.uses"]  # passed by name
    for name, text in SOURCES.items():
        assert len(short[name].splitlines()) == len(text.splitlines())
    last = short["pack.uses"].splitlines()[-1]
    assert last == "    return 1 // p0"


def test_names_of_classes_that_derive_from_each_other_stay_apart() -> None:
    base = shortened(SOURCES, {})["pack.base"].split("self.")[1].split(" ")[0]
    assert f"self.{base} = p1 + " not in shortened(SOURCES, {})["pack.uses"]


def test_the_firmware_shortened_records_the_same_workout(tmp_path: Path) -> None:
    plain = firmware.run(firmware.compile_all(tmp_path / "plain"), "cpu", 60)
    texts = shortened_firmware(users={"world": WORLD + ADVANCE + RUN})
    short = firmware.run(firmware.compile_all(tmp_path / "short", texts), "cpu", 60)
    for same in ("samples", "distance_m", "heart", "cadence", "journal", "programs", "commits"):
        assert short[same] == plain[same], same
    assert sum(map(len, texts.values())) < sum(
        len(path.read_text()) for part in ("firmware", "protocol") for path in (SOURCE / part).rglob("*.py")
    )
