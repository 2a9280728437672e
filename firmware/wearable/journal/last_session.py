"""Was a workout under way when the power went? Read back from the journal's newest pages."""

from paceline_protocol.records import (
    CONTINUED,
    PAUSE,
    RESUME,
    SAMPLES,
    SESSION_END,
    SESSION_START,
    parse_fields,
)

_PAGES_WITHOUT_A_SESSION = 64


class LastSession:
    """The newest workout of the journal; `samples` counts those held while it is `open`."""

    def __init__(self) -> None:
        self.number = 0
        self.sport = 0
        self.user = 0
        self.open = False
        self.paused = False
        self.pause_reason = 0
        self.samples = 0


def last_session(journal) -> LastSession:
    """Return the newest workout; its number is 0 when the last 64 pages tell of none."""
    found = LastSession()
    looked_at = 0
    for records in journal.pages_back():
        here = _of_page(records)
        if found.number == 0:
            if here.number:
                here.samples = 0 if not here.open else here.samples
                found = here
                if not here.open or here.begins:
                    return found
            looked_at += 1
            if looked_at >= _PAGES_WITHOUT_A_SESSION:
                return found
        elif here.number:
            if here.number != found.number:
                return found
            found.samples += here.samples
            if here.begins:
                return found
    return found


class _Page(LastSession):
    begins = False  # the workout's first start is in this page


def _of_page(records) -> _Page:
    here = _Page()
    for kind, payload in records:
        if kind == SAMPLES:
            here.samples += payload[1]
        elif kind == PAUSE:
            here.paused = True
            here.pause_reason = payload[4]
        elif kind == RESUME:
            here.paused = False
        elif kind in (SESSION_START, SESSION_END):
            fields = parse_fields(kind, payload)
            if fields is not None:
                here = _marked(here, kind, fields)
    return here


def _marked(here: _Page, kind: int, fields) -> _Page:
    if kind == SESSION_END:
        here.open = False
    else:
        if not fields.flags & CONTINUED:
            here = _Page()
            here.begins = True
        here.open = True
        here.sport, here.user = fields.sport, fields.user
    here.number = fields.session
    return here
