"""What the API of the notifications takes and gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

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
