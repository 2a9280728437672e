"""Rules of the households."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from paceline_server.devices.service import DeviceService
from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.households import store
from paceline_server.households.model import SlotTerm, WornSlot
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.ids import parse_id
from paceline_server.users import store as users

INVITATION_LIFETIME_S = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Household:
    """A household as one who is in it sees it: pairs of id and name, the host first."""

    host_id: str
    name: str
    people: list[tuple[str, str]]


class HouseholdService:
    """Makes households, lets people in, and gives the slots of wearables to them."""

    def __init__(
        self,
        database: Database,
        devices: DeviceService,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._devices = devices
        self._clock = clock
        self._random_bytes = random_bytes

    async def make(self, host_id: str, name: str) -> None:
        """Make one's household, or give it another name."""
        words = " ".join(name.split())
        if not words:
            raise InvalidError("field", "name must say something.", field="name")
        await self._database.write(store.make, host_id, words, self._clock())

    async def mine(self, owner_id: str) -> tuple[list[Household], list[WornSlot]]:
        """Return the households that somebody is in, his own first, and the slots that he wears or is offered."""
        return await self._database.read(_mine, owner_id)

    async def invite(self, host_id: str) -> tuple[str, float]:
        """Make an invitation for one person; return the code, which is kept nowhere, and until when it holds."""
        if await self._database.read(store.name_of, host_id) is None:
            raise NotFoundError("not_found", "You have no household yet.")
        code, now_s = base64.urlsafe_b64encode(self._random_bytes(18)).decode(), self._clock()
        expires_at_s = now_s + INVITATION_LIFETIME_S
        await self._database.write(store.invite, host_id, _hash(code), now_s, expires_at_s)
        return code, expires_at_s

    async def join(self, member_id: str, code: str) -> None:
        """Join the household that an invitation is of; ForbiddenError when it does not hold."""
        await self._database.write(store.join, member_id, _hash(code), self._clock())

    async def part(self, asker_id: str, host_id: str, member_id: str) -> None:
        """Take a member out: the host does, or the member. Slots that they shared end; NotFoundError for others."""
        ids = (parse_id(host_id), parse_id(member_id))
        if asker_id not in ids or not await self._database.write(store.part, *ids, self._clock()):
            raise NotFoundError("not_found", "There is no such member.")

    async def slots(self, owner_id: str, device_id: str) -> list[SlotTerm]:
        """Return whose the slots of an owner's wearable are and were; NotFoundError for another's."""
        await self._devices.owned(owner_id, device_id)
        return await self._database.read(store.terms, owner_id, device_id)

    async def give(self, owner_id: str, device_id: str, slot: int, person_id: str | None) -> None:
        """Offer a slot of one's wearable to somebody of one's household, or, with None, take it back."""
        await self._devices.carried(owner_id, device_id)
        now_s = self._clock()
        if person_id is None or person_id == owner_id:
            await self._database.write(store.end, owner_id, device_id, slot, now_s)
        else:
            await self._database.write(store.offer, owner_id, device_id, slot, parse_id(person_id), now_s)

    async def answer(self, person_id: str, host_id: str, device_id: str, slot: int, *, accepted: bool) -> None:
        """Take a slot that is offered, or give it back; NotFoundError when there is none."""
        worn = await self._database.read(store.worn, person_id)
        if not any((one.host_id, one.device_id, one.slot) == (host_id, device_id, slot) for one in worn):
            raise NotFoundError("not_found", "No such slot is offered to you.")
        now_s = self._clock()
        if accepted:
            await self._database.write(store.accept, person_id, host_id, device_id, slot, now_s)
        else:
            await self._database.write(store.end, host_id, device_id, slot, now_s)


def _mine(connection: Connection, owner_id: str) -> tuple[list[Household], list[WornSlot]]:
    found: list[Household] = []
    for host_id in [owner_id, *store.hosts(connection, owner_id)]:
        name = store.name_of(connection, host_id)
        if name is not None:
            people = [users.get(connection, each) for each in [host_id, *store.members(connection, host_id)]]
            named = [(one.owner_id, one.username) for one in people if one is not None]
            found.append(Household(host_id, name, named))
    return found, store.worn(connection, owner_id)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.strip().encode()).digest()
