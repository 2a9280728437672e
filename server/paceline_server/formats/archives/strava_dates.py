"""Dates in Strava's table: in the athlete's language, of UTC."""

import re
from datetime import UTC, datetime

FORMS = (
    "%b %d, %Y, %I:%M:%S %p",
    "%d %b %Y, %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d.%m.%Y, %H:%M:%S",
    "%d/%m/%Y, %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
)
_WORDED = re.compile(r"(\d{1,2})\.?\s+(?:de\s+)?([^\W\d_]{3,})\.?\s+(?:de\s+)?(\d{4})\D{1,6}(\d{1,2}):(\d\d):(\d\d)")
_MONTHS = (
    ("jan", "gen", "ene"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrt", "maa"),
    ("apr", "avr", "abr"),
    ("mai", "may", "mag", "mei", "maj"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic", "des"),
)
"""How months begin in English, German, French, Spanish, Italian, Portuguese, Dutch and the languages of the north."""


def moment_s(text: str) -> float | None:
    """Return the Unix seconds of a date with its time; None for any other text, and for a date alone."""
    plain = " ".join(text.split())  # a narrow space, too, stands before AM and PM
    for form in FORMS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    found = _WORDED.search(plain)
    return _worded_s(found) if found is not None else None


def _worded_s(found: re.Match[str]) -> float | None:
    day, word, year, hour, minute, second = found.groups()
    month = next((at for at, begins in enumerate(_MONTHS, 1) if word.lower().startswith(begins)), None)
    if month is None:
        return None
    try:
        return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC).timestamp()
    except ValueError:
        return None
