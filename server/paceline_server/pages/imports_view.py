"""What the page of imports says of a batch and its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from paceline_server.analysis.same_workout import Same
from paceline_server.imports.model import (
    BROKEN,
    CHOOSABLE,
    COMES,
    COMING,
    DELETED,
    DONE,
    EDITED,
    FAILED,
    FORGOTTEN,
    IMPORTED,
    IMPORTING,
    LOOKED,
    NEW,
    OVERLAPS,
    PENDING,
    READING,
    RECORDING,
    SAME,
    UNDOING,
    UNDONE,
    Beside,
    Found,
    ImportFile,
)
from paceline_server.imports.service import BatchNow
from paceline_server.pages.local_time import local, short_day_and_time
from paceline_server.platform.answers import utc_text
from paceline_server.words.dates import short_day
from paceline_server.words.quantities import distance, duration
from paceline_server.words.retold import retold
from paceline_server.words.speech import N_, ngettext
from paceline_server.words.speech import gettext as _
from paceline_server.words.sports import sport_name

LONG_TABLE = 20  # files; shorter ones are seen at a glance
UNDER_WAY = (COMING, READING, IMPORTING, UNDOING)
STATES = {
    COMING: N_("on its way"),
    READING: N_("being read"),
    LOOKED: N_("waits for you"),
    IMPORTING: N_("being imported"),
    DONE: N_("done"),
    UNDOING: N_("being undone"),
    UNDONE: N_("undone"),
    FAILED: N_("failed"),
}
FILE_STATES = {
    NEW: N_("new"),
    RECORDING: N_("another recording"),
    SAME: N_("already here"),
    DELETED: N_("you deleted it"),
    OVERLAPS: N_("perhaps here"),
    BROKEN: N_("broken"),
    IMPORTING: N_("being imported"),
    IMPORTED: N_("imported"),
    UNDONE: N_("undone"),
    FORGOTTEN: N_("forgotten"),
}


@dataclass(frozen=True, slots=True)
class FileView:
    """A row of the table. `links` are activities: those that were made or, before that, those in the way."""

    number: int
    name: str
    state: str
    said: str
    what: str
    links: tuple[tuple[str, str], ...]
    choosable: bool


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch. `moving`: it changes by itself, so the page asks again; `done` of `total` say how far it is."""

    batch_id: str
    name: str
    made_at: str
    made_when: str
    state: str
    said: str
    counts: str
    reason: str
    new: int
    recordings: int
    waits_until: str
    moving: bool
    can_choose: bool
    can_undo: bool
    done: int
    total: int


def batch_view(now: BatchNow, zone: tzinfo) -> BatchView:
    """Return what is said of a batch."""
    batch, counts = now.batch, now.counts
    done = batch.read_files if batch.state in (COMING, READING) else sum(counts.values()) - _left(now)
    shown = [f"{counts[state]} {_(said)}" for state, said in FILE_STATES.items() if counts.get(state)]
    return BatchView(
        batch_id=batch.batch_id,
        name=batch.name,
        made_at=utc_text(batch.made_at_s),
        made_when=short_day_and_time(local(batch.made_at_s, zone)),
        state=batch.state,
        said=_(STATES[batch.state]),
        counts=", ".join(shown),
        reason=retold(batch.reason),
        new=counts.get(NEW, 0),
        recordings=counts.get(RECORDING, 0),
        waits_until=short_day(local(now.waits_until_s, zone)) if now.waits_until_s is not None else "",
        moving=batch.state in UNDER_WAY,
        can_choose=batch.state in (LOOKED, DONE),
        can_undo=batch.state in (LOOKED, DONE, IMPORTING) and any(counts.get(state) for state in (*PENDING, IMPORTED)),
        done=done,
        total=batch.total_files,
    )


