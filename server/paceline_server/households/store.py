"""SQL of the households. Every statement names the owner, or is of an invitation."""

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from paceline_server.errors import ConflictError, ForbiddenError
from paceline_server.events import store as events
from paceline_server.events.declared import NOTICES_WORN, WEARABLE_CHANGED
from paceline_server.households.model import (
    HOUSEHOLD_INVITATIONS,
    HOUSEHOLD_MEMBERS,
    HOUSEHOLDS,
    MEMBERSHIPS,
    MOST,
    WORN_SLOTS,
    WRIST_SLOTS,
    SlotTerm,
    WornSlot,
)
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone

_I, _M, _H = HOUSEHOLD_INVITATIONS.c, HOUSEHOLD_MEMBERS.c, MEMBERSHIPS.c
_S, _W = WRIST_SLOTS.c, WORN_SLOTS.c
_WORN = Prepared(  # each activity asks it
    select(_W.host_id, _W.device_id, _W.slot, _W.since_s, _W.accepted)
    .where(_W.owner_id == bindparam("owner"))
    .order_by(_W.host_id, _W.device_id, _W.slot)
)


def name_of(connection: Connection, host_id: str) -> str | None:
    """Return the name of a host's household, None when he has none."""
    return connection.execute(select(HOUSEHOLDS.c.name).where(HOUSEHOLDS.c.owner_id == host_id)).scalar_one_or_none()


def make(connection: Connection, host_id: str, name: str, now_s: float) -> None:
    """Make a household, or give it another name."""
    renamed = update(HOUSEHOLDS).where(HOUSEHOLDS.c.owner_id == host_id).values(name=name)
    if connection.execute(renamed).rowcount == 0:
        connection.execute(insert(HOUSEHOLDS).values(owner_id=host_id, name=name, made_at_s=now_s))


def members(connection: Connection, host_id: str) -> list[str]:
    """Return the members of a host's household, those who joined first before the others."""
    query = select(_M.joined_at_s, _M.member_id).where(_M.owner_id == host_id)
    return [member_id for _, member_id in sorted(map(tuple, connection.execute(query)))]  # a household is small


def hosts(connection: Connection, member_id: str) -> list[str]:
    """Return the hosts of the households that somebody has joined."""
    query = select(_H.joined_at_s, _H.host_id).where(_H.owner_id == member_id)
    return [host_id for _, host_id in sorted(map(tuple, connection.execute(query)))]


def invite(connection: Connection, host_id: str, code_hash: bytes, now_s: float, expires_at_s: float) -> None:
    """Keep an invitation, and drop those of the host that have expired; ConflictError when too many wait."""
    alone(connection, host_id, "household")
    connection.execute(delete(HOUSEHOLD_INVITATIONS).where(_I.host_id == host_id, _I.expires_at_s < now_s))
    waiting = select(func.count()).select_from(HOUSEHOLD_INVITATIONS).where(_I.host_id == host_id)
    if connection.execute(waiting).scalar_one() >= MOST:
        raise ConflictError("too_many_invitations", f"{MOST} invitations wait already; they end after a week.")
    row = {"code_hash": code_hash, "host_id": host_id, "expires_at_s": expires_at_s}
    connection.execute(insert(HOUSEHOLD_INVITATIONS).values(row))


def join(connection: Connection, member_id: str, code_hash: bytes, now_s: float) -> str:
    """Use an invitation up and return the host; ForbiddenError when it does not hold, or is one's own.

    ConflictError, and the invitation holds on, when household or person have too many of each other.
    """
    query = select(_I.host_id).where(_I.code_hash == code_hash, _I.expires_at_s > now_s)
    host_id = connection.execute(query.with_for_update()).scalar_one_or_none()
    if host_id is None or host_id == member_id or name_of(connection, host_id) is None:
        raise ForbiddenError("invitation", "This invitation is not known, was used, or has expired.")
    connection.execute(delete(HOUSEHOLD_INVITATIONS).where(_I.code_hash == code_hash))
    alone(connection, host_id, "household")
    joined = hosts(connection, member_id)
    if host_id not in joined:
        if len(joined) >= MOST or len(members(connection, host_id)) >= MOST:
            raise ConflictError("household_full", f"A household has at most {MOST} members, and a person as many.")
        row = {"owner_id": host_id, "member_id": member_id, "joined_at_s": now_s}
        connection.execute(insert(HOUSEHOLD_MEMBERS).values(row))
        connection.execute(insert(MEMBERSHIPS).values(owner_id=member_id, host_id=host_id, joined_at_s=now_s))
    return host_id


def part(connection: Connection, host_id: str, member_id: str, now_s: float) -> bool:
    """Take a member out of a household, and end the slots that this shares; False when he was none."""
    connection.execute(delete(HOUSEHOLD_MEMBERS).where(_M.owner_id == host_id, _M.member_id == member_id))
    gone = connection.execute(delete(MEMBERSHIPS).where(_H.owner_id == member_id, _H.host_id == host_id)).rowcount
    for other in [host_id, *members(connection, host_id)]:
        if not share_a_household(connection, other, member_id):
            end_between(connection, other, member_id, now_s)
            end_between(connection, member_id, other, now_s)
    return gone == 1


