"""Every kind of event and every handler, in one table.

A handler is told an owner and a subject and brings what it makes of that subject up to date; told twice, it changes
nothing more. So events of one subject may be handled together, and a handler that is new, or was wrong, is made good by
its back-fill, which has it look at every subject there is. backstage.py binds what they do to these names.
"""

from dataclasses import dataclass

ACTIVITY_OVERLAPS = "activity overlaps"  # subject: the activity, which shares time with another one
ACTIVITY_COUNTED = "activity counted"  # subject: all of somebody's
DUPLICATES = "duplicates"
HEIGHTS_WANTED = "heights wanted"  # subject: the activity, which has a way and recorded no good altitudes
TILES = "elevation tiles"
TILES_WANTED = "tiles wanted"  # subject: the activity, of which some tile is not here
DAYS_CHANGED = "days changed"  # subject: all of somebody's
GEAR = "gear"
GEAR_CHANGED = "gear changed"  # subject: all of somebody's
GEAR_WORN = "gear worn"  # subject: the gear's id; told once for each limit
GOALS = "goals"
GOALS_CHANGED = "goals changed"  # subject: all of somebody's
GOAL_REACHED = "goal reached"  # subject: the goal's id and the first day of its period; told once
LANDMARKS, GOAL_NOTICES, GEAR_NOTICES = "landmarks", "goal notices", "gear notices"
NOTICE_LETTERS, PUSHES = "notice letters", "pushes"
NOTICES_TO_WRIST, NOTICES_ON_WRIST = "notices to wrist", "notices on wrist"
NOTICE_BY_MAIL = "notice by mail"  # subject: the notice's id
NOTICE_BY_PUSH = "notice by push"  # subject: the notice, the browser, how often it was tried
NOTICE_BY_WRIST = "notice by wrist"  # subject: the notice's id
NOTICES_WORN = "notices worn"  # subject: all of somebody's, or a device; a wearable may have to show others
MEASURES = "measures"
METRICS_AGED = "metrics aged"  # subject: `all` of somebody's, or after which activity (or user) to go on; and a version
NOTICES_TIMED = "notices timed"  # subject: all of somebody's; something may be due by the clock
PROFILE_CHANGED = "profile changed"  # subject: all of somebody's
WEARABLE_CHANGED = "wearable changed"  # subject: the device; who wears it, or what was read of it
WRIST = "wrist"
IMPORT_GREW = "import grew"  # subject: the batch
IMPORT_LEFT = "import left"  # subject: the batch; perhaps its owner wants no more of it
JOURNAL_GREW = "journal grew"  # subject: device and epoch
ORIGINAL_WANTED = "original wanted"  # subject: the activity, or `days`; they are to be made anew from their files
ACCOUNTS = "accounts"
ARCHIVE_SENT = "archive sent"  # of an owner: a file is here to be read
ACCOUNT_LEFT = "account left"  # subject: at once, or later for what was under way
UPLOAD_GREW = "upload grew"  # subject: the activity
UPLOAD_LEFT = "upload left"  # subject: the activity; perhaps nothing more comes of it
KEYS_AGED = "keys aged"  # of an owner: idempotency keys are a day old
LETTERS = "letters"
LETTER_WRITTEN = "letter written"  # subject: the letter's id
RECOVERIES = "recoveries"
RECOVERY_ASKED = "recovery asked"  # subject: a user name or an address, of nobody as yet
TELEMETRY = "telemetry"
TELEMETRY_LEFT = "telemetry left"  # subject: the key of a blob, of telemetry or an original, that perhaps nothing shows
TELEMETRY_DAMAGED = "telemetry damaged"  # subject: the activity; its blob is not what was put, or gone


@dataclass(frozen=True, slots=True)
class Handler:
    """One row: the kinds of events that it hears of, what it does, and what its back-fill looks at."""

    name: str
    kinds: frozenset[str]
    does: str
    backfill: str


