"""No prints, no fakes of our own code, no notes to later, nothing of this machine."""

import pytest
from policy.habits import (
    fakes_nothing_of_ours,
    leaves_nothing_for_later,
    loses_no_cancellation,
    names_no_machine,
    prints_nothing,
)
from policy.tree import Rule, Source, assert_holds, select, violations

TEXT = (
    ".py",
    ".ts",
    ".css",
    ".mjs",
    ".html",
    ".j2",
    ".md",
    ".toml",
    ".json",
    ".txt",
    ".in",
    "Makefile",
    ".npmrc",
    "run",
    "compile",
)


def test_only_command_lines_print() -> None:
    assert_holds(prints_nothing, select(".py", under=("protocol/", "firmware/", "gateway/", "server/", "tools/")))


def test_no_test_patches_our_own_code() -> None:
    assert_holds(fakes_nothing_of_ours, select(".py", under=("tests/",)))


def test_who_is_cancelled_while_waiting_ends() -> None:
    assert_holds(loses_no_cancellation, select(".py", under=("gateway/", "server/", "tools/")))


def test_nothing_is_left_for_later() -> None:
    assert_holds(leaves_nothing_for_later, select(*TEXT))


def test_no_file_names_a_machine_or_a_registry() -> None:
    assert_holds(names_no_machine, select(*TEXT))


# In pieces, so that this file passes the rules that it tests.
LATER, PLACE, HOST = "TO" + "DO", "/wo" + "rk/main", "py" + "pi.org"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (prints_nothing, "x = 1\nprint(x)"),
        (fakes_nothing_of_ours, "from unittest import mock"),
        (fakes_nothing_of_ours, "import unittest.mock"),
        (fakes_nothing_of_ours, "from unittest.mock import patch"),
        (fakes_nothing_of_ours, "from pytest_mock import MockerFixture"),
        (fakes_nothing_of_ours, "from paceline_server import app\ndef test(m):\n    m.setattr(app, 'x', 1)"),
        (
            fakes_nothing_of_ours,
            "import paceline_server.app\ndef test(m):\n    m.setattr(paceline_server.app.y, 'x', 1)",
        ),
        (fakes_nothing_of_ours, "def test(m):\n    m.setattr('paceline_server.app.x', 1)"),
        (loses_no_cancellation, "import asyncio\nasync def f(x):\n    await asyncio.wait_for(x, 1)"),
        (leaves_nothing_for_later, f"x = 1  # {LATER}: later"),
        (leaves_nothing_for_later, "# see issue" + " 12"),
        (names_no_machine, f"cd {PLACE}"),
        (names_no_machine, f"https://{HOST}/simple"),
    ],
)
def test_a_bad_habit_is_found(rule: Rule, text: str) -> None:
    assert len(violations(rule, [Source("server/paceline_server/x.py", text)])) == 1


@pytest.mark.parametrize(
    "text", ["import os\ndef test(m):\n    m.setattr(os, 'sep', 1)", "def test(m):\n    m.setenv('A', 'paceline_')"]
)
def test_a_fake_of_the_outside_is_let_pass(text: str) -> None:
    assert violations(fakes_nothing_of_ours, [Source("tests/x.py", text)]) == []
