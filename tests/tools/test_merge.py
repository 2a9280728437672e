"""Merged sources do the same, hold only what is reached, and know where each line came from."""

import sys
import traceback
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from paceline_tools import line_origins
from paceline_tools.bench import firmware
from paceline_tools.shorten.merge import Merged, merged
from paceline_tools.shorten.pieces import MergeError

START = '''"""Where it begins."""

import struct

from . import codes
from .base import Base, twice as doubled


class Kind(Base):
    """A class with a method that nobody calls."""

    FIRST = codes.FIRST

    def size(self, *counts):
        """Say something."""
        total = [count for count in counts if count > codes.FIRST]
        return struct.calcsize("<I") + sum(total) + self.kept()

    def unheard(self):
        return codes.ONLY_THERE

    def __len__(self):
        return doubled(4)


def run(codes_there, wish=codes.FIRST):
    kind = Kind()
    first, second = second_of(), wish
    text = f"{codes.NAME} {first} {kind.FIRST!r}"
    return kind.size(1, 2, 3), len(kind), text, [first for first in (second, codes_there)], scan()


def second_of():
    from .late import Late

    return Late().value()


def scan():
    global found
    found = 3
    return found


found = 0


def nobody():
    return codes.FIRST


def fails():
    kind = Kind()
    return kind.size(
        1,
    ) // (0)
'''
CODES = """FIRST, NAME = 2, "pack"
ONLY_THERE = [1]
if FIRST == 2:
    NAME = "pack of two"
"""
BASE = """def kept(self):
    return 7


class Base:
    def kept(self):
        return kept(self)


def twice(value):
    return 2 * value
"""
LATE = """from pack.codes import FIRST


class Late:
    def value(self):
        return only_here() + FIRST


def only_here():
    return 40
"""
SOURCES = {"pack": "", "pack.start": START, "pack.codes": CODES, "pack.base": BASE, "pack.late": LATE}
ENTRY = {"main": "from pack.start import run, fails\nrun(1)"}
CAME_OUT = ((14, 8, "pack of two 42 2", [2, 9], 3), 0)


def _made() -> Merged:
    return merged(SOURCES, ENTRY, {})


def _loaded(texts: dict[str, str]) -> dict[str, types.ModuleType]:
    made: dict[str, types.ModuleType] = {}
    for name in texts:
        sys.modules[name] = made[name] = types.ModuleType(name)
        made[name].__dict__.update(__path__=[], __package__=name if name == "pack" else "pack")
    # Whom others need comes first: here the entry last, and what is imported late before it.
    for name in sorted(texts, key=lambda name: (name == "pack.start", name == "pack.late", name)):
        exec(compile(texts[name], name, "exec"), made[name].__dict__)
        if name != "pack":
            setattr(made["pack"], name.split(".")[1], made[name])
    return made


@pytest.fixture(params=["plain", "merged"])
def start(request: pytest.FixtureRequest) -> Iterator[types.ModuleType]:
    texts = {"pack": ""} | _made().texts if request.param == "merged" else dict(SOURCES)
    before = set(sys.modules)
    if request.param == "merged":
        made = {name: types.ModuleType(name) for name in texts}
        sys.modules.update(made)
        made["pack"].__dict__["__path__"] = []
        for name in sorted(texts, key=lambda name: name != "pack.start"):
            exec(compile(texts[name], name, "exec"), made[name].__dict__)
    else:
        made = _loaded(texts)
    yield made["pack.start"]
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_the_same_comes_out(start: types.ModuleType) -> None:
    assert (start.run(9), 0) == CAME_OUT


def test_what_nobody_reaches_is_gone_and_what_is_imported_late_stays_apart() -> None:
    texts = _made().texts
    assert set(texts) == {"pack.start", "pack.late"}
    assert "unheard" not in texts["pack.start"] and "[1]" not in texts["pack.start"]
    assert "__len__" in texts["pack.start"]
    assert "40" in texts["pack.late"] and "40" not in texts["pack.start"]
    assert "nobody" not in " ".join(_made().places)
    assert '"""' not in texts["pack.start"] and "Say" not in texts["pack.start"]


def test_users_are_told_where_things_lie() -> None:
    user = "def main():\n    from pack.start import scan\n    from pack import codes\n    return scan()\n"
    made = merged(SOURCES, ENTRY, {"user": user})
    place, name = made.places["pack.start:scan"]
    assert made.importing(user) == f"def main():\n    from {place} import {name} as scan\n    pass\n    return scan()\n"


