"""How activities stand together, and how that is changed: in one transaction, with all that is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from paceline_server.activities import store as activities
from paceline_server.activities.changes import Change as Changed
from paceline_server.activities.model import Activity
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.analysis.same_workout import Same
from paceline_server.duplicates import store
from paceline_server.duplicates.grouping import primary_of
from paceline_server.duplicates.model import Group, Pair
from paceline_server.gear import store as gear
from paceline_server.platform.database import Connection
from paceline_server.platform.turns import alone
from paceline_server.tombstones.store import withdraw


@dataclass(frozen=True, slots=True)
class Standing:
    """Activities that are or were connected, what was said of them, and their groups."""

    activities: dict[str, Activity]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]

    @property
    def revisions(self) -> dict[str, int]:
        """What a change must find as it was."""
        return {activity_id: one.revision for activity_id, one in self.activities.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """What to do: which activity stands behind which (None: is shown), groups to keep and to drop."""

    behind: dict[str, str | None]
    keep: tuple[Group, ...]
    drop: tuple[Group, ...]


def standing_of(connection: Connection, owner_id: str, activity_id: str) -> Standing:
    """Return all that hangs together with an activity, by what was said or by how it stands.

    A few statements for each step away from it, however many are as near.
    """
    found: dict[str, Activity] = {}
    pairs: dict[tuple[str, str], Pair] = {}
    groups: dict[str, Group] = {}
    ring, seen = [activity_id], {activity_id}
    while ring:
        connected = set(store.behind_all(connection, owner_id, ring))
        for group in store.groups_near_all(connection, owner_id, ring):
            groups[group.group_id] = group
            connected.add(group.shown_id)
        for pair in store.pairs_of_all(connection, owner_id, ring):
            pairs[pair.one_id, pair.other_id] = pair
            if pair.same is Same.YES:
                connected |= {pair.one_id, pair.other_id}
        for activity in activities.get_all(connection, owner_id, ring):
            if store.may_stand(activity):
                found[activity.activity_id] = activity
                connected |= {activity.behind} if activity.behind is not None else set()
        ring = sorted(connected - seen)
        seen |= connected
    there = {each: found[each] for each in sorted(found)}
    return Standing(there, tuple(pairs[key] for key in sorted(pairs)), tuple(groups[key] for key in sorted(groups)))


def settle(
    connection: Connection, owner_id: str, activity_id: str, seen: Standing, change: Change, now_s: float
) -> bool:
    """Do what is to be done; False, and nothing done, when something is not as it was seen.

    Others may have put the same group in order meanwhile, in this process or in another one.
    """
    alone(connection, owner_id, "duplicates")
    held = standing_of(connection, owner_id, activity_id)
    if (held.revisions, held.pairs, held.groups) != (seen.revisions, seen.pairs, seen.groups):
        return False
    there = held.activities
    for group in change.drop:
        store.drop(connection, owner_id, group.group_id)
    for group in change.keep:
        store.keep(connection, owner_id, group, now_s)
        _show(connection, owner_id, group, there)
    for each, behind in change.behind.items():
        if there[each].behind != behind:
            activities.stand(connection, there[each], behind)
    for group in change.drop:
        if group.merged:
            _take_apart(connection, owner_id, group, there, now_s)
    return True


def _show(connection: Connection, owner_id: str, group: Group, members: Mapping[str, Activity]) -> None:
    """Let an activity that was put together be shown; it was done with the gear that was chosen for the recordings."""
    shown = activities.get(connection, owner_id, group.shown_id) if group.merged else None
    if shown is None or shown.behind is None:
        return
    activities.stand(connection, shown, None)
    chosen = gear.choices(connection, owner_id)
    of_members = [chosen[each] for each in members if each in chosen]
    if of_members:
        gear.choose(connection, owner_id, [shown.activity_id], of_members[0], shown.updated_at_s)


def _take_apart(
    connection: Connection, owner_id: str, group: Group, members: Mapping[str, Activity], now_s: float
) -> None:
    """Withdraw an activity that was put together; what its owner wrote of it goes to the recording that tells most."""
    made = activities.get(connection, owner_id, group.shown_id)
    if made is None:
        return
    of_it = [one for one in members.values() if one.behind == made.activity_id]
    if of_it:
        words = {"title": made.edits.title, "notes": made.edits.notes, "perceived_effort": made.edits.perceived_effort}
        heir = activities.get(connection, owner_id, primary_of(of_it).activity_id)
        if heir is not None and any(getattr(heir.edits, name) != word for name, word in words.items()):
            edits = replace(heir.edits, **words)
            told = replace(heir, title=edits.title, perceived_effort=edits.perceived_effort, edits=edits)
            activities.save(connection, told, Changed(owner_id, heir.activity_id))
    withdraw(connection, owner_id, made.activity_id, telemetry_place(owner_id, made.activity_id), now_s)