HANDLERS = (
    Handler(
        "journals",
        frozenset({JOURNAL_GREW}),
        "makes activities, days and device events of a journal",
        "every journal, read from its first byte",
    ),
    Handler(
        "uploads",
        frozenset({UPLOAD_GREW}),
        "makes the activity of what a program sent",
        "every upload",
    ),
    Handler(
        "uploads left",
        frozenset({UPLOAD_LEFT}),
        "ends a recording of which nothing was heard for twelve hours",
        "every upload that has not ended",
    ),
    Handler(
        "imports",
        frozenset({IMPORT_GREW}),
        "reads, imports and undoes files, a slice each turn",
        "every batch",
    ),
    Handler(
        "imports left",
        frozenset({IMPORT_LEFT}),
        "lets go of files that nobody wanted within the days that they wait",
        "every batch of which files wait",
    ),
    Handler(
        "originals",
        frozenset({ORIGINAL_WANTED}),
        "makes an activity, or somebody's days, anew from the files",
        "every activity that was made of a file, everybody whose days were",
    ),
    Handler(
        DUPLICATES,
        frozenset({ACTIVITY_OVERLAPS}),
        "compares an activity with those of its time, and shows recordings of one workout as one",
        "every activity that shares time with another one",
    ),
    Handler(
        "archives",
        frozenset({ARCHIVE_SENT}),
        "looks at an archive that was sent, and takes what is in it",
        "every archive that is being read",
    ),
    Handler(
        "elevation",
        frozenset({HEIGHTS_WANTED}),
        "gives an activity without altitudes, or with a receiver's, the climb of elevation tiles, where they are set",
        "every activity that has a way and no good altitudes",
    ),
    Handler(
        TILES,
        frozenset({TILES_WANTED}),
        "fetches the elevation tiles of an activity, and gives it their climb",
        "nothing: what waits has an event",
    ),
    Handler(
        MEASURES,
        frozenset({METRICS_AGED}),
        "measures activities anew, from their telemetry, that a version before this one measured by other rules",
        "everybody, by itself at the first start of such a version",
    ),
    Handler(
        "statistics",
        frozenset(),  # rows of sums change with their activity: only a back-fill asks for more
        "makes the sums of somebody's activities anew",
        "everybody",
    ),
    Handler(
        GEAR,
        frozenset({ACTIVITY_COUNTED, GEAR_CHANGED}),
        "notes and tells which gear is worn out",
        "everybody",
    ),
    Handler(
        GOALS,
        frozenset({ACTIVITY_COUNTED, DAYS_CHANGED, GOALS_CHANGED, PROFILE_CHANGED}),
        "notes and tells which goals are reached, and lets their weeks follow the profile",
        "everybody",
    ),
    Handler(
        GOAL_NOTICES,
        frozenset({GOAL_REACHED}),
        "tells that a goal is reached",
        "every goal that was reached",
    ),
    Handler(
        GEAR_NOTICES,
        frozenset({GEAR_WORN}),
        "tells that gear is worn out",
        "all gear that is worn out",
    ),
    Handler(
        LANDMARKS,
        frozenset({ACTIVITY_COUNTED, DAYS_CHANGED, PROFILE_CHANGED, NOTICES_TIMED}),
        "tells personal bests, milestones and what is due by the clock",
        "everybody",
    ),
    Handler(
        NOTICE_LETTERS,
        frozenset({NOTICE_BY_MAIL}),
        "writes the letter of a notice",
        "nothing: what waits has an event",
    ),
    Handler(
        PUSHES,
        frozenset({NOTICE_BY_PUSH}),
        "sends a notice to a browser",
        "nothing: what waits has an event",
    ),
    Handler(
        NOTICES_TO_WRIST,
        frozenset({NOTICE_BY_WRIST}),
        "lets a notice go out to wearables",
        "nothing: what waits has an event",
    ),
    Handler(
        NOTICES_ON_WRIST,
        frozenset({NOTICES_WORN}),
        "composes the notices on wearables of those of their wearers",
        "everybody",
    ),
    Handler(
        WRIST,
        frozenset({PROFILE_CHANGED, WEARABLE_CHANGED, ACTIVITY_COUNTED, DAYS_CHANGED, GOALS_CHANGED}),
        "composes the settings of wearables of their wearers' profiles and goals",
        "everybody",
    ),
    Handler(
        TELEMETRY,
        frozenset({TELEMETRY_LEFT}),
        "deletes telemetry that no activity shows, and a file whose import was cut off",
        "every telemetry blob that no activity shows",
    ),
    Handler(
        "idempotency",
        frozenset({KEYS_AGED}),
        "forgets idempotency keys that are a day old",
        "everybody",
    ),
    Handler(
        "healing",
        frozenset({TELEMETRY_DAMAGED}),
        "has an activity made anew from its journal, upload or file",
        "every activity whose telemetry is damaged or missing",
    ),
    Handler(
        LETTERS,
        frozenset({LETTER_WRITTEN}),
        "sends a letter, or logs its link where no mail is set up",
        "every letter that waits",
    ),
    Handler(
        RECOVERIES,
        frozenset({RECOVERY_ASKED}),
        "writes the letter with which a forgotten password is replaced",
        "nothing: who waits asks again",
    ),
    Handler(
        ACCOUNTS,
        frozenset({ACCOUNT_LEFT}),
        "deletes rows, telemetry and journals of an account that was left",
        "everybody who has files and is no user",
    ),
)
NAMES = tuple(handler.name for handler in HANDLERS)
APART = (frozenset({LETTERS, PUSHES}), frozenset({TILES}))
"""Handlers that wait for others' servers: each group has one task of its own, so that nothing else waits with it."""
LIGHT = frozenset(
    {GEAR, GOALS, GOAL_NOTICES, GEAR_NOTICES, LANDMARKS, NOTICE_LETTERS, NOTICES_TO_WRIST, NOTICES_ON_WRIST, WRIST}
)
"""Handlers that ask the database alone, and a little: several turns of theirs are handled in one go."""
