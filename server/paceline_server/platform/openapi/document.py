"""The OpenAPI 3.1 document, made of the routes' table."""

import importlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import msgspec

from paceline_server.platform.answers import API_PREFIX
from paceline_server.platform.gate import Row
from paceline_server.platform.once import KEY
from paceline_server.platform.openapi.contract import Contract, Form, Raw, TypedHandler
from paceline_server.platform.openapi.parameters import type_of
from paceline_server.platform.openapi.shapes import Problem, Schema, Schemas, resolved, without_null
from paceline_server.platform.openapi.statuses import MEANINGS, WRITES, refusals
from paceline_server.platform.policy import Action

_PART = re.compile(r"\{(\w+)\}")
_ABOUT = """Numbers carry their unit in their name; the names without a unit (`duration`, `distance` …) are seconds, \
metres, seconds per kilometre. Times are UTC. Every error is problem details (RFC 9457). Each answer has an \
`X-Request-ID`. What is another user's answers 404, exactly as what does not exist."""
_ETAG = {"description": "The tag of this state.", "schema": {"type": "string"}}
_CONDITIONS = {
    True: ("If-None-Match", "", "The ETag of what one has: 304 when it is still so."),
    False: ("If-Match", "", "The ETag of what one read: 412 when it was changed since."),
}
_ONCE = (KEY, "^[!-~]{1,255}$", "A text of one's own for this write: sent again, it is done once and answered alike.")
_SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "paceline_session",
        "description": "The cookie of a log-in. A request that writes with an Origin of another site is refused.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a log-in, of a program or of a gateway; beside it, the scope that it needs.",
    },
}


def typed_rows(rows: Iterable[Row]) -> list[tuple[Row, TypedHandler]]:
    """Return the rows that say what they take and give."""
    return [(row, row.handler) for row in rows if isinstance(row.handler, TypedHandler)]


def document(rows: Iterable[Row], version: str) -> dict[str, Any]:
    """Return the document of the typed rows; `version` is the server's."""
    typed = typed_rows(rows)
    schemas = Schemas(handler.contract for _, handler in typed)
    paths: dict[str, dict[str, Any]] = {}
    for row, handler in typed:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, handler, schemas)
    used = {handler.contract.query for _, handler in typed} - {None}
    asked = {schemas.of(query)["$ref"].rpartition("/")[2] for query in used}
    every = {status for row, handler in typed for status in refusals(row, handler.contract)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paceline",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": _tags(typed),
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.components.items() if name not in asked},
            "responses": {f"Refused{status}": _refused(status) for status in sorted(every)},
            "securitySchemes": _SECURITY,
        },
    }


def _operation(row: Row, handler: TypedHandler, schemas: Schemas) -> dict[str, Any]:
    contract = handler.contract
    summary, description = handler.said
    answers: dict[str, Any] = {
        str(status): _answer(contract, status, shape, schemas) for status, shape in sorted(contract.answers.items())
    }
    if contract.tagged and row.method == "GET":
        answers["304"] = {"description": "It is still so."}
    for status in refusals(row, contract):
        if str(status) not in answers:
            answers[str(status)] = {"$ref": f"#/components/responses/Refused{status}"}
        elif status >= 400:  # said in a shape of its own by the handler, and as problem details by what is before it
            answers[str(status)]["content"] |= _refused(status)["content"]
    parameters = [*_path_parameters(row), *_query_parameters(contract, schemas), *_header_parameters(row, contract)]
    body = _body(contract, schemas)
    return {
        "operationId": f"{handler.domain}_{handler.name}",
        "summary": summary.rstrip("."),
        **({"description": description} if description else {}),
        "tags": [handler.domain],
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": body} if body else {}),
        "responses": answers,
        "security": _security(row),
    }


def _answer(contract: Contract, status: int, shape: Any, schemas: Schemas) -> dict[str, Any]:
    if contract.tagged and status == contract.status:
        return _answer(replace(contract, tagged=False), status, shape, schemas) | {"headers": {"ETag": _ETAG}}
    if shape is None:
        return {"description": HTTPStatus(status).phrase}
    if isinstance(shape, Raw):
        return {"description": shape.what, "content": {shape.media_type: {}}}
    schema = schemas.of(shape)
    said = resolved(schema, schemas.components).get("description", HTTPStatus(status).phrase)
    return {"description": said.partition("\n")[0], "content": {"application/json": {"schema": schema}}}


def _refused(status: int) -> dict[str, Any]:
    headers = {"Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}}} if status == 429 else None
    return {
        "description": MEANINGS.get(status, HTTPStatus(status).phrase),
        **({"headers": headers} if headers else {}),
        "content": {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
    }


def _path_parameters(row: Row) -> list[dict[str, Any]]:
    names = _PART.findall(row.path)
    return [_parameter("path", name, msgspec.json.schema(type_of(name)), required=True) for name in names]


def _query_parameters(contract: Contract, schemas: Schemas) -> list[dict[str, Any]]:
    if contract.query is None:
        return []
    whole = schemas.whole(contract.query)
    return [
        _parameter("query", name, without_null(schema), required=name in whole.get("required", ()))
        for name, schema in whole["properties"].items()
    ]


def _header_parameters(row: Row, contract: Contract) -> list[dict[str, Any]]:
    asked = []
    if contract.tagged:
        asked.append(_CONDITIONS[row.method == "GET"])
    if row.method in WRITES and row.path.startswith(API_PREFIX):
        asked.append(_ONCE)
    return [
        _parameter(
            "header",
            name,
            {"type": "string", **({"pattern": pattern} if pattern else {}), "description": said},
            required=False,
        )
        for name, pattern, said in asked
    ]


def _parameter(place: str, name: str, schema: Schema, *, required: bool) -> dict[str, Any]:
    said = {"description": schema["description"]} if "description" in schema else {}
    schema = {key: value for key, value in schema.items() if key != "description"}
    return {"name": name, "in": place, "required": required, **said, "schema": schema}


def _body(contract: Contract, schemas: Schemas) -> dict[str, Any] | None:
    if contract.body is not None:
        required = bool(schemas.whole(contract.body).get("required"))
        return {"required": required, "content": {"application/json": {"schema": schemas.of(contract.body)}}}
    if isinstance(contract.sends, Form):
        content = {"application/x-www-form-urlencoded": {"schema": schemas.of(contract.sends.shape)}}
        return {"required": True, "content": content}
    if isinstance(contract.sends, Raw):
        return {"required": True, "description": contract.sends.what, "content": {contract.sends.media_type: {}}}
    return None


def _security(row: Row) -> list[dict[str, list[str]]]:
    if row.rule.action is Action.OPEN:
        return []
    needs: list[list[str]] = [[str(scope)] for scope in sorted(row.rule.scopes)] or [[]]
    bearers: list[dict[str, list[str]]] = [{"bearer": need} for need in needs]
    anybody: list[dict[str, list[str]]] = [{}] if row.rule.shareable else []
    return [{"session": []}, *bearers, *anybody]


def _tags(typed: Sequence[tuple[Row, TypedHandler]]) -> list[dict[str, str]]:
    domains = dict.fromkeys(handler.domain for _, handler in typed)
    return [{"name": domain, "description": _domain_said(domain)} for domain in domains]


def _domain_said(domain: str) -> str:
    module = importlib.import_module(f"{__name__.partition('.')[0]}.{domain}")
    return (module.__doc__ or domain).partition("\n")[0]
