"""The gear that an export names: the owner's gear of that name, or a new one."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_OID, uuid5

from paceline_server.errors import ConflictError
from paceline_server.gear import store
from paceline_server.gear.model import Gear
from paceline_server.platform.database import Connection

KINDS: Mapping[str, str] = {"running": "shoes", "walking": "shoes", "hiking": "shoes", "cycling": "bike"}
LONGEST_NAME = 100


def wear(
    connection: Connection, owner_id: str, name: str, sport: str, activity_ids: Sequence[str], now_s: float
) -> None:
    """Let activities of a sport have been done with the gear of this name; nothing when there is too much gear.

    Done twice, it changes nothing.
    """
    name = name[:LONGEST_NAME].strip()
    if not name or not activity_ids:
        return
    same = (one for one in store.every(connection, owner_id) if one.name.casefold() == name.casefold())
    gear = next(same, None)
    if gear is None:
        try:
            gear, _ = store.add(connection, _made(owner_id, name, KINDS.get(sport, "other"), now_s))
        except ConflictError:
            return
    store.choose(connection, owner_id, activity_ids, [gear.gear_id], now_s)


def take_off(connection: Connection, owner_id: str, activity_id: str, now_s: float) -> None:
    """Let an activity that is to go have no gear of its own; the gear stays."""
    store.choose(connection, owner_id, [activity_id], None, now_s)


def _made(owner_id: str, name: str, kind: str, now_s: float) -> Gear:
    client_id = f"import {hashlib.sha256(name.encode()).hexdigest()[:32]}"
    return Gear(
        owner_id=owner_id,
        gear_id=str(uuid5(NAMESPACE_OID, f"{owner_id} {client_id}")),
        client_id=client_id,
        kind=kind,
        name=name,
        part_of=None,
        used_from=None,
        retired_on=None,
        initial_distance_m=0,
        initial_time_s=0,
        distance_limit_m=None,
        time_limit_s=None,
        warned_at_s=None,
        created_at_s=now_s,
    )
