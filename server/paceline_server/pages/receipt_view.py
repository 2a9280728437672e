"""The receipt in words."""

from dataclasses import dataclass

from paceline_server.formats.receipt import Receipt
from paceline_server.words.quantities import count
from paceline_server.words.retold import retold
from paceline_server.words.speech import gettext as _


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """`state` is "whole", "open" (still recording) or "broken"; lines are pairs of name and value, with a key."""

    state: str
    headline: str
    explanation: str
    lines: tuple[tuple[str, str, str], ...]
    problems: tuple[str, ...]


def receipt_view(receipt: Receipt, *, live: bool) -> ReceiptView:
    """Say what a receipt means."""
    lines = (
        ("recorded", _("Recorded"), count(receipt.recorded) if receipt.recorded is not None else "…"),
        ("received", _("Received"), count(receipt.received)),
        ("gaps", _("Gaps"), count(len(receipt.gaps))),
        ("sealed", _("Sealed"), _("yes") if receipt.sealed else _("not yet") if live else _("no")),
    )
    if live and not receipt.problems and not receipt.gaps:
        return ReceiptView(
            "open", _("Recording…"), _("Samples arrive while you move. The seal is set when you finish."), lines, ()
        )
    if receipt.whole:
        return ReceiptView(
            "whole",
            _("Whole and untampered"),
            _("Every sample that your wearable recorded is here, under its unbroken seal."),
            (*lines, ("untampered", _("Untampered"), "✓")),
            (),
        )
    return ReceiptView("broken", *_trouble(receipt), lines, tuple(map(retold, receipt.problems)))


def _trouble(receipt: Receipt) -> tuple[str, str]:
    if receipt.gaps:
        return _("Something is missing"), _("It may still be on your wearable or gateway: bring them together to sync.")
    if receipt.problems:
        return _("Not in order"), _("The journal was checked, and this was found:")
    if receipt.recorded is None:
        return _("The end is missing"), _("The recording has no end yet: sync your wearable to complete it.")
    if receipt.recorded != receipt.received:
        return _("The count differs"), _("The number of samples here is not what your wearable counted.")
    return _("Not sealed"), _("Everything arrived, but no seal vouches for it: recordings from files have none.")