@pytest.mark.parametrize("start", ["merged"], indirect=True)
def test_a_traceback_is_told_in_lines_of_the_sources(start: types.ModuleType) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        start.fails()
    told = "".join(traceback.format_exception(raised.value))
    told = line_origins.translated(told, line_origins.read(line_origins.written(_made().lines)))
    fails = START.splitlines().index("    return kind.size(") + 1
    assert f'File "pack/start.py", line {fails}, in' in told, told


def test_a_line_that_is_not_known_stays_as_it_is() -> None:
    told = 'File "wearable/app.py", line 9, in run\nFile "main.py", line 2\n'
    assert line_origins.translated(told, {"wearable/app.py": [("wearable.recorder", 3), None]}) == told
    there = line_origins.translated(told, {"wearable/app.py": [("wearable.recorder", 3)] + [None] * 20})
    assert there.splitlines()[0] == 'File "wearable/recorder.py", line 3, in run'


def test_what_cannot_be_merged_is_refused() -> None:
    with pytest.raises(MergeError, match=r"pack\.start uses the module codes itself"):
        merged({"pack": "", "pack.codes": "A = 1", "pack.start": "from . import codes\nrun = codes"}, ENTRY, {})
    with pytest.raises(MergeError, match=r"has no run"):
        merged({"pack": "", "pack.start": "A = 1"}, ENTRY, {})
    other = {"pack.codes": "from os import path\ndef a(): return path", "pack": ""}
    with pytest.raises(MergeError, match="path means two things"):
        start = "from sys import path\nfrom .codes import a\ndef run(): return path, a\ndef fails(): pass"
        merged(other | {"pack.start": start}, ENTRY, {})


def test_two_names_given_at_once_stay_no_tuple() -> None:
    made = merged({"pack.start": "def run(a, b):\n    a, b = b, a\n    return a\nfails = 1\n"}, ENTRY, {})
    assert "a, b = b, a" in made.texts["pack.start"]  # (b, a) would take a tuple from the heap on MicroPython


ATTRIBUTES = """import struct


class First:
    usual = 3
    more = usual + 1

    def __init__(self):
        self.one, self.two, self.told, self.count = 1, 2, 5, 0

    @property
    def doubled(self):
        return 2 * self.one

    @doubled.setter
    def doubled(self, value):
        self.one = value // 2


class Second(First):
    def __init__(self):
        First.__init__(self)
        self.three = 3


class Apart:
    def __init__(self, of):
        self.four, self.of = 4, of
        self.append = 6

    def calcsize(self):
        return self.four + struct.calcsize("<H")


def run():
    second = Second()
    second.doubled = 8
    apart = Apart(second)
    apart.of.two += 1
    values = [second.one, second.two, second.three, second.doubled, second.more, apart.of.two, getattr(second, "told")]
    return values, apart.four, apart.calcsize(), apart.append, [].count(1)


fails = 1
"""


def test_attributes_that_never_meet_share_a_name_and_those_of_others_stay() -> None:
    text = merged({"pack.start": ATTRIBUTES}, ENTRY, {}).texts["pack.start"]
    plain: dict[str, object] = {}
    short: dict[str, object] = {}
    exec(ATTRIBUTES, plain)
    exec(text, short)
    assert short["run"]() == plain["run"]() == ([4, 3, 3, 8, 4, 3, 5], 4, 6, 6, 0)  # type: ignore[operator]
    for name in ("told", "append", "calcsize", "count"):
        assert name in text, name
    names = ("one", "two", "three", "doubled", "usual", "more", "four", "of")
    left = [name for name in names if f".{name}" in text or f" {name} =" in text or f"def {name}" in text]
    assert len(left) == 6, left  # the family of First has six, Apart borrows two of them


def test_the_firmware_merged_records_the_same_workout(tmp_path: Path) -> None:
    plain = firmware.run(firmware.compile_all(tmp_path / "plain"), "heap", 60)
    there = firmware.run(firmware.in_place(tmp_path / "merged"), "heap", 60)
    for same in ("samples", "distance_m", "heart", "cadence", "journal", "programs", "commits"):
        assert there[same] == plain[same], same
    assert there["live"] * 2 < plain["live"]
