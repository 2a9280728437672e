"""What the server's answer to a range means (docs/API.md), as a pure function of status, headers and body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

LONGEST_WAIT_S = 3600.0


@dataclass(frozen=True)
class Held:
    """The server holds the journal up to `position`."""

    position: int


@dataclass(frozen=True)
class Gap:
    """The server wants bytes from `expected` first."""

    expected: int


@dataclass(frozen=True)
class Differs:
    """The server holds other bytes from `position` on."""

    position: int


@dataclass(frozen=True)
class TooLarge:
    """The range must be smaller."""


@dataclass(frozen=True)
class Refused:
    """The server understood and does not want this: device or request is wrong; `for_all`: the token is."""

    problem: str
    for_all: bool = False


@dataclass(frozen=True)
class Later:
    """To be tried again; `wait_s` is what the server asks for, or None."""

    problem: str
    wait_s: float | None = None


Answer = Held | Gap | Differs | TooLarge | Refused | Later


def read_answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Return the meaning; whatever makes no sense is a reason to try later, never to go on."""
    table = _table(body)
    if status == 200:
        position = _position(table, "position")
        return Later("the server's answer holds no position") if position is None else Held(position)
    if status == 409:
        expected, differs = _position(table, "expected_position"), _position(table, "position")
        if expected is not None:
            return Gap(expected)
        if table.get("error") == "differs" and differs is not None:
            return Differs(differs)
    if status == 413:
        return TooLarge()
    stated = f"the server answered {status} {_word(table)}".rstrip()
    if status in (408, 425, 429) or status >= 500:
        return Later(stated, _retry_after_s(headers))
    return Refused(stated, for_all=status == 401)


def _table(body: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _position(table: Mapping[str, object], name: str) -> int | None:
    value = table.get(name)
    return value if type(value) is int and 0 <= value <= 0xFFFFFFFF else None


def _word(table: Mapping[str, object]) -> str:
    """Return the error's code if it is one short printable word: it goes into our log."""
    word = table.get("error")
    return word if isinstance(word, str) and len(word) <= 40 and word.replace("_", "").isalnum() else ""


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the wait that RFC 9110, 10.2.3, names: seconds, or a date, which counts from the answer's own date."""
    text = headers.get("Retry-After", "")
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), LONGEST_WAIT_S)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait.total_seconds(), 0.0), LONGEST_WAIT_S)
