"""What is in a file or a zip of files; runs in the process apart, as the bytes are a stranger's."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from paceline_server.activities.arriving import Ready, make_ready
from paceline_server.activities.edits import Edits
from paceline_server.activities.intake import Incoming
from paceline_server.activities.model import FINISHED
from paceline_server.duplicates.comparing import Taped
from paceline_server.errors import told
from paceline_server.formats.archives.archive import Said
from paceline_server.formats.archives.opening import open_archive
from paceline_server.formats.containers import Bounds, ZipMembers, is_zip
from paceline_server.formats.contents import Contents
from paceline_server.formats.days import DaysSaid
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import LARGEST_BYTES, read_contents
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Recording
from paceline_server.imports.model import BROKEN, NOTHING_SAID, Batch, Found, ImportFile
from paceline_server.imports.said_days import SaidDays, said_days
from paceline_server.imports.spooling import MARK, is_spool, said_of

BOUNDS = Bounds(member_bytes=LARGEST_BYTES)
MOST_BYTES = 16 << 20  # of files looked at together
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Made:
    """What a file becomes: an activity for each recording, and days; `reason` says why it becomes nothing."""

    ready: tuple[Ready, ...] = ()
    days: tuple[DaysSaid, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file; `data` is None for one that nothing can be had of. `made` where that was asked for.

    `whole`: it is the source itself, not a file in it; then its bytes are where they were, and `data` is empty.
    """

    name: str
    sha256: str
    size_bytes: int
    data: bytes | None
    reason: str = ""
    recordings: tuple[Found, ...] = ()
    warnings: tuple[str, ...] = ()
    days: int = 0
    said: Said = NOTHING_SAID
    said_days: SaidDays = field(default_factory=dict)
    made: Made | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that activities are to be made of."""

    name: str
    data: bytes
    said: Said


def look(source: str | bytes, name: str, first: int, most: int, make: bool | None) -> tuple[int, list[Looked]]:
    """Return how many files there are (1, unless it is a zip), and some of them from row `first` on.

    `source` is the path of a file, or its bytes. At least one where there is one, at most `most`. `make` them ready to
    be imported, too; None: if it is only one. (0, []) of an export of another platform: it is to be spooled first
    (spooling.py). FormatError for a zip that cannot be opened.
    """
    with _opened(source) as file:
        zipped = is_zip(file.read(4))
        file.seek(0)
        if first == 0 and not is_spool(file) and open_archive(file, name) is not None:
            return 0, []
        file.seek(0)
        if not zipped:
            looked = _looked(name, file.read(LARGEST_BYTES + 1), NOTHING_SAID, make is not False)
            return 1, [replace(looked, data=b"" if looked.data is not None else None, whole=True)][first:]
        return _members(file, name, first, most, make)


def name_of(source: str | bytes, name: str, row: int) -> str:
    """Return the name of a file, of whose content nothing is read."""
    with _opened(source) as file:
        return ZipMembers(file, BOUNDS).names()[row] if is_zip(file.read(4)) else name


def make_all(wanted: Sequence[Wanted]) -> list[Made]:
    """Return what files become."""
    return [_made_of(one) for one in wanted]


def tapes_of(made: Made) -> list[Taped]:
    """Return the recordings of a file as they are compared with others."""
    return [
        Taped(one.packed, one.shown["sport"], one.source, one.shown["recorded"].start_utc_s, one.shown["duration_s"])
        for one in made.ready
    ]


def make_tapes(wanted: Wanted) -> list[Taped]:
    """Return the recordings of a file as they are compared with others; none when it cannot be read."""
    return tapes_of(_made_of(wanted))


def said_edits(said: Said, sport: str) -> Edits:
    """Return what an archive said of a workout of this sport, as if its owner had said it here."""
    other = said.sport if said.sport and said.sport != sport else None
    return Edits(title=said.title, notes=said.notes, sport=other, calories_kcal=said.calories_kcal)


def incoming_of(recording: Recording, warnings: tuple[str, ...]) -> Incoming:
    """Return a recording of a file on its way in."""
    receipt = Receipt(recorded=None, received=recording.points, problems=warnings)
    return Incoming(FINISHED, recording, receipt, calories_kcal=recording.calories_kcal)


def read_one(
    data: bytes, name: str, number: int, spans: Sequence[tuple[int, float, float]]
) -> tuple[Recording, tuple[str, ...]]:
    """Return a recording of a file, counted from 1, and the warnings of the file.

    `spans` are (number, Unix seconds of start, duration) of what earlier readings of the file gave. A reading that
    finds more or fewer recordings counts them otherwise: then the time tells which it is. FormatError when it is not
    in the file any more.
    """
    contents = read_contents(data, name)
    found = contents.recordings
    mine = next((span for span in spans if span[0] == number), None)
    counted = found[number - 1] if number <= len(found) else None
    if mine is None or (counted is not None and _overlap_s(counted, mine) > 0):
        best = counted
    else:
        best = max(found, key=lambda one: _overlap_s(one, mine), default=None)
        if best is None or _overlap_s(best, mine) <= 0:
            # All of its times may be read otherwise now; or this one is another's.
            others = [span for span in spans if span[0] != number]
            taken = counted is None or any(_overlap_s(counted, span) > 0 for span in others)
            best = None if taken else counted
    if best is None:
        raise FormatError("The file is read without this recording now", name)
    return best, contents.warnings


def read_days(data: bytes, name: str) -> tuple[DaysSaid, ...]:
    """Return what a file that is kept says of days."""
    return read_contents(data, name).days


def file_of(batch: Batch, number: int, one: Looked) -> ImportFile:
    """Return what was looked at as a file of a batch, not judged yet."""
    return ImportFile(
        batch.owner_id,
        batch.batch_id,
        number,
        one.name,
        one.sha256,
        one.size_bytes,
        BROKEN,
        reason=one.reason,
        recordings=one.recordings,
        warnings=one.warnings,
        days=one.days,
        said=one.said,
        said_days=one.said_days,
    )


def broken(name: str, reason: str, data: bytes = b"") -> Looked:
    """Return a file of which nothing can be had."""
    sha256 = hashlib.sha256(data).hexdigest() if data else ""
    return Looked(name, sha256, len(data), None, reason[:LONGEST_REASON])


def _opened(source: str | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb")


def _members(file: BinaryIO, name: str, first: int, most: int, make: bool | None) -> tuple[int, list[Looked]]:
    members = ZipMembers(file, BOUNDS)
    names = members.names()
    if not names:
        raise FormatError("The zip is empty", name)
    ours = members.comment == MARK
    wanted = make or (make is None and len(names) == 1)
    found: list[Looked] = []
    size = 0
    for member in names[first : first + most]:
        said, problem = said_of(members.comment_of(member)) if ours else (NOTHING_SAID, "")
        try:
            data = b"" if problem else members.read(member)
            problem = problem or ("" if ours else _of_export(data, member))
            one = broken(member, problem, data) if problem else _looked(member, data, said, wanted)
        except FormatError as error:
            one = broken(member, str(error))
        found.append(one)
        size += one.size_bytes
        if size > MOST_BYTES:
            break
    return len(names), found


def _of_export(data: bytes, name: str) -> str:
    """Return why a file in a zip is not read: it is another platform's export, which is read by itself."""
    try:
        export = open_archive(io.BytesIO(data), name)
    except FormatError:  # it will be said of the file
        return ""
    return told(f"It is an export of {export.kind} within a zip: send it by itself.") if export is not None else ""


