"""Whether an STL file is a closed surface: each edge belongs to two triangles, which run along it in opposite ways."""

import struct
from collections import Counter

_HEAD, _TRIANGLE = 84, struct.Struct("<12f2x")
_NM = 1e5  # a corner is the same within 10 nm

Corner = tuple[int, int, int]


def open_edges(stl: bytes) -> int:
    """Return how many edges of a binary STL are not closed; ValueError when it is none, or has no triangle."""
    count = struct.unpack_from("<I", stl, 80)[0] if len(stl) >= _HEAD else 0
    if not count or len(stl) != _HEAD + count * _TRIANGLE.size:
        raise ValueError("this is no binary STL")
    balance: Counter[tuple[Corner, Corner]] = Counter()
    for at in range(_HEAD, len(stl), _TRIANGLE.size):
        numbers = _TRIANGLE.unpack_from(stl, at)[3:]
        corners = [_corner(numbers[start : start + 3]) for start in (0, 3, 6)]
        if len(set(corners)) < 3:
            continue  # a triangle without area closes nothing and opens nothing
        for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
            balance[min(one, other), max(one, other)] += 1 if one < other else -1
    return sum(1 for sum_ in balance.values() if sum_)


def _corner(numbers: tuple[float, ...]) -> Corner:
    x, y, z = (round(number * _NM) for number in numbers)
    return x, y, z
