"""What is kept or sent in English, said in the reader's language: it is found again by the words around its figures.

Reasons of imports, findings about a journal, messages of errors: programs and the database have them in English, with
their figures in them. `make words` puts each under the context TOLD into the catalogues, where it has figures; here it
is a pattern. A text that no message made stays as it is.
"""

import re
from functools import cache, lru_cache

from paceline_server.words import quantities
from paceline_server.words.catalogue import catalogue
from paceline_server.words.reader import Reader, reader
from paceline_server.words.speech import look_up, look_up_meaning

TOLD = "told"
_COMPLETE = "de"  # every catalogue has every message; English has none, as it says them itself
_FIGURE = re.compile(r"%\((\w+)\)s")
_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z\d])")
_MEASURED = re.compile(r"(-?[\d,]+(?:\.\d+)?)( km| m)?")


def retold(text: str) -> str:
    """Say a text, or several sentences of such, in the reader's language and units."""
    who = reader()
    return text if who.language.startswith("en") and who.units == "metric" else _retold(text, who)


@lru_cache(4096)
def _retold(text: str, who: Reader) -> str:
    said = _one(text, who)
    if said is not None:
        return said
    parts = _SENTENCES.split(text)
    if len(parts) > 1:
        return " ".join(_retold(part, who) for part in parts)
    if text.endswith(")"):  # a sentence with the place in the file that it is about
        for found in reversed(list(re.finditer(r" \(", text))):
            said = _one(text[: found.start()], who)
            if said is not None:
                return f"{said} ({_retold(text[found.end() : -1], who)})"
    if text.endswith(".") and len(text) > 2:  # a finding, made a sentence
        said = _one(text[0].lower() + text[1:-1], who)
        if said is not None:
            return f"{said[:1].upper()}{said[1:]}."
    return text


def _one(text: str, who: Reader) -> str | None:
    """Return a message said, None where the text is none. Of several sentences none is a figure of the first."""
    known = catalogue(_COMPLETE).forms
    if text in known:
        return look_up(text)
    if len(_SENTENCES.split(text)) > 1:
        parts = [_one(part, who) for part in _SENTENCES.split(text)]
        if None not in parts:
            return " ".join(str(part) for part in parts)
    for pattern, message in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            figures = {name: _figure(value, who) for name, value in found.groupdict().items()}
            return look_up_meaning(TOLD, message) % figures
    return None


def _figure(text: str, who: Reader) -> str:
    found = _MEASURED.fullmatch(text)
    if found is None:
        return _retold(text, who) if " " in text else text
    if found[2] is None or who.units == "metric":
        return quantities.marked(text)
    value = float(found[1].replace(",", ""))
    return str(quantities.distance(1000 * value) if found[2] == " km" else quantities.height(value))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the messages with figures as patterns, those with most words of their own first."""
    messages = [key.partition("\x04")[2] for key in catalogue(_COMPLETE).forms if key.startswith(f"{TOLD}\x04")]
    messages.sort(key=lambda message: -len(_FIGURE.sub("", message)))
    return tuple((re.compile(_pattern(message), re.DOTALL), message) for message in messages)


def _pattern(message: str) -> str:
    parts = _FIGURE.split(message)  # text, name, text, …
    return "".join(
        f"(?P<{part}>.+?)" if at % 2 else re.escape(part.replace("%%", "%")) for at, part in enumerate(parts)
    )
