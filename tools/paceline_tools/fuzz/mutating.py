"""Sound inputs, and what is done to them: bits flipped, bytes set, stretches doubled, cut, swapped, absurd numbers.

Containers have check sums, and XML and JSON a grammar, which a blind mutation seldom gets past: so mostly the parts are
mutated and then packed as their format wants them, and of text the numbers, values, elements and lines; else the bytes.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Parts = Mapping[str, bytes]
PACKED_SHARE = 0.3
REARRANGED_SHARE = 0.15
SPLICED_SHARE = 0.1
BLIND_SHARE = 0.35
ABSURD = (b"-1", b"1e308", b"nan", b"99999999999999999999", b"", b"\x00", b"\xff\xff\xff\xff", b"9999-12-31T23:59:60Z")
ABSURD_NUMBERS = (
    b"-1",
    b"1e308",
    b"nan",
    b"99999999999999999999",
    b"",
    b"0",
    b"-0.0",
    b"inf",
    b"1.5",
    b"2024-02-30",
    b"x",
)
ABSURD_VALUES = (
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"true",
    b"-1",
    b"1e308",
    b"1.5",
    b'"x"',
    b"[[]]",
    b"99999999999999999999",
)
_IN_NUMBERS = frozenset(b"0123456789.+-eE")
_FIGURES = frozenset(b"0123456789")
_IN_NAMES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-")


def _alone(parts: Parts) -> bytes:
    return b"".join(parts.values())


@dataclass(frozen=True, slots=True)
class Seed:
    """A sound input: its parts by name, and how they are packed; `whole` is the input itself."""

    parts: Parts
    packed: Callable[[Parts], bytes] = _alone
    whole: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Pack the parts."""
        object.__setattr__(self, "whole", self.packed(self.parts))


def plain(data: bytes) -> Seed:
    """Return a seed of one part, packed in nothing."""
    return Seed({"": data})


def mutated(seeds: Sequence[Seed], dice: random.Random) -> bytes:
    """Return one of the seeds, mutated one to six times."""
    seed = dice.choice(seeds)
    parts: Parts = seed.parts
    packed = seed.packed
    if dice.random() < PACKED_SHARE:
        parts, packed = {"": seed.whole}, _alone
    blind = dice.random() < BLIND_SHARE
    touched = {name: bytearray(data) for name, data in parts.items()}
    names = list(touched)
    for _ in range(dice.randint(1, 6)):
        data = touched[dice.choice(names)]
        if data:
            dice.choice(MUTATIONS if blind or not _is_text(data) else TEXT_MUTATIONS)(data, dice)
    changed = {name: bytes(data) for name, data in touched.items()}
    if len(changed) > 1 and dice.random() < REARRANGED_SHARE:
        changed = _rearranged(changed, dice)
    found = packed(changed)
    if dice.random() < SPLICED_SHARE:
        other, at = dice.choice(seeds).whole, dice.randrange(len(found) + 1)
        found = found[:at] + other[dice.randrange(len(other)) :]
    return found


def _rearranged(parts: Parts, dice: random.Random) -> dict[str, bytes]:
    """Return the parts with one left out, twice there, or in the place of another."""
    changed = dict(parts)
    one, other = dice.sample(list(changed), 2)
    match dice.randrange(3):
        case 0:
            del changed[one]
        case 1:
            changed[f"{one}2"] = changed[one]
        case _:
            changed[one], changed[other] = changed[other], changed[one]
    return changed


def _flip(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _set(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))


def _cut(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    del data[at : at + dice.choice((1, 2, 4, 16, 200, len(data)))]


def _double(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    piece = data[at : at + dice.choice((1, 4, 40, 400))]
    data[at:at] = piece * dice.choice((1, 2, 50))


def _absurd(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at : at + dice.randrange(6)] = dice.choice(ABSURD)


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (_flip, _flip, _set, _set, _cut, _double, _absurd)


def _is_text(data: bytearray) -> bool:
    head = data[:40]
    return head.isascii() and min(head) >= ord("\t")


def _other_figure(data: bytearray, dice: random.Random) -> None:
    begin, _ = _number(data, dice)
    if begin < len(data):
        data[begin] = dice.choice(b"0123456789")


def _other_number(data: bytearray, dice: random.Random) -> None:
    begin, end = _number(data, dice)
    data[begin:end] = dice.choice(ABSURD_NUMBERS)


def _number(data: bytearray, dice: random.Random) -> tuple[int, int]:
    """Return where the next number behind any place begins, and where it ends; both the end where there is none."""
    begin = dice.randrange(len(data))
    while begin < len(data) and data[begin] not in _FIGURES:
        begin += 1
    end = begin
    while end < len(data) and data[end] in _IN_NUMBERS:
        end += 1
    return begin, end


def _other_value(data: bytearray, dice: random.Random) -> None:
    begin = data.find(b":", dice.randrange(len(data))) + 1
    ends = [at for at in (data.find(sign, begin) for sign in (b",", b"}")) if at >= 0]
    if begin and ends:
        data[begin : min(ends)] = dice.choice(ABSURD_VALUES)


def _element(data: bytearray, dice: random.Random) -> None:
    """Leave out or repeat an element; a line where there is none."""
    at = dice.randrange(len(data))
    begin = data.find(b"<", at)
    if begin < 0:
        _line(data, at, dice)
        return
    name_end = begin + 1
    while name_end < len(data) and data[name_end] in _IN_NAMES:
        name_end += 1
    close = b"</" + bytes(data[begin + 1 : name_end]) + b">"
    end = data.find(close, name_end)
    if name_end > begin + 1 and end >= 0:
        _repeated(data, begin, end + len(close), dice)


def _line(data: bytearray, at: int, dice: random.Random) -> None:
    begin, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at) + 1
    if end:
        _repeated(data, begin, end, dice)


def _repeated(data: bytearray, begin: int, end: int, dice: random.Random) -> None:
    piece = bytes(data[begin:end])
    if dice.randrange(3):
        data[end:end] = piece * dice.choice((1, 1, 3, 40))
    else:
        del data[begin:end]


TEXT_MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _other_figure,
    _other_number,
    _other_number,
    _other_value,
    _element,
)
