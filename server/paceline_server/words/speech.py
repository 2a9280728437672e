"""Messages in the reader's language. In code: `from paceline_server.words.speech import gettext as _`.

A message is written in English where it is said, with figures by name: `_("%(count)s of %(aim)s", count=…, aim=…)`.
A percent sign by itself is written %%. What is said later, or in a table, is marked by `N_` and said by `_`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from paceline_server.words.catalogue import catalogue, key_of
from paceline_server.words.reader import reader


def gettext(message: str, /, **figures: object) -> str:
    """Say a message."""
    return look_up(message) % figures


def ngettext(one: str, many: str, n: int, /, **figures: object) -> str:
    """Say the form that a number asks for; `n` is among the figures, as a whole number."""
    return look_up_number(one, many, n) % {"n": n, **figures}


def pgettext(context: str, message: str, /, **figures: object) -> str:
    """Say a message that has another meaning elsewhere."""
    return look_up_meaning(context, message) % figures


def N_(message: str) -> str:
    """Mark a message that is said elsewhere."""
    return message


@dataclass(frozen=True, slots=True)
class Said:
    """A message with its figures, said only when it is read: `str()` of it is in the reader's language.

    A figure may be one too, or anything whose `str()` depends on the reader.
    """

    message: str
    figures: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return look_up(self.message) % self.figures


@dataclass(frozen=True, slots=True)
class AllSaid:
    """Several sentences, said only when they are read."""

    parts: tuple[Said, ...]

    def __str__(self) -> str:
        return " ".join(str(part) for part in self.parts)


def look_up(message: str) -> str:
    """Return a message in the reader's language, its figures not filled in; the templates' gettext."""
    forms = catalogue(reader().language).forms.get(message)
    return message if forms is None else forms[0]


def look_up_number(one: str, many: str, n: int) -> str:
    """Do as look_up with the form for a number."""
    known = catalogue(reader().language)
    forms = known.forms.get(one)
    if forms is None:
        return one if n == 1 else many
    return forms[min(known.form_of(n), len(forms) - 1)]


def look_up_meaning(context: str, message: str) -> str:
    """Do as look_up for a message in a context."""
    forms = catalogue(reader().language).forms.get(key_of(message, context))
    return message if forms is None else forms[0]
