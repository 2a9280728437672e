"""The tables of imports: batches and the files in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, Index, Integer, String, Table, Text, Uuid

from paceline_server.analysis.same_workout import Same
from paceline_server.errors import told
from paceline_server.formats.archives.archive import Said
from paceline_server.platform.schema import METADATA

COMING = "coming"  # its bytes are not all here yet
READING = "reading"
LOOKED = "looked"  # read; waits for its owner to say what of it to import
IMPORTING = "importing"  # of a file: begun, so that after a crash it is known whose the activity is
DONE = "done"
UNDOING = "undoing"
UNDONE = "undone"  # or never wanted
FAILED = "failed"

NEW = "new"
SAME = "same"  # this content is an activity already
DELETED = "deleted"  # it was one, or is of the workout of one, and its owner deleted that
RECORDING = "recording"  # of a workout that is here, or of a file before it: it comes beside that, and counts once
OVERLAPS = "overlaps"  # it may be a workout that is here: its owner has to say
BROKEN = "broken"
IMPORTED = "imported"
FORGOTTEN = "forgotten"  # nobody wanted it in time
COMES = (NEW, RECORDING)  # what is imported unless its owner says otherwise
CHOOSABLE = (*COMES, OVERLAPS, DELETED)
PENDING = (*CHOOSABLE, IMPORTING)  # files whose bytes a batch may still need

EDITED = told("Its activity was edited since: it stays.")
BY_RULE, BY_NAME, BACK = "rule", "named", "back"  # why a file is wanted: it is new, it was named, it is to be undone

HANDLER = "imports"  # who works batches off
MOST_UNDER_WAY = 50  # batches of one owner that are not read yet: each holds its bytes
NOTHING_SAID = Said()

IMPORTS = Table(
    "imports",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("batch_id", Uuid(as_uuid=False), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("staged_sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at_once", Boolean),
    Column("reason", Text, nullable=False),
    Column("total_files", Integer, nullable=False),
    Column("read_files", Integer, nullable=False),
    Column("made_at_s", Double, nullable=False),
)

IMPORT_FILES = Table(
    "import_files",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("batch_id", Uuid(as_uuid=False), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("wanted", String(8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", JSON, nullable=False),  # recordings, warnings, days, what was said: never searched
    Index("import_files_by_content", "owner_id", "sha256", "batch_id"),
    Index("import_files_by_state", "owner_id", "batch_id", "state", "number"),
    Index("import_files_by_wish", "owner_id", "batch_id", "wanted", "number"),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """What came at once. `at_once` None: imported without a question when it is one file.

    `staged_sha256` names the blob of what came, "" when that is gone; `total_files` is 0 until it is read.
    """

    owner_id: str
    batch_id: str
    name: str
    at_once: bool | None
    made_at_s: float
    size_bytes: int = 0
    staged_sha256: str = ""
    state: str = COMING
    reason: str = ""
    total_files: int = 0
    read_files: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """What a recording was compared with, and the verdict (analysis/same_workout.py) with its reasons.

    `of` is an activity, one that was deleted (when), or "#" and the number of a file before it in its batch.
    """

    of: str
    same: Same
    reasons: tuple[str, ...] = ()
    deleted_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A recording in a file; `distance_m` is the source's own. `made`: its activity was made by this batch."""

    number: int
    sport: str
    start_utc_s: float
    duration_s: float
    distance_m: float | None
    points: int
    activity_id: str | None = None
    made: bool = False
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file of a batch; numbers count from 1. `reason` is a sentence for the user.

    `days` is the number of figures and sleeps that it holds, `said` what its archive says beside it, `said_days` of
    which days it said something when it was last read (said_days.py; nothing where an older program read it).
    """

    owner_id: str
    batch_id: str
    number: int
    name: str
    sha256: str
    size_bytes: int
    state: str
    wanted: str = ""
    reason: str = ""
    recordings: tuple[Found, ...] = ()
    warnings: tuple[str, ...] = ()
    days: int = 0
    said: Said = NOTHING_SAID
    said_days: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
