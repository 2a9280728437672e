"""An example of what a schema allows: what it says itself, else the simplest value."""

from collections.abc import Mapping
from typing import Any

from paceline_server.platform.openapi.shapes import Schema, resolved

DEEPEST = 6
_FORMATS = {"date": "2026-05-04", "date-time": "2026-05-04T06:30:00Z", "uuid": "0199c6f1-3a52-7b1e-9d40-5c6d7e8f9a0b"}


def example_of(schema: Mapping[str, Any], components: Mapping[str, Schema], *, whole: bool, depth: int = 0) -> Any:
    """Return a value of the schema; `whole`: with the fields that may be left out, too."""
    found = resolved(schema, components)
    if found.get("examples"):
        return found["examples"][0]
    if found.get("default") not in (None, "", [], {}):
        return found["default"]
    if "enum" in found:
        return found["enum"][0]
    choices = [one for one in found.get("anyOf", ()) if one != {"type": "null"}]
    if choices:
        return example_of(choices[0], components, whole=whole, depth=depth)
    match found.get("type"):
        case "object":
            return _object(found, components, whole, depth)
        case "array":
            items = found.get("items")
            return [example_of(items, components, whole=whole, depth=depth + 1)] if items and depth < DEEPEST else []
        case "integer" | "number":
            return _number(found)
        case "boolean":
            return bool(found.get("default", False))
        case "string":
            return _FORMATS.get(found.get("format", ""), "text"[: found.get("maxLength", 4)])
    return None


def _object(found: Schema, components: Mapping[str, Schema], whole: bool, depth: int) -> dict[str, Any]:
    if depth >= DEEPEST:
        return {}
    inner = found.get("additionalProperties")
    if "properties" not in found and isinstance(inner, dict):
        return {"name": example_of(inner, components, whole=whole, depth=depth + 1)}
    required = found.get("required", ())
    return {
        name: example_of(schema, components, whole=whole, depth=depth + 1)
        for name, schema in found.get("properties", {}).items()
        if whole or name in required
    }


def _number(found: Schema) -> float:
    least = found.get("minimum", found.get("exclusiveMinimum", 0))
    most = found.get("maximum", found.get("exclusiveMaximum", least + 1000))
    value = least if least > 0 else min(1, most)
    return int(value) if found["type"] == "integer" else value
