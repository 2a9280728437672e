"""What of a wearable's journals is on the server, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from paceline_server.journals.model import JournalStanding
from paceline_server.words.quantities import count
from paceline_server.words.retold import retold
from paceline_server.words.speech import gettext as _

SHOWN = 5
SHOWN_PAGES = 10


@dataclass(frozen=True, slots=True)
class JournalView:
    """A journal: how much of it is here, what is missing, and the pages in quarantine with their reasons."""

    title: str
    held: str
    missing: str
    suspects: tuple[str, ...]
    more_suspects: int


def journal_views(standing: Sequence[JournalStanding]) -> list[JournalView]:
    """Return the journals that grew last; the first one is the wearable's present one."""
    return [_view(one, number == 0) for number, one in enumerate(standing[:SHOWN])]


def _view(one: JournalStanding, present: bool) -> JournalView:
    start, end = one.journal.start_position, one.journal.held_position
    gone = start + sum(high - low for low, high in one.gaps)
    reasons = [
        _(
            "%(reason)s (bytes %(first)s to %(last)s)",
            reason=retold(part.reason),
            first=part.from_position,
            last=part.to_position,
        )
        for part in one.quarantined
    ]
    return JournalView(
        title=_("Its journal") if present else _("Journal %(name)s", name=f"{one.journal.ref.epoch:08x}"),
        held=_("%(n)s KiB received", n=count((end - gone) // 1024)),
        missing=_("%(n)s KiB are missing", n=count(-(-gone // 1024))) if gone else _("nothing is missing"),
        suspects=tuple(reasons[:SHOWN_PAGES]),
        more_suspects=max(0, len(reasons) - SHOWN_PAGES),
    )
