"""What the API of the notifications takes and gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from paceline_server.platform.openapi.pages import PageQuery, PageShown
from paceline_server.platform.openapi.parameters import Utc, Uuid

Kind = Literal[
    "goal",
    "best",
    "gear",
    "milestone",
    "reminder",
    "inactive",
    "unsynced",
    "import",
    "achievement",
    "recommendation",
    "passed_on",
]


class NoticesQuery(PageQuery):
    """Which notifications, and which part of the list."""

    unread: Annotated[bool, Meta(description="Only those that were not read.")] = False


class NoticeShown(Struct):
    """A notification; `link` is a page of this server, null where there is none."""

    notification_id: Uuid
    kind: Kind
    title: str
    text: str
    link: str | None
    created_at: Utc
    read_at: Utc | None


class Notices(PageShown):
    """Notifications, the latest first, and how many of all were not read."""

    notifications: list[NoticeShown]
    unread: int


class NoticesRead(Struct, forbid_unknown_fields=True):
    """Which notifications were read; null: all."""

    notification_ids: Annotated[list[Uuid], Meta(min_length=1, max_length=200)] | None = None


TimeOfDay = Annotated[
    str,
    Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["18:30"], description="On the clock of one's own day."),
]


class QuietHours(Struct, forbid_unknown_fields=True):
    """From when to when no letter is sent and nothing is told at once; over midnight if the second is the earlier."""

    from_time: TimeOfDay = field(name="from")
    to_time: TimeOfDay = field(name="to")


class Reminder(Struct, forbid_unknown_fields=True):
    """When one is reminded, on days without a workout so far; `weekdays` are 0 for Monday to 6."""

    time: TimeOfDay
    weekdays: Annotated[list[Annotated[int, Meta(ge=0, le=6)]], Meta(min_length=1, max_length=7)]


class Switch(Struct, forbid_unknown_fields=True):
    """Which channels carry a kind."""

    kind: Kind
    inbox: bool = True
    mail: bool = False
    push: bool = True
    wearable: bool = True


class NoticeRules(Struct, forbid_unknown_fields=True):
    """What one is told, and when; null is never. Kinds that are not among the switches are as usual."""

    quiet_hours: QuietHours | None = None
    reminder: Reminder | None = None
    digest_time: Annotated[
        TimeOfDay | None, Meta(description="All letters of a day in one, at this time; null: each at once.")
    ] = None
    inactive_days: Annotated[int, Meta(ge=1, le=365)] | None = 7
    unsynced_hours: Annotated[int, Meta(ge=1, le=2000)] | None = 48
    switches: Annotated[list[Switch], Meta(max_length=20)] = []
