"""The step before a handler: a request's query and body become typed values, or one error that names the field."""

import re
from functools import cache
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct
from multidict import MultiMapping

from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.platform.bodies import read_bytes
from paceline_server.platform.openapi.contract import Contract
from paceline_server.platform.openapi.parameters import can_be
from paceline_server.platform.openapi.wording import bare_type, refusal

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_NUMBER = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,19})?")
_FLAGS = {"true": True, "false": False}


async def taken(request: web.Request, contract: Contract) -> dict[str, Struct]:
    """Return what the handler takes, by its parameters' names; InvalidError, NotFoundError or TooLargeError."""
    refuse_strange_path(request)
    found: dict[str, Struct] = {}
    if contract.query is not None:
        found["query"] = query_of(request.query, contract.query)
    if contract.body is not None:
        found["body"] = body_of(await read_bytes(request, contract.at_most), contract.body)
    return found


def refuse_strange_path(request: web.Request) -> None:
    """Raise NotFoundError when a part of the path cannot name anything."""
    if not all(can_be(name, value) for name, value in request.match_info.items()):
        raise NotFoundError("not_found", "There is no such thing, or it is not yours.")


def refuse_strange_query(query: MultiMapping[str]) -> None:
    """Raise InvalidError for a value that no text is, and that PostgreSQL takes for none."""
    for name, text in query.items():
        if "\x00" in text:
            raise InvalidError("query", f"{name[:40]} holds a character that no text has.", field=name[:40])


def query_of(query: MultiMapping[str], shape: type[Struct]) -> Struct:
    """Return a query as a Struct; each name once, but for lists."""
    refuse_strange_query(query)
    values: dict[str, object] = {}
    kinds = _kinds(shape)
    for name in query:
        every, kind = query.getall(name), kinds.get(name)
        if isinstance(kind, msgspec.inspect.ListType):
            item = bare_type(kind.item_type)
            values[name] = [_typed(text, item) for text in every]
        elif len(every) > 1:
            raise InvalidError("query", f"{name[:40]} stands there twice.", field=name[:40])
        else:
            values[name] = _typed(every[0], kind)
    try:
        return msgspec.convert(values, shape)
    except msgspec.ValidationError as error:
        raise refusal(error, shape, "query") from None


def body_of(data: bytes, shape: type[Struct]) -> Struct:
    """Return a JSON body as a Struct; an empty one is as {}."""
    try:
        found = msgspec.json.decode(data or b"{}", type=shape)
    except msgspec.ValidationError as error:
        raise refusal(error, shape, "field") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidError("malformed", f"The body is not JSON: {error}.") from None
    except RecursionError:
        raise InvalidError("malformed", "The body is nested too deeply.") from None
    # PostgreSQL keeps no zero characters, and no text that a person wrote has one.
    if b"\\u0000" in data and _holds_zero(msgspec.to_builtins(found)):
        raise InvalidError("malformed", "The body holds a zero character, which no text has.")
    return found


@cache
def _kinds(shape: type[Struct]) -> dict[str, msgspec.inspect.Type]:
    info = msgspec.inspect.type_info(shape)
    assert isinstance(info, msgspec.inspect.StructType)
    return {field.encode_name: bare_type(field.type) for field in info.fields}


def _typed(text: str, kind: msgspec.inspect.Type | None) -> object:
    # Stricter than msgspec's own reading of texts: one way to write a value.
    if isinstance(kind, msgspec.inspect.IntType):
        return int(text) if _INTEGER.fullmatch(text) else text
    if isinstance(kind, msgspec.inspect.FloatType):
        return float(text) if _NUMBER.fullmatch(text) else text
    if isinstance(kind, msgspec.inspect.BoolType):
        return _FLAGS.get(text, text)
    return text


def _holds_zero(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_zero(key) or _holds_zero(one) for key, one in value.items())
    return isinstance(value, list) and any(_holds_zero(one) for one in value)
