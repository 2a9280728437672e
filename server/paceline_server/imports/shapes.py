"""What the API of imports takes and gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Utc, Uuid

MOST_FILES = 20_000
BatchState = Literal["coming", "reading", "looked", "importing", "done", "undoing", "undone", "failed"]
FileState = Literal[
    "new", "recording", "same", "deleted", "overlaps", "broken", "importing", "imported", "undone", "forgotten"
]
FileNumber = Annotated[int, Meta(ge=1, le=MOST_FILES)]


class ImportQuery(Struct, forbid_unknown_fields=True):
    """How to import; without `mode` a single file is imported at once, and of a zip it is said what is in it."""

    mode: Literal["now", "look"] | None = None
    name: Annotated[str, Meta(max_length=200, description="Of the file; it is only shown.")] = ""


class FilesQuery(Struct, forbid_unknown_fields=True):
    """Which files of the batch to show: those with higher numbers than `after`."""

    after: Annotated[int, Meta(ge=0, le=MOST_FILES)] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class BatchesQuery(Struct, forbid_unknown_fields=True):
    """Which batches to show, the latest first."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Annotated[int, Meta(ge=0, le=10_000_000)] = 0


class Chosen(Struct, forbid_unknown_fields=True):
    """The numbers of the files to import, also of such as may be here or were deleted; without it all that come.

    Those are what is new, and other recordings of workouts that are here.
    """

    files: Annotated[list[FileNumber], Meta(max_length=MOST_FILES)] | None = None


class BatchShown(Struct):
    """A batch: how far it is, and how many of its files are in which state. `reason`: why all of it failed.

    Files that wait for a word are forgotten at `waits_until`; null where none waits.
    """

    batch_id: Uuid
    name: str
    size_bytes: int
    status: BatchState
    reason: str
    total_files: int
    read_files: int
    counts: dict[str, int]
    made_at: Utc
    waits_until: Utc | None


class BesideShown(Struct):
    """What a recording is of the same workout as, or may be: an activity, one that was deleted, a file before it."""

    same: Literal["same", "perhaps"]
    activity_id: Uuid | None
    file: FileNumber | None
    deleted_at: Utc | None
    reasons: list[str]


class RecordingShown(Struct):
    """A recording in a file; `overlaps` are activities that are, or may be, of the same workout."""

    type: str
    start_time: Utc
    duration_s: float
    distance_m: float | None
    points: int
    activity_id: Uuid | None
    overlaps: list[Uuid]
    beside: list[BesideShown]


class FileShown(Struct):
    """A file of a batch. `sha256` is that of its bytes; `reason` and `warnings` are sentences."""

    number: FileNumber
    name: str
    sha256: str
    size_bytes: int
    status: FileState
    reason: str
    warnings: list[str]
    recordings: list[RecordingShown]


class BatchWhole(BatchShown):
    """A batch with files in it."""

    files: list[FileShown]


class BatchesShown(Struct):
    """Batches, the latest first."""

    imports: list[BatchShown]
