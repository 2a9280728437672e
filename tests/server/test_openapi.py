"""The API's document: whole, valid by an independent validator, and what is served."""

from typing import Any

import pytest
from aiohttp.web import Response
from msgspec import inspect
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from paceline_server.platform.openapi.contract import TypedHandler
from paceline_server.platform.openapi.document import typed_rows
from paceline_server.platform.openapi.wording import bare_type
from paceline_server.routes import API_ROUTES
from server.answers_checked import DOCUMENT, AnswersChecked
from server.running_server import RunningServer

NOT_YET = {"activities"}  # domains whose routes are typed next
# What is taken though it names fields that are not known, and why.
LENIENT = {"Heard"}  # a newer wearable says more than this server knows


def test_every_route_is_typed() -> None:
    assert [f"{row.method} {row.path}" for row in API_ROUTES if not isinstance(row.handler, TypedHandler)] == []
    documented = {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item}
    assert documented == {(row.method, row.path) for row in API_ROUTES}


def test_the_document_is_valid() -> None:
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


def test_every_operation_says_what_it_is() -> None:
    operations = [one for item in DOCUMENT["paths"].values() for one in item.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    for operation in operations:
        assert operation["summary"] and "/" not in operation["summary"], operation["operationId"]
    tags = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    assert all(tags[tag] for operation in operations for tag in operation["tags"])
    unsaid = [name for name, schema in DOCUMENT["components"]["schemas"].items() if not schema.get("description")]
    assert unsaid == []


def test_what_is_taken_is_bounded_and_strict() -> None:
    faults: list[str] = []
    for _, handler in typed_rows(API_ROUTES):
        for shape in (handler.contract.query, handler.contract.body):
            if shape is not None:
                _look(inspect.type_info(shape), shape.__name__, faults)
    assert faults == []


def _look(kind: inspect.Type, where: str, faults: list[str]) -> None:
    """Add what has no bound, or takes fields that nobody knows."""
    bare = bare_type(kind)
    if isinstance(bare, inspect.StructType) and not bare.forbid_unknown_fields and bare.cls.__name__ not in LENIENT:
        faults.append(f"{where} takes fields that are not known")
    if not _bounded(bare):
        faults.append(f"{where} has no bounds")
    for name, inner in _inner(bare):
        _look(inner, where + name, faults)


def _inner(kind: inspect.Type) -> list[tuple[str, inspect.Type]]:
    if isinstance(kind, inspect.UnionType):
        return [("", one) for one in kind.types]
    if isinstance(kind, inspect.StructType):
        return [(f".{field.encode_name}", field.type) for field in kind.fields]
    if isinstance(kind, inspect.DictType):
        return [("{}", kind.key_type), ("{}", kind.value_type)]
    return [("[]", kind.item_type)] if isinstance(kind, inspect.ListType) else []


def _bounded(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return (kind.ge, kind.gt) != (None, None) and (kind.le, kind.lt) != (None, None)
    if isinstance(kind, inspect.StrType):
        return kind.max_length is not None or kind.pattern is not None
    if isinstance(kind, inspect.ListType | inspect.DictType):
        return kind.max_length is not None
    return not isinstance(kind, inspect.AnyType)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_is_served_once(server: RunningServer) -> None:
    async with server.http.get("/api/v1/openapi.json") as response:
        assert (response.status, response.content_type) == (200, "application/json")
        told: dict[str, Any] = await response.json()
        tag = response.headers["ETag"]
    assert told["paths"] == DOCUMENT["paths"] and told["openapi"] == "3.1.0"
    async with server.http.get("/api/v1/openapi.json", headers={"If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")


def test_an_answer_that_the_document_does_not_tell_is_noticed() -> None:
    checked = AnswersChecked()
    for body in (b'{"status": "ok"}', b'{"status": 3}', b'{"status": "ok", "more": 1}', b"{}"):
        checked.look("GET", "/healthz", Response(body=body, content_type="application/json"))
    checked.look("GET", "/healthz", Response(text="ok"))
    checked.look("GET", "/healthz", Response(status=418))
    assert [fault.partition("200: ")[2][:12] for fault in checked.faults] == [
        "status: 3 is",
        ": Additional",
        ': "status" i',
        "text/plain i",
        "",
    ]


def test_what_an_owner_may_show_to_everybody_says_so() -> None:
    open_to_all = {
        operation["operationId"]
        for item in DOCUMENT["paths"].values()
        for operation in item.values()
        if {} in operation["security"]
    }
    assert open_to_all == {"activities_get_activity", "activities_get_streams", "live_watch"}
