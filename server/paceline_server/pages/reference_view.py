"""The API's document as its page shows it: calls by domain, with their fields in words and an example of each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from paceline_server.platform.openapi.examples import example_of
from paceline_server.platform.openapi.shapes import Schema, resolved

DEEPEST = 3
ADDRESS = "https://paceline.example"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field that a call takes: where, and its type and bounds in words."""

    name: str
    place: str
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class CallView:
    """A call; `refusals` are the statuses of its problem details, which mean the same in all calls."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    needs: str
    fields: tuple[FieldView, ...]
    answers: tuple[tuple[str, str], ...]
    refusals: tuple[str, ...]
    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class DomainView:
    """A domain's calls."""

    anchor: str
    name: str
    said: str
    calls: tuple[CallView, ...]


def domain_views(document: Mapping[str, Any]) -> list[DomainView]:
    """Return the domains in the order of the document."""
    calls: dict[str, list[CallView]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            calls[operation["tags"][0]].append(_call(document, method.upper(), path, operation))
    return [
        DomainView(
            tag["name"], tag["name"].replace("_", " ").capitalize(), tag["description"], tuple(calls[tag["name"]])
        )
        for tag in document["tags"]
    ]


def _call(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> CallView:
    components = document["components"]["schemas"]
    answers = {status: _told(document, answer) for status, answer in operation["responses"].items()}
    good = next((answer for status, answer in answers.items() if status < "300"), {})
    schema = good.get("content", {}).get("application/json", {}).get("schema")
    return CallView(
        anchor=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        needs=_needs(operation["security"]),
        fields=tuple(_fields(operation, components)),
        answers=tuple((status, answer["description"]) for status, answer in answers.items() if not _is_refusal(answer)),
        refusals=tuple(status for status, answer in answers.items() if _is_refusal(answer)),
        asked=_asked(method, path, operation, components),
        answered=_pretty(example_of(schema, components, whole=True)) if schema else "",
    )


def meanings(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what each status of problem details means."""
    return [(name[-3:], told["description"]) for name, told in sorted(document["components"]["responses"].items())]


def _is_refusal(answer: Mapping[str, Any]) -> bool:
    return "application/problem+json" in answer.get("content", {})


def _told(document: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return document["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer


def _needs(security: list[dict[str, list[str]]]) -> str:
    if not security:
        return "Open to everybody."
    scopes = [scope for need in security for scope in need.get("bearer", ())]
    needs = f"Needs a log-in, or a token for {' or '.join(scopes)}." if scopes else "Needs a person's log-in."
    return f"{needs} Open to everybody where the owner shows it." if {} in security else needs


def _fields(operation: Mapping[str, Any], components: Mapping[str, Schema]) -> Iterator[FieldView]:
    for one in operation.get("parameters", ()):
        kind = described(one["schema"], components)
        place = one["in"] + _usual(one["schema"], one["required"])
        yield FieldView(one["name"], place, kind, one.get("description", ""))
    body = operation.get("requestBody")
    if body is None:
        return
    (media, content), *_ = body["content"].items()
    if "schema" not in content:
        yield FieldView(media, "body", "bytes", body.get("description", ""))
    else:
        yield from _body_fields("", content["schema"], components, 0)


def _body_fields(place: str, schema: Schema, components: Mapping[str, Schema], depth: int) -> Iterator[FieldView]:
    found = resolved(schema, components)
    for name, inner in found.get("properties", {}).items():
        needed = name in found.get("required", ())
        told = "body" + _usual(inner, needed)
        yield FieldView(place + name, told, described(inner, components), _said(inner))
        items = _item_of(inner, components)
        if items is not None and depth < DEEPEST:
            mark = "[]." if _plain(inner, components).get("type") == "array" else "."
            yield from _body_fields(f"{place}{name}{mark}", items, components, depth + 1)


def _usual(schema: Schema, needed: bool) -> str:
    usual = schema.get("default")
    return "" if needed else ", optional" if usual in (None, "", [], {}) else f", else {json.dumps(usual)}"


def _said(schema: Schema) -> str:
    found = [one["description"] for one in (schema, *schema.get("anyOf", ())) if "description" in one]
    return found[0] if found else ""


def _plain(schema: Schema, components: Mapping[str, Schema]) -> Schema:
    """Return the one schema that stands beside null, if it does."""
    found = resolved(schema, components)
    others = [one for one in found.get("anyOf", ()) if one != {"type": "null"}]
    return _plain(others[0], components) if len(others) == 1 else found


def _item_of(schema: Schema, components: Mapping[str, Schema]) -> Schema | None:
    found = _plain(schema, components)
    found = _plain(found["items"], components) if found.get("type") == "array" and "items" in found else found
    return found if "properties" in found else None


def described(schema: Schema, components: Mapping[str, Schema]) -> str:
    """Return a schema's type and bounds in words."""
    found = resolved(schema, components)
    null = " or null" if {"type": "null"} in found.get("anyOf", ()) else ""
    found = _plain(found, components)
    if "enum" in found:
        return " · ".join(str(value) for value in found["enum"]) + null
    kind = {"integer": "whole number", "string": "text", "array": "list", "boolean": "true or false"}
    name = found.get("format", kind.get(found.get("type", ""), found.get("type", "anything")))
    return name + _bounds(found) + null


def _bounds(found: Schema) -> str:
    low, high = found.get("minimum", found.get("exclusiveMinimum")), found.get("maximum", found.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f", {low:,.12g} to {high:,.12g}"
    most = found.get("maxLength", found.get("maxItems"))
    unit = "characters" if "maxLength" in found else "items"
    return f", at most {most:,} {unit}" if most is not None else ""


def _asked(method: str, path: str, operation: Mapping[str, Any], components: Mapping[str, Schema]) -> str:
    query: dict[str, Any] = {}
    for one in operation.get("parameters", ()):
        value = example_of(one["schema"], components, whole=False)
        if one["in"] == "path":
            path = path.replace("{" + one["name"] + "}", str(value))
        elif one["in"] == "query" and (one["required"] or len(query) < 2):
            query[one["name"]] = json.dumps(value) if isinstance(value, bool) else value
    address = f"{ADDRESS}{path}" + (f"?{urlencode(query)}" if query else "")
    parts = [f"curl -X {method} '{address}'" if method != "GET" else f"curl '{address}'"]
    if operation["security"]:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    return " \\\n  ".join([*parts, *_sent(operation.get("requestBody"), components)])


def _sent(body: Mapping[str, Any] | None, components: Mapping[str, Schema]) -> Iterator[str]:
    if body is None:
        return
    (media, content), *_ = body["content"].items()
    if "schema" not in content:
        yield f"-H 'Content-Type: {media}' --data-binary @file"
        return
    value = example_of(content["schema"], components, whole=False) or example_of(
        content["schema"], components, whole=True
    )
    if media == "application/x-www-form-urlencoded":
        yield from (f"-d '{name}={text}'" for name, text in value.items())
    else:
        yield f"-H 'Content-Type: {media}' -d '{json.dumps(value)}'"


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
