"""The records with which a workout begins, and with which each of its pages does, so that it can be read alone."""

from paceline_protocol import records
from paceline_protocol.records import pack_fields

from .calendar import UNIX_2020_S
from .journal.last_session import last_session


def write_clock(journal, clock) -> None:
    """Write the clock's anchor as a CLOCK record, if there is one."""
    if clock.source:
        payload = pack_fields(records.CLOCK, clock.t_s(), clock.utc_2020_s() + UNIX_2020_S, clock.source)
        journal.append(records.CLOCK, payload)


def write_start(journal, clock, t_s: int, session: int, sport: int, user: int, flags: int) -> None:
    """Write SESSION_START at that second, with UTC if the clock knows it."""
    utc_s = clock.utc_2020_s() + UNIX_2020_S + t_s - clock.t_s() if clock.source else 0
    journal.append(records.SESSION_START, pack_fields(records.SESSION_START, t_s, utc_s, session, sport, user, flags))


def write_pause(journal, t_s: int, reason: int) -> None:
    """Write PAUSE."""
    journal.append(records.PAUSE, pack_fields(records.PAUSE, t_s, reason))


def keep_open(journal, clock) -> None:
    """Behind the BOOT of a boot without a recorder: say that the workout which a reset interrupted goes on, if any.

    The pages that begin from now on say so, too: else a reader takes them for its end.
    """
    last = last_session(journal)
    if not last.open:
        return

    def head() -> None:
        write_clock(journal, clock)
        write_start(journal, clock, clock.t_s(), last.number, last.sport, last.user, records.CONTINUED)
        if last.paused:
            write_pause(journal, clock.t_s(), last.pause_reason)

    journal.on_page = head
    head()