def _looked(name: str, data: bytes, said: Said, wanted: bool) -> Looked:
    try:
        contents = read_contents(data, name)
        made = _made(contents, said) if wanted else None
    except FormatError as error:
        return broken(name, str(error), data)
    except Exception as error:  # noqa: BLE001 (a reader's fault must not stop the other files)
        return broken(name, told(f"It cannot be read: {type(error).__name__}"), data)
    sha256, days = hashlib.sha256(data).hexdigest(), sum(_figures(one) for one in contents.days)
    warnings = tuple(dict.fromkeys(contents.warnings))
    told_of = said_days(contents.days)
    return Looked(name, sha256, len(data), data, "", _found(contents), warnings, days, said, told_of, made)


def _made_of(one: Wanted) -> Made:
    try:
        return _made(read_contents(one.data, one.name), one.said)
    except FormatError as error:
        return Made(reason=str(error)[:LONGEST_REASON])
    except Exception as error:  # noqa: BLE001 (a reader's fault must not stop the other files)
        return Made(reason=told(f"It cannot be read: {type(error).__name__}"))


def _made(contents: Contents, said: Said) -> Made:
    ready = tuple(
        make_ready(incoming_of(one, contents.warnings), said_edits(said, one.sport)) for one in contents.recordings
    )
    return Made(ready, contents.days)


def _overlap_s(one: Recording, span: tuple[int, float, float]) -> float:
    """Return how long both last together, at least a second where one lies in the other."""
    _, start_s, duration_s = span
    begin_s, end_s = max(one.start_utc_s, start_s), min(one.start_utc_s + one.duration_s, start_s + duration_s)
    return end_s - begin_s + 1


def _figures(days: DaysSaid) -> int:
    return len(days.values) + len(days.counts) + len(days.sleeps)


def _found(contents: Contents) -> tuple[Found, ...]:
    return tuple(
        Found(number, one.sport, one.start_utc_s, one.duration_s, _distance_m(one), one.points)
        for number, one in enumerate(contents.recordings, 1)
    )


def _distance_m(recording: Recording) -> float | None:
    column = recording.columns.get("distance_m")
    held = [] if column is None else column[column == column].tolist()  # noqa: PLR0124 (NaN)
    return float(held[-1]) if held else None
