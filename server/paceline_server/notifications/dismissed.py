"""From a journal's facts to notices that were read on the wrist; done twice, nothing more is."""

from paceline_protocol.records import DISMISSED

from paceline_server.formats.journal_facts import News
from paceline_server.journals.wearers import Wearers
from paceline_server.notifications import store
from paceline_server.platform.database import Write

MOST = 500  # of one person's at once, the latest: what was told long before is read, or not, whatever a journal says


def note(news: News, wearers: Wearers, write: Write, now_s: float) -> None:
    """Note as read what the wearers dismissed, each their own."""
    found: dict[str, set[int]] = {}
    for fact in news.facts:
        if fact.kind == DISMISSED and fact.fields.number:
            person_id = wearers.in_slot(fact.fields.user, fact.utc_s or now_s)
            if person_id is not None:
                found.setdefault(person_id, set()).add(fact.fields.number)
    for person_id, numbers in found.items():
        write(store.note_dismissed, person_id, sorted(numbers)[-MOST:], now_s)
