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


def receipt_view(receipt: Receipt, *, live: bool, of_wearable: bool = True) -> ReceiptView | None:
    """Say what a receipt means; None for what nobody counted, as it was entered by hand."""
    if not (of_wearable or live or receipt.received or receipt.problems):
        return None
    if not of_wearable and not live and receipt.recorded is None:
        return _of_file(receipt)
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
    if not of_wearable and not receipt.problems and receipt.recorded == receipt.received:
        told = _("All that was sent is here. There is no seal: only a wearable seals what it records.")
        return ReceiptView("open", _("Everything arrived"), told, lines, ())
    return ReceiptView("broken", *_trouble(receipt), lines, tuple(map(retold, receipt.problems)))


def _of_file(receipt: Receipt) -> ReceiptView:
    lines = (("received", _("Points read"), count(receipt.received)),)
    if receipt.problems:
        told = _("What could be read of the file is here. This was found in it:")
        return ReceiptView("broken", _("From a file with faults"), told, lines, tuple(map(retold, receipt.problems)))
    told = _("All that was read of it is here. There is no seal: only a wearable seals what it records.")
    return ReceiptView("open", _("From a file"), told, lines, ())


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
