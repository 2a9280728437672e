"""Rules of the uploads: what a program sends becomes one activity, however often and in whatever pieces it is sent."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from paceline_server.activities import store as activities
from paceline_server.activities.edits import Edits
from paceline_server.activities.recorded import SetDone, set_row
from paceline_server.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from paceline_server.events.model import Turn, WorkedOff
from paceline_server.formats.sent_points import MOST_POINTS, SentPoint, packed, unpacked
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.ids import new_id
from paceline_server.platform.policy import Visibility
from paceline_server.uploads import store
from paceline_server.uploads.model import FINISHED, OPEN, Said, Upload
from paceline_server.uploads.processing import activity_before
from paceline_server.uploads.shapes import (
    End,
    MorePoints,
    NewActivity,
    NewRecording,
    SentSet,
    Stretch,
)

EARLIEST_S = 0.0
AHEAD_S = 86400.0  # a start may lie so far ahead: a phone's clock is not ours
PATIENCE_S = 2.0  # an answer waits so long for the analysis; then it follows
ENTERED, SENT = "entered", "upload"


@dataclass(frozen=True, slots=True)
class Taken:
    """An upload's activity: whether it was made now, and whether it was deleted since."""

    activity_id: str
    made: bool
    deleted: bool = False


class UploadService:
    """Takes what programs send."""

    def __init__(
        self,
        database: Database,
        pool: Executor,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        notify: Callable[[], None],
        worked_off: WorkedOff,
    ) -> None:
        self._database = database
        self._pool = pool
        self._clock = clock
        self._random_bytes = random_bytes
        self._notify = notify
        self._worked_off = worked_off

    async def take(self, owner_id: str, body: NewActivity) -> Taken:
        """Take a workout, whole. The same client's id again is the same workout; ConflictError when it says another."""
        if body.duration is None and not body.data_points:
            raise InvalidError("field", "duration is needed where there are no data_points.", field="duration")
        _check_positions(body.data_points)
        loop = asyncio.get_running_loop()
        digest, part = await loop.run_in_executor(self._pool, _digest_and_part, body)
        said = Said(
            body.type,
            SENT if body.data_points else ENTERED,
            self._start_s(body.start_time),
            body.duration,
            body.distance,
            body.calories,
            tuple(tuple(set_row(one)) for one in sets_sent(body.sets)),
            digest=digest,
        )
        edits = Edits(
            title=body.title.strip(),
            notes=body.notes.strip(),
            visibility=Visibility(body.visibility),
            perceived_effort=body.perceived_effort,
        )
        upload = self._upload(owner_id, FINISHED, said, len(body.data_points), body.activity_id)
        there, taken = await self._begin(upload, body, edits, part)
        if there is not None and not taken.made and there.said.digest != digest:
            raise ConflictError("differs", "This id was used for a workout that says something else.")
        return taken

    async def start(self, owner_id: str, body: NewRecording) -> Taken:
        """Take the beginning of a workout."""
        start_s = self._clock() if body.start_time is None else self._start_s(body.start_time)
        edits = Edits(title=body.title.strip(), visibility=Visibility(body.visibility))
        upload = self._upload(owner_id, OPEN, Said(body.type, SENT, start_s), 0, body.activity_id)
        return (await self._begin(upload, body, edits, None))[1]

    async def add(self, owner_id: str, activity_id: str, body: MorePoints) -> int:
        """Take points of a workout under way; return how many are held.

        Those that are held already are compared and dropped. ConflictError with `expected_from` when points before them
        are missing, with `from` when one differs.
        """
        _check_positions(body.data_points)
        now_s = self._clock()
        loop = asyncio.get_running_loop()
        upload = await self._database.read(store.get, owner_id, activity_id)
        # Most batches follow what is held: packed before the transaction.
        new = body.data_points[max(0, (upload.points if upload else 0) - body.from_row) :]
        ready = await loop.run_in_executor(self._pool, packed, new)

        def add(connection: Connection) -> int:
            held = _known(connection, owner_id, activity_id)
            end_row = body.from_row + len(body.data_points)
            _refuse(held, body.from_row, end_row)
            _compare(connection, held, body)
            fresh = body.data_points[max(0, held.points - body.from_row) :]
            if not fresh:
                return held.points
            store.grow(connection, held, len(fresh), ready if len(fresh) == len(new) else packed(fresh), now_s)
            return held.points + len(fresh)

        held = await self._database.write(add)
        self._notify()
        return held

    async def finish(self, owner_id: str, activity_id: str, body: End) -> Taken:
        """Take the end of a workout; done again, it changes nothing. ConflictError when points are missing."""
        now_s = self._clock()
        laps, pauses = _stretches("laps", body.laps), _stretches("pauses", body.pauses)

        def end(connection: Connection) -> None:
            held = _known(connection, owner_id, activity_id)
            if held.state == FINISHED:
                return
            if body.points is not None and held.points != body.points:
                raise ConflictError("gap", f"{held.points} points are held.", expected_from=held.points)
            said = replace(
                held.said,
                duration_s=body.duration,
                distance_m=body.distance,
                calories_kcal=body.calories,
                end_points=body.points,
                laps=laps,
                pauses=pauses,
            )
            store.end(connection, held, FINISHED, said, now_s)

        await self._database.write(end)
        await self._made(owner_id, activity_id)
        return Taken(activity_id, made=False)

    async def _begin(
        self, upload: Upload, body: NewActivity | NewRecording, edits: Edits, part: tuple[int, bytes] | None
    ) -> tuple[Upload | None, Taken]:
        client_id = body.activity_id or body.client_id
        source_key = f"client:{client_id}" if client_id else f"upload:{upload.activity_id}"
        activity = activity_before(upload, source_key, edits)
        there, activity_id, made = await self._database.write(store.begin, upload, activity, part)
        if made and upload.state == FINISHED:
            await self._made(upload.owner_id, activity_id)
        elif made:
            self._notify()
        return there, Taken(activity_id or upload.activity_id, made, deleted=there is None and not made)

    async def _made(self, owner_id: str, activity_id: str) -> None:
        """Wait until the activity is made, or for as long as an answer can wait."""
        await self._worked_off(Turn(owner_id, "uploads", activity_id), PATIENCE_S)

    def _upload(self, owner_id: str, state: str, said: Said, points: int, activity_id: str | None) -> Upload:
        now_s = self._clock()
        return Upload(owner_id, activity_id or new_id(now_s, self._random_bytes), state, said, points, now_s, now_s)

    def _start_s(self, moment: datetime) -> float:
        start_s = moment.timestamp()
        if not EARLIEST_S <= start_s <= self._clock() + AHEAD_S:
            raise InvalidError("field", "start_time is a time since 1970, not in the future.", field="start_time")
        return start_s


