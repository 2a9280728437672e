"""Lists in pages: by limit and offset, or by cursor.

A cursor is where a page ended: the sort key of its last row. The next page is what comes behind it by the same order,
so that rows which come or go meanwhile move nothing. To clients it is opaque. It is checked, not secret: it holds
nothing but values of a row that the client was shown, it selects nothing by itself (every statement names the owner),
and it is good only for the list and the filters that it was made for.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from aiohttp import web
from sqlalchemy import BigInteger, ColumnElement, Double, Integer, Select, String, Uuid, literal, tuple_

from paceline_server.errors import InvalidError
from paceline_server.platform.answers import json_response
from paceline_server.platform.ids import is_id
from paceline_server.platform.openapi.pages import PageQuery

Value = int | float | str
Row = TypeVar("Row")

LONGEST_CURSOR = 1000
_SCOPE_BYTES = 6


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for; `after` is the key of the row before it, None at the beginning."""

    limit: int
    offset: int = 0
    after: tuple[Value, ...] | None = None
    scope: str = ""


def asked(request: web.Request, query: PageQuery) -> Page:
    """Return the page that a request asks for; InvalidError for a cursor that is not of this list."""
    return page_of(query.limit, query.offset, query.cursor or None, scope_of(request))


def page_of(limit: int, offset: int, cursor: str | None, scope: str) -> Page:
    """Return the page of values that are within their bounds."""
    if cursor is None:
        return Page(limit, offset, None, scope)
    if offset:
        raise InvalidError("query", "offset and cursor exclude each other.", field="offset")
    return Page(limit, 0, _opened(cursor, scope), scope)


def scope_of(request: web.Request) -> str:
    """Return what a cursor is good for: the list of the path, with its filters."""
    filters = sorted((name, text) for name, text in request.query.items() if name not in {"limit", "offset", "cursor"})
    digest = hashlib.sha256(orjson.dumps([request.path, filters])).digest()
    return base64.urlsafe_b64encode(digest[:_SCOPE_BYTES]).decode()


def paged(
    query: Select[Any], order: Sequence[ColumnElement[Any]], page: Page, *, descending: bool = True
) -> Select[Any]:
    """Return the query of a page, and of one row more, which tells whether there is another page.

    `order` are columns of an index behind its owner; together they name one row. InvalidError when the cursor cannot
    be of such a row.
    """
    if page.after is not None:
        if len(page.after) != len(order):
            raise _unknown()
        here = tuple_(*order)
        pairs = zip(page.after, order, strict=True)
        there = tuple_(*(literal(_checked(value, column), column.type) for value, column in pairs))
        query = query.where(here < there if descending else here > there)
    ordered = query.order_by(*(column.desc() if descending else column for column in order))
    return ordered.limit(page.limit + 1).offset(page.offset)


def cut(rows: Sequence[Row], key: Callable[[Row], tuple[Value, ...]], page: Page) -> list[Row]:
    """Return what `paged` would, of the rows of a short list that is put in order here: by `key`, rising.

    The key of a row names it alone. InvalidError when the cursor cannot be of such a row.
    """
    behind = sorted(rows, key=key)
    if page.after is not None:
        after = page.after
        if behind and [_kind(value) for value in after] != [_kind(value) for value in key(behind[0])]:
            raise _unknown()
        behind = [row for row in behind if key(row) > after]
    return behind[page.offset : page.offset + page.limit + 1]


def page_response(
    request: web.Request,
    page: Page,
    name: str,
    found: Sequence[Row],
    fields: Callable[[Row], object],
    key: Callable[[Row], Sequence[Value]],
    total: int | None = None,
    more: Mapping[str, object] | None = None,
) -> web.Response:
    """Answer with the rows that `paged` found: {name: […], "limit", "offset", "next_cursor"} and a Link to the next.

    `more` are further fields of the answer.
    """
    shown = found[: page.limit]
    cursor = sealed(page.scope, key(shown[-1])) if len(found) > page.limit else None
    body: dict[str, object] = {name: [fields(row) for row in shown], **(more or {})}
    if total is not None:
        body["total"] = total
    response = json_response({**body, "limit": page.limit, "offset": page.offset, "next_cursor": cursor})
    if cursor is not None:
        query = {key: text for key, text in request.query.items() if key != "offset"} | {"cursor": cursor}
        response.headers["Link"] = f'<{request.rel_url.with_query(query)}>; rel="next"'
    return response


def sealed(scope: str, key: Sequence[Value]) -> str:
    """Return the cursor behind the row of a key."""
    return base64.urlsafe_b64encode(orjson.dumps([scope, *key])).rstrip(b"=").decode()


def _opened(cursor: str, scope: str) -> tuple[Value, ...]:
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise _unknown()
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        made_for, *values = orjson.loads(data)
    except (ValueError, TypeError):
        raise _unknown() from None
    if made_for != scope:
        raise _unknown()
    return tuple(values)


def _checked(value: object, column: ColumnElement[Any]) -> Value:
    """Return the value of a cursor if the column can hold it: a database refuses others with an error of its own."""
    kind = column.type
    if isinstance(kind, Double) and type(value) in (int, float):
        return float(value)  # type: ignore[arg-type]
    if isinstance(kind, Integer) and type(value) is int:
        fits = abs(value) < (1 << 63 if isinstance(kind, BigInteger) else 1 << 31)
    else:
        fits = isinstance(value, str) and (
            is_id(value) if isinstance(kind, Uuid) else isinstance(kind, String) and "\0" not in value
        )
    if not fits:
        raise _unknown()
    return value  # type: ignore[return-value]


def _kind(value: object) -> type:
    return float if type(value) is int else type(value)


def _unknown() -> InvalidError:
    return InvalidError("cursor", "This cursor is not of this list with these filters; begin again.", field="cursor")
