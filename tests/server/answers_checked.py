"""Every answer that a server under test gives is checked against the API's own document."""

import gzip
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jsonschema_rs
import zstandard
from aiohttp import web
from paceline_server.platform.openapi.document import document
from paceline_server.routes import API_ROUTES

DOCUMENT = document(API_ROUTES, "of the tests")
OPEN_ENDED = {"Problem"}  # further fields depend on the error


@dataclass
class AnswersChecked:
    """Collects in `faults` what the document does not say; `answered` are the operations with their statuses."""

    faults: list[str] = field(default_factory=list)
    answered: set[tuple[str, str, int]] = field(default_factory=set)

    async def check(self, request: web.Request, response: web.StreamResponse) -> None:
        """Check an answer that is about to be sent (an on_response_prepare signal)."""
        resource = request.match_info.route.resource
        if resource is not None:
            self.look(request.method, resource.canonical, response)

    def look(self, method: str, path: str, response: web.StreamResponse) -> None:
        """Check an answer of a route; what is no operation of the API is left."""
        operation = operation_of(method, path)
        if operation is None:
            return
        self.answered.add((method, path, response.status))
        wrong = _wrong(operation, response)
        if wrong is not None:
            self.faults.append(f"{method} {path} answers {response.status}: {wrong}")


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Return what the document says of a route, None for a page."""
    return DOCUMENT["paths"].get(path, {}).get(method.lower())


def _wrong(operation: dict[str, Any], response: web.StreamResponse) -> str | None:
    if response.status == 500:
        return None  # a fault of ours, which a test that makes it looks at
    told = operation["responses"].get(str(response.status))
    if told is None:
        return f"this status is not documented, but {', '.join(operation['responses'])}"
    if "$ref" in told:
        told = DOCUMENT["components"]["responses"][told["$ref"].rpartition("/")[2]]
    content = told.get("content", {})
    body = _body(response)
    if not content:
        return f"a body that is not documented: {body[:80]!r}" if body else None
    if response.content_type not in content:
        return f"{response.content_type} is not documented, but {', '.join(content)}"
    schema = content[response.content_type].get("schema")
    if schema is None or body is None:
        return None
    faults = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in _validator(json.dumps(schema)).iter_errors(json.loads(body))
    ]
    return "; ".join(faults)[:600] or None


def _body(response: web.StreamResponse) -> bytes | None:
    body = response.body if isinstance(response, web.Response) else None
    if not isinstance(body, bytes | bytearray):
        return None
    coding = response.headers.get("Content-Encoding")
    if coding == "gzip":
        return gzip.decompress(body)
    return zstandard.decompress(body) if coding == "zstd" else bytes(body)


@cache
def _components() -> dict[str, Any]:
    schemas = DOCUMENT["components"]["schemas"]
    return {"schemas": {name: schema if name in OPEN_ENDED else _closed(schema) for name, schema in schemas.items()}}


def _closed(schema: Any) -> Any:
    """Return a schema that takes no field beyond those documented: ours may grow, but not in silence."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(one) for name, one in schema.items()}
    return {"additionalProperties": False} | closed if isinstance(schema.get("properties"), dict) else closed


@cache
def _validator(schema: str) -> Any:
    return jsonschema_rs.Draft202012Validator(json.loads(schema) | {"components": _components()})
