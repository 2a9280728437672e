"""What lists take and give that come in pages (platform/paging.py)."""

from typing import Annotated

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Cursor


class PageQuery(Struct, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    cursor: Cursor = ""


class PageShown(Struct):
    """Which part of the list that is; with `next_cursor` the next one is asked for, null at the end."""

    limit: int
    offset: int
    next_cursor: str | None
