"""The receipt in words."""

from dataclasses import dataclass

from paceline_server.formats.receipt import Receipt
from paceline_server.words.quantities import count


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
        ("recorded", "Recorded", count(receipt.recorded) if receipt.recorded is not None else "…"),
        ("received", "Received", count(receipt.received)),
        ("gaps", "Gaps", count(len(receipt.gaps))),
        ("sealed", "Sealed", "yes" if receipt.sealed else "not yet" if live else "no"),
    )
    if live and not receipt.problems and not receipt.gaps:
        return ReceiptView(
            "open", "Recording…", "Samples arrive while you move. The seal is set when you finish.", lines, ()
        )
    if receipt.whole:
        return ReceiptView(
            "whole",
            "Whole and untampered",
            "Every sample that your wearable recorded is here, under its unbroken seal.",
            (*lines, ("untampered", "Untampered", "✓")),
            (),
        )
    return ReceiptView("broken", *_trouble(receipt), lines, receipt.problems)


def _trouble(receipt: Receipt) -> tuple[str, str]:
    if receipt.gaps:
        return "Something is missing", "It may still be on your wearable or gateway: bring them together to sync."
    if receipt.problems:
        return "Not in order", "The journal was checked, and this was found:"
    if receipt.recorded is None:
        return "The end is missing", "The recording has no end yet: sync your wearable to complete it."
    if receipt.recorded != receipt.received:
        return "The count differs", "The number of samples here is not what your wearable counted."
    return "Not sealed", "Everything arrived, but no seal vouches for it: recordings from files have none."
