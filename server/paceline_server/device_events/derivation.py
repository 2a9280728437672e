"""From a journal's facts to events."""

from paceline_protocol.records import ALERT, BOOT, CRASH

from paceline_server.device_events import model
from paceline_server.device_events.model import DeviceEvent
from paceline_server.formats.journal_facts import Fact, News


def events_of(news: News) -> list[DeviceEvent]:
    """Return the events among the facts; their epoch is the journal's and is filled in by the store."""
    return [event for event in map(_event, news.facts) if event is not None]


def _event(fact: Fact) -> DeviceEvent | None:
    fields = fact.fields
    if fact.kind == BOOT:
        version = ".".join(map(str, fields.version))
        return DeviceEvent(0, fact.position, model.BOOT, fact.utc_s or 0, fields.cause, fields.boot_count, version)
    if fact.kind == ALERT:
        return DeviceEvent(0, fact.position, model.ALERT, fact.utc_s or 0, fields.code, fields.value, "")
    if fact.kind == CRASH:
        # PostgreSQL keeps no NUL in a text.
        text = fields.text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return DeviceEvent(0, fact.position, model.CRASH, fact.utc_s or 0, 0, 0, text)
    return None
