"""What runs on MicroPython uses only what MicroPython has."""

import pytest
from policy.micropython import constructs_exist, modules_exist
from policy.tree import Rule, Source, assert_holds, select, violations

ON_MICROPYTHON = ("protocol/", "firmware/", "tools/paceline_tools/virtual/board/")


def test_the_modules_exist() -> None:
    assert_holds(modules_exist, select(".py", under=("protocol/", "firmware/")))


def test_the_constructs_exist() -> None:
    assert_holds(constructs_exist, select(".py", under=ON_MICROPYTHON))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (modules_exist, "from typing import Any"),
        (modules_exist, "from collections.abc import Iterator"),
        (constructs_exist, "match x:\n    case 1: pass"),
        (constructs_exist, "def f(a, /): pass"),
        (constructs_exist, "y = [*a, 1]"),
        (constructs_exist, "y = (1, *a)"),
        (constructs_exist, "del buffer[:4]"),
        (constructs_exist, "raise ValueError from error"),
        (constructs_exist, "int.from_bytes(x, 'little', signed=True)"),
        (constructs_exist, "n = x.bit_length()"),
        (constructs_exist, "async def f():\n    async with asyncio.timeout(3): pass"),
        (constructs_exist, "q = asyncio.Queue()"),
    ],
)
def test_what_is_absent_is_found(rule: Rule, text: str) -> None:
    assert len(violations(rule, [Source("firmware/wearable/x.py", text)])) == 1


def test_what_exists_is_let_pass() -> None:
    text = "def f(*a: int, b: list[int] | None = None):\n    first, *rest = a\n    del a[0]\n    raise ValueError\n"
    assert violations(constructs_exist, [Source("firmware/wearable/x.py", text)]) == []