def share_a_household(connection: Connection, one: str, other: str) -> bool:
    """Tell whether two people are in one household."""
    ones, others = {one, *hosts(connection, one)}, {other, *hosts(connection, other)}
    return any(name_of(connection, host_id) is not None for host_id in ones & others)


def terms(connection: Connection, owner_id: str, device_id: str) -> list[SlotTerm]:
    """Return whose the slots of an owner's wearable are and were, and to whom they are offered, in order of time."""
    columns = (_S.slot, _S.from_utc_s, _S.person_id, _S.until_utc_s, _S.accepted)
    query = select(*columns).where(_S.owner_id == owner_id, _S.device_id == device_id)
    return [SlotTerm(*row) for row in connection.execute(query.order_by(_S.slot, _S.from_utc_s))]


def worn(connection: Connection, person_id: str) -> list[WornSlot]:
    """Return the slots that somebody wears or is offered."""
    return [WornSlot(*row) for row in _WORN.rows(connection, owner=person_id)]


def offer(connection: Connection, owner_id: str, device_id: str, slot: int, person_id: str, now_s: float) -> None:
    """Offer a slot to a person; whose it was wears it no more. ForbiddenError when they share no household."""
    if not share_a_household(connection, owner_id, person_id):
        raise ForbiddenError("household", "A slot is given to somebody of one's own household.")
    end(connection, owner_id, device_id, slot, now_s)
    key = {"device_id": device_id, "slot": slot, "accepted": False}
    mine = {"owner_id": owner_id, "from_utc_s": now_s, "person_id": person_id, "until_utc_s": None}
    connection.execute(delete(WRIST_SLOTS).where(_slot(owner_id, device_id, slot), _S.from_utc_s == now_s))
    connection.execute(insert(WRIST_SLOTS).values(key | mine))
    theirs = {"owner_id": person_id, "host_id": owner_id, "since_s": now_s}
    connection.execute(insert(WORN_SLOTS).values(key | theirs))


def accept(connection: Connection, person_id: str, owner_id: str, device_id: str, slot: int, now_s: float) -> bool:
    """Take a slot that is offered, from now on; False when none is."""
    theirs = and_(_W.owner_id == person_id, _W.host_id == owner_id, _W.device_id == device_id, _W.slot == slot)
    offered = update(WORN_SLOTS).where(theirs, _W.accepted.is_(False)).values(accepted=True, since_s=now_s)
    if connection.execute(offered).rowcount == 0:
        return False
    mine = and_(_slot(owner_id, device_id, slot), _S.person_id == person_id, _S.until_utc_s.is_(None))
    connection.execute(update(WRIST_SLOTS).where(mine).values(accepted=True, from_utc_s=now_s))
    _tell(connection, owner_id, device_id, now_s)
    return True


def end(connection: Connection, owner_id: str, device_id: str, slot: int, now_s: float) -> None:
    """End whose a slot is, or that it is offered, from now on; what was before stays as it was."""
    theirs = and_(_slot(owner_id, device_id, slot), _S.until_utc_s.is_(None))
    for person_id in connection.execute(select(_S.person_id).where(theirs)).scalars().all():
        held = and_(_W.owner_id == person_id, _W.host_id == owner_id, _W.device_id == device_id, _W.slot == slot)
        connection.execute(delete(WORN_SLOTS).where(held))
    connection.execute(delete(WRIST_SLOTS).where(theirs, _S.accepted.is_(False)))
    if connection.execute(update(WRIST_SLOTS).where(theirs).values(until_utc_s=now_s)).rowcount:
        _tell(connection, owner_id, device_id, now_s)


def end_between(connection: Connection, owner_id: str, person_id: str, now_s: float) -> None:
    """End all that a person wears of an owner's."""
    for one in worn(connection, person_id):
        if one.host_id == owner_id:
            end(connection, owner_id, one.device_id, one.slot, now_s)


def end_all(connection: Connection, owner_id: str, device_id: str, now_s: float) -> None:
    """End whose the slots of a wearable are, as it is passed on."""
    for slot in {term.slot for term in terms(connection, owner_id, device_id)}:
        end(connection, owner_id, device_id, slot, now_s)


def forget(connection: Connection, owner_id: str, now_s: float) -> None:
    """Take somebody who leaves the server out of all households and slots, in the rows of others."""
    for host_id in hosts(connection, owner_id):
        part(connection, host_id, owner_id, now_s)
    for member_id in members(connection, owner_id):
        part(connection, owner_id, member_id, now_s)
    for one in worn(connection, owner_id):
        end(connection, one.host_id, one.device_id, one.slot, now_s)
    columns = select(_S.device_id, _S.slot).where(_S.owner_id == owner_id, _S.until_utc_s.is_(None))
    for device_id, slot in connection.execute(columns).all():
        end(connection, owner_id, device_id, slot, now_s)
    connection.execute(delete(HOUSEHOLD_INVITATIONS).where(_I.host_id == owner_id))


def _tell(connection: Connection, owner_id: str, device_id: str, now_s: float) -> None:
    for kind in (WEARABLE_CHANGED, NOTICES_WORN):
        events.emit(connection, kind, owner_id, device_id, now_s)


def _slot(owner_id: str, device_id: str, slot: int) -> ColumnElement[bool]:
    return and_(_S.owner_id == owner_id, _S.device_id == device_id, _S.slot == slot)
