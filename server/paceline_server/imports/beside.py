"""Recordings of files beside what is here, by the verdict of the duplicates; blocks, and belongs in a pool."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from paceline_server.activities import store as activities
from paceline_server.activities.model import Activity
from paceline_server.analysis.same_workout import Same, Verdict
from paceline_server.duplicates import store as duplicates
from paceline_server.duplicates.comparing import Taped, judged
from paceline_server.duplicates.taping import taped
from paceline_server.imports.earlier import Earlier
from paceline_server.imports.judging import judge
from paceline_server.imports.looking import Wanted, make_tapes
from paceline_server.imports.model import CHOOSABLE, Beside, Found, ImportFile
from paceline_server.imports.originals import original_place
from paceline_server.platform.apart.caller import Apart, ApartError, StoppingError
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Database
from paceline_server.tombstones import store as tombstones
from paceline_server.tombstones.sketch import verdict_of

Tapes = Callable[[ImportFile], Sequence[Taped]]
"""The recordings of a file, as they are compared; none when it cannot be read."""
_UNTOLD = Verdict(Same.PERHAPS, ("They are of the same time, and cannot be compared.",))


@dataclass(frozen=True, slots=True)
class _Rival:
    """What may be of the same workout (see Beside): its telemetry, or what can be said without."""

    of: str
    deleted_at_s: float | None
    tape: Callable[[], Taped | None]
    untold: Verdict = _UNTOLD


class Comparer:
    """Compares recordings of files with their owner's activities, with those deleted, and with files before them."""

    def __init__(self, database: Database, blobs: Blobs, apart: Apart, clock: Callable[[], float]) -> None:
        self._database = database
        self._blobs = blobs
        self._apart = apart
        self._clock = clock

    def compared(self, files: Sequence[ImportFile], tapes: Tapes, earlier: Earlier | None = None) -> list[ImportFile]:
        """Return the files as they are, those that may come compared with all that is near them.

        `earlier`: files before them that may come as well; these join them.
        """
        after: list[ImportFile] = []
        for file in files:
            may_come = file.state in CHOOSABLE and bool(file.recordings)
            after.append(self._of_file(file, tapes, earlier) if may_come else file)
            if earlier is not None:
                earlier.add(after[-1])
        return after

    def tapes_of(self, file: ImportFile) -> list[Taped]:
        """Return the recordings of a file that is kept."""
        try:
            data = self._blobs.get(original_place(file.owner_id), file.sha256)
            return self._apart.run(make_tapes, Wanted(file.name, data, file.said)) if data is not None else []
        except (ApartError, BlobDamagedError) as error:
            if isinstance(error, StoppingError):
                raise
            return []

    def _of_file(self, file: ImportFile, tapes: Tapes, earlier: Earlier | None) -> ImportFile:
        of_each = self._database.read_now(self._rivals, file)
        own = cache(partial(tapes, file))
        recordings: list[Found] = []
        for place, found in enumerate(file.recordings):
            before = earlier.near(found) if earlier is not None else []
            here = [one for one in of_each[place] if one.deleted_at_s is None]
            here += [_Rival(f"#{one.number}", None, partial(self._of_other, one, number)) for one, number in before]
            here += [one for one in of_each[place] if one.deleted_at_s is not None]
            recordings.append(replace(found, beside=self._beside(found, here, lambda at=place: _at(own(), at))))
        if tuple(recordings) == file.recordings:
            return file
        return self._database.read_now(judge, replace(file, recordings=tuple(recordings)))

    def _beside(self, found: Found, rivals: Sequence[_Rival], own: Callable[[], Taped | None]) -> tuple[Beside, ...]:
        """Say what a recording is beside its rivals, up to the first that is the same."""
        held = {one.of: one for one in found.beside}
        said: list[Beside] = []
        for rival in rivals:
            one = held.get(rival.of)
            if one is None:
                verdict = self._verdict(own(), rival)
                reasons = () if verdict.same is Same.NO else verdict.reasons
                one = Beside(rival.of, verdict.same, reasons)
            said.append(replace(one, deleted_at_s=rival.deleted_at_s))
            if one.same is Same.YES:
                break
        return tuple(said)

    def _verdict(self, own: Taped | None, rival: _Rival) -> Verdict:
        try:
            other = rival.tape() if own is not None else None
            return self._apart.run(judged, own, other) if own is not None and other is not None else rival.untold
        except (ApartError, BlobDamagedError) as error:
            if isinstance(error, StoppingError):
                raise
            return rival.untold

    def _rivals(self, connection: Connection, file: ImportFile) -> list[list[_Rival]]:
        return [self._near(connection, file.owner_id, found) for found in file.recordings]

    def _near(self, connection: Connection, owner_id: str, found: Found) -> list[_Rival]:
        when = (found.start_utc_s, found.duration_s)
        rivals: list[_Rival] = []
        for activity_id in duplicates.near(connection, owner_id, *when)[: duplicates.MOST]:
            activity = activities.get(connection, owner_id, activity_id)
            if activity is not None:
                rivals.append(_Rival(activity_id, None, partial(self._of_activity, activity)))
        for gone in tombstones.near(connection, owner_id, *when)[: duplicates.MOST]:
            kept = tombstones.find(connection, owner_id, gone.activity_id, self._clock())
            tape = partial(self._of_activity, kept.activity) if kept is not None else _nothing
            sketch = verdict_of(gone, *when, found.distance_m)
            rivals.append(_Rival(gone.activity_id, gone.deleted_at_s, tape, sketch))
        return rivals

    def _of_activity(self, activity: Activity) -> Taped | None:
        return taped(self._blobs, activity) if activity.recorded is not None else None

    def _of_other(self, file: ImportFile, number: int) -> Taped | None:
        return _at(self.tapes_of(file), number - 1)


def _nothing() -> None:
    return None


def _at(tapes: Sequence[Taped], place: int) -> Taped | None:
    return tapes[place] if place < len(tapes) else None
