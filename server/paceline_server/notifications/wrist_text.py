"""A notice as the wrist can show it: a short title and a line or two, in the characters that its font has. Pure."""

import unicodedata

from paceline_server.notifications.model import (
    ACHIEVEMENT,
    BEST,
    GEAR,
    GOAL,
    IMPORT,
    INACTIVE,
    MILESTONE,
    PASSED_ON,
    RECOMMENDATION,
    REMINDER,
    UNSYNCED,
)
from paceline_server.words.speech import N_
from paceline_server.words.speech import gettext as _

LONGEST_TITLE, LONGEST_TEXT = 20, 60  # of docs/WRIST.md, NOTICE
SHORT = {
    GOAL: N_("Goal reached"),
    BEST: N_("Personal best"),
    MILESTONE: N_("Milestone"),
    ACHIEVEMENT: N_("Achievement"),
    RECOMMENDATION: N_("Advice"),
    GEAR: N_("Gear is worn out"),
    REMINDER: N_("Reminder"),
    INACTIVE: N_("No workout lately"),
    UNSYNCED: N_("Not synced"),
    IMPORT: N_("Import is done"),
    PASSED_ON: N_("Wearable taken over"),
}
"""Kind → what it is called where there is no room for the title; at most LONGEST_TITLE letters in every language."""
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe"}
    | {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th"}
    | dict.fromkeys('“”„«»"’‘‚`', "'")
    | dict.fromkeys("–—−‐‑", "-")
    | {"×": "x", "·": ".", ";": ",", "&": "+"}
)
_SHAPES = str.maketrans(dict.fromkeys("^_~", " "))  # of the wrist's font, where they are other pictures


def folded(text: str) -> str:
    """Return a text in printable ASCII: umlauts as two letters, others without their marks, what is left without."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_LETTERS))
    letters = "".join(letter if " " <= letter <= "~" else " " if letter.isspace() else "" for letter in plain)
    return " ".join(letters.translate(_SHAPES).split())


def cut(text: str, most: int) -> str:
    """Return a text of at most so many letters, cut between words where that keeps half of it."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    at = kept.rfind(" ")
    kept = kept[:at] if at > most // 2 else kept[: most - 2]
    return kept.rstrip(" ,.:") + ".."


def wrist_words(kind: str, title: str, text: str) -> tuple[str, str]:
    """Return title and text for the wrist; a title that is too long goes before the text, under the kind's name."""
    title, text = folded(title), folded(text)
    if 0 < len(title) <= LONGEST_TITLE:
        return title, cut(text, LONGEST_TEXT)
    return short_title(kind), cut(f"{title}. {text}" if title and text else title or text, LONGEST_TEXT)


def words_for_another(kind: str) -> tuple[str, str]:
    """Return what is told on a wearable that is another's: what it is about, and nothing of it."""
    return short_title(kind), cut(folded(_("More is in your notifications.")), LONGEST_TEXT)


def short_title(kind: str) -> str:
    """Return what a kind is called on the wrist."""
    return folded(_(SHORT[kind]))[:LONGEST_TITLE]