def sets_sent(sets: Sequence[SentSet]) -> tuple[SetDone, ...]:
    """Return sets as they are kept; InvalidError when one ends before it begins, or begins and never ends."""
    for number, one in enumerate(sets):
        if (one.start_s is None) != (one.end_s is None) or (one.start_s or 0.0) > (one.end_s or 0.0):
            name = f"sets[{number}].end_s"
            raise InvalidError("field", f"{name} must be there with start_s, and not before it.", field=name)
    return tuple(
        SetDone(one.exercise.strip(), one.repetitions, one.load_kg, one.rest_s, one.start_s, one.end_s) for one in sets
    )


def _stretches(name: str, sent: Sequence[Stretch]) -> tuple[tuple[float, float], ...]:
    """Return stretches as they are kept; InvalidError unless each begins where the one before has ended, or later."""
    reached_s = 0.0
    for number, one in enumerate(sent):
        if not reached_s <= one.start_s <= one.end_s:
            field = f"{name}[{number}].start_s"
            raise InvalidError("field", f"{name} lie one behind the other, each with its end last.", field=field)
        reached_s = one.end_s
    return tuple((one.start_s, one.end_s) for one in sent)


def _digest_and_part(body: NewActivity) -> tuple[str, tuple[int, bytes] | None]:
    digest = hashlib.sha256(msgspec.json.encode(body)).hexdigest()[:32]
    return digest, (len(body.data_points), packed(body.data_points)) if body.data_points else None


def _check_positions(points: Sequence[SentPoint]) -> None:
    for number, point in enumerate(points):
        if (point.lat is None) != (point.lng is None):
            name = f"data_points[{number}].{'lat' if point.lat is None else 'lng'}"
            raise InvalidError("field", f"{name} is missing: a position has both.", field=name)


def _known(connection: Connection, owner_id: str, activity_id: str) -> Upload:
    upload = store.locked(connection, owner_id, activity_id)
    if upload is None:
        if activities.exists(connection, owner_id, activity_id):
            raise ConflictError("recorded", "This activity was recorded by something else: nothing can be sent to it.")
        raise NotFoundError("not_found", "There is no such recording under way, or it is not yours.")
    return upload


def _refuse(held: Upload, from_row: int, end_row: int) -> None:
    if from_row > held.points:
        raise ConflictError("gap", f"{held.points} points are held.", expected_from=held.points)
    if end_row > MOST_POINTS:
        raise TooLargeError("too_large", f"A workout may have {MOST_POINTS} points.", limit=MOST_POINTS)
    ended = held.said.digest or held.said.end_points is not None
    if end_row > held.points and held.state == FINISHED and ended:
        raise ConflictError("finished", "This workout was finished with fewer points.", expected_from=held.points)


def _compare(connection: Connection, held: Upload, body: MorePoints) -> None:
    overlap = min(held.points, body.from_row + len(body.data_points))
    if overlap <= body.from_row:
        return
    sent: Sequence[SentPoint] = body.data_points
    for start, part in store.parts(connection, held.owner_id, held.activity_id, body.from_row, overlap):
        for row, point in enumerate(unpacked(part), start):
            if body.from_row <= row < overlap and point != sent[row - body.from_row]:
                raise ConflictError("differs", f"Point {row} is held with other values.", **{"from": row})
