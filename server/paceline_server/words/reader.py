"""Who reads what is being written: language, units, first weekday. Set around a page, a letter, a notice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

Made = TypeVar("Made")

LANGUAGES = {"en": "English", "en-US": "English (US)", "de": "Deutsch"}
"""Code → what its speakers call it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody reads; `language` is a key of LANGUAGES, `units` metric or imperial, weekdays count from Monday."""

    language: str = "en"
    units: str = "metric"
    first_weekday: int = 0


USUAL = Reader()
_reader: ContextVar[Reader] = ContextVar("reader", default=USUAL)


def reader() -> Reader:
    """Return who reads; English and metric where nobody was named, as programs get it."""
    return _reader.get()


@contextmanager
def read_by(who: Reader) -> Iterator[None]:
    """Let all words and figures within be for this reader."""
    before = _reader.set(who)
    try:
        yield
    finally:
        _reader.reset(before)


def for_this_reader(make: Callable[..., Made], *given: object) -> Callable[[], Made]:
    """Return a call of `make` that another thread, which knows no reader, does for the present one."""
    who = reader()

    def run() -> Made:
        with read_by(who):
            return make(*given)

    return run


def chosen(told: str, accepted: str) -> str:
    """Return the language that was told; else the best of an Accept-Language header (RFC 9110, 12.5.4); else English.

    A region that we do not have counts as its language. That of the header is left out: a browser in English says
    en-US wherever it is.
    """
    if told in LANGUAGES or told.partition("-")[0] in LANGUAGES:
        return told if told in LANGUAGES else told.partition("-")[0]
    best, best_weight = "en", 0.0
    for part in accepted[:500].split(","):
        code, _, rest = part.strip().partition(";")
        weight = _weight(rest)
        language = code.strip().lower().partition("-")[0]
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def usual_weekday(language: str) -> int:
    """Return the day on which weeks begin where a language is spoken: in the United States on Sunday."""
    return 6 if language == "en-US" else 0


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