def file_view(file: ImportFile, zone: tzinfo, names: Mapping[int, str]) -> FileView:
    """Return what is said of a file; `names` are those of its batch by number."""
    made = [one.activity_id for one in file.recordings if one.activity_id is not None]
    beside = [one for found in file.recordings for one in _beside(found)]
    links = [(activity_id, _("See it")) for activity_id in made] if made and file.state != UNDONE else []
    if file.state in (RECORDING, OVERLAPS):
        links = [(one.of, _("What is there")) for one in beside if one.deleted_at_s is None and not _is_file(one)]
    said = [retold(file.reason)] if file.reason else []
    if file.state in (RECORDING, OVERLAPS, DELETED):
        said += _all_said(beside, zone, names)
    said += [one for one in map(retold, file.warnings[:2]) if one not in said]
    whats = [_what(one, zone) for one in file.recordings[:3]] + ([_("%(n)s of days", n=file.days)] if file.days else [])
    return FileView(
        number=file.number,
        name=file.name,
        state=file.state,
        said=retold(EDITED) if file.reason == EDITED else " ".join(said),
        what="; ".join(whats),
        links=tuple(links[:3]),
        choosable=file.state in CHOOSABLE,
    )


def _beside(found: Found) -> list[Beside]:
    """Return what decides the state of a recording: the same before perhaps, what is here before what was deleted."""
    told = [one for one in found.beside if one.same is not Same.NO]
    return sorted(told, key=lambda one: (one.same is not Same.YES, one.deleted_at_s is not None))[:1]


def files_beside(file: ImportFile) -> list[int]:
    """Return the numbers of the files of its batch that a file is told to be like."""
    return [int(one.of[1:]) for found in file.recordings for one in _beside(found) if _is_file(one)]


def jumps(now: BatchNow, files: Sequence[FileView]) -> list[tuple[int, str]]:
    """Return where the first file of each state is that asks for a look, and how many are so; for long tables."""
    firsts = [(state, next((one.number for one in files if one.state == state), 0)) for state in (OVERLAPS, BROKEN)]
    if len(files) < LONG_TABLE:
        return []
    return [(number, f"{now.counts.get(state, 0)} {_(FILE_STATES[state])}") for state, number in firsts if number]


def _all_said(beside: Sequence[Beside], zone: tzinfo, names: Mapping[int, str]) -> list[str]:
    """Say of a file what its recordings are like, what is so of several once, with the reasons of the first."""
    told: dict[str, list[Beside]] = {}
    for one in beside:
        told.setdefault(_said(one, zone, names), []).append(one)
    said: list[str] = []
    for words, like in told.items():
        said += [words, *map(retold, like[0].reasons)]
        if len(like) > 1:
            said.append(
                ngettext("So is %(n)s more recording of it.", "So are %(n)s more recordings of it.", len(like) - 1)
            )
    return said


def _said(one: Beside, zone: tzinfo, names: Mapping[int, str]) -> str:
    name = names.get(int(one.of[1:]), "").rpartition("/")[2] if _is_file(one) else ""
    if one.deleted_at_s is not None:
        day = short_day(local(one.deleted_at_s, zone))
        if one.same is Same.YES:
            said = _("You deleted this workout on %(day)s: it stays deleted unless you choose it.", day=day)
        else:
            said = _("It may be a workout that you deleted on %(day)s: it stays so unless you choose it.", day=day)
    elif one.same is Same.YES and _is_file(one):
        said = _("The same workout as %(name)s of this import: it stands beside it, and counts once.", name=name)
    elif one.same is Same.YES:
        said = _("The same workout as one that is here: it stands beside it, and counts once.")
    elif _is_file(one):
        said = _("It may be the same workout as %(name)s: choose it to import it, then say what it is.", name=name)
    else:
        said = _("It may be a workout that is here: choose it to import it, then say what it is.")
    return said


def _is_file(one: Beside) -> bool:
    return one.of.startswith("#")


def _left(now: BatchNow) -> int:
    states = (IMPORTED, IMPORTING) if now.batch.state == UNDOING else (*COMES, IMPORTING)
    return sum(now.counts.get(state, 0) for state in states)


def _what(found: Found, zone: tzinfo) -> str:
    parts = [sport_name(found.sport), short_day_and_time(local(found.start_utc_s, zone)), duration(found.duration_s)]
    return ", ".join([*parts, *([str(distance(found.distance_m))] if found.distance_m else [])])
