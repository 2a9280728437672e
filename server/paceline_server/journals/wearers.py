"""Whose it is what a wearable recorded: of who wore the slot at that time, and of the owner where nobody else did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from paceline_server.daily.model import OWNER_SLOT, DayRecord
from paceline_server.devices import store as devices
from paceline_server.households import store as households
from paceline_server.households.model import SlotTerm, wearer
from paceline_server.journals import store as journals
from paceline_server.journals.model import JournalRef, journal_of
from paceline_server.platform.database import Connection
from paceline_server.users import store as users


@dataclass(frozen=True, slots=True)
class Wearers:
    """Who wore a wearable and when; `everybody` are the owner and all others who ever did and still have an account."""

    owner_id: str
    terms: list[SlotTerm]
    everybody: frozenset[str]

    def of(self, slot: int, utc_s: float) -> str:
        """Return whose is what was recorded in a slot at a time; it may be somebody who has left the server."""
        return wearer(self.terms, slot, utc_s) or self.owner_id

    def in_slot(self, slot: int, utc_s: float) -> str | None:
        """Return who wore the slot itself at a time; None: nobody did, or somebody who has left the server."""
        person_id = wearer(self.terms, slot, utc_s) or (self.owner_id if slot == OWNER_SLOT else None)
        return person_id if person_id in self.everybody else None

    def days(self, records: Sequence[DayRecord]) -> dict[str, list[DayRecord]]:
        """Return the records of everybody; each person's are in the slot that counts as the own one."""
        found: dict[str, list[DayRecord]] = {person_id: [] for person_id in sorted(self.everybody)}
        for record in records:
            person_id = wearer(self.terms, record.user, record.utc_s)
            if person_id is None:
                found[self.owner_id].append(record)
            elif person_id in found:
                found[person_id].append(record._replace(user=OWNER_SLOT))
        return found


def wearers_of(connection: Connection, owner_id: str, device_id: str) -> Wearers:
    """Return who wore an owner's wearable and when."""
    terms = households.terms(connection, owner_id, device_id)
    others = {term.person_id for term in terms if term.accepted} - {owner_id}
    there = {person_id for person_id in others if users.get(connection, person_id) is not None}
    return Wearers(owner_id, terms, frozenset({owner_id, *there}))


def journal_behind(connection: Connection, person_id: str, source_key: str) -> JournalRef | None:
    """Return the journal that an activity is of; it may be that of another's wearable, of which one wore a slot.

    None when the source is no journal, or its owner is not known any more.
    """
    ref = journal_of(person_id, source_key)
    if ref is None or journals.get(connection, ref) is not None:
        return ref
    owner_id = devices.owner_of(connection, ref.device_id)
    if owner_id is None or person_id not in wearers_of(connection, owner_id, ref.device_id).everybody:
        return None
    return replace(ref, owner_id=owner_id)
