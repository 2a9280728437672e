"""JSON Schemas of what routes take and give: each Struct once, under its name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from paceline_server.platform.openapi.contract import Contract, Form, Raw

Schema = dict[str, Any]
REFERENCE = "#/components/schemas/{name}"


class Problem(msgspec.Struct):
    """Problem details (RFC 9457); further fields depend on `error`.

    `error`, the end of `type`, is for programs; `detail` and `message` are the same sentence, for people.
    """

    type: str
    title: str
    status: int
    detail: str
    error: str
    message: str


class Schemas:
    """The schemas of contracts; `of` gives the reference or the plain schema of a shape."""

    def __init__(self, contracts: Iterable[Contract]) -> None:
        shapes: list[Any] = [Problem]
        for shape in (shape for contract in contracts for shape in _shapes(contract)):
            if shape not in shapes:
                shapes.append(shape)
        found, components = msgspec.json.schema_components(shapes, ref_template=REFERENCE)
        self._found = list(zip(shapes, found, strict=True))
        self.components: dict[str, Schema] = components

    def of(self, shape: Any) -> Schema:
        """Return the schema of a shape."""
        return next(schema for known, schema in self._found if known == shape)

    def whole(self, shape: Any) -> Schema:
        """Return the schema of a Struct itself, where `of` gives a reference."""
        return resolved(self.of(shape), self.components)


def resolved(schema: Mapping[str, Any], components: Mapping[str, Schema]) -> Schema:
    """Return what a reference names, with what is said beside it; any other schema as it is."""
    if "$ref" not in schema:
        return dict(schema)
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return components[schema["$ref"].rpartition("/")[2]] | beside


def without_null(schema: Schema) -> Schema:
    """Return the schema of a query's field, which is left out where Python has None."""
    others = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    found = {name: value for name, value in schema.items() if name != "anyOf" and (name, value) != ("default", None)}
    if len(others) == 1:
        return others[0] | found
    return found | {"anyOf": others} if others else found


def _shapes(contract: Contract) -> Iterator[Any]:
    sends = contract.sends.shape if isinstance(contract.sends, Form) else None
    for shape in (contract.query, contract.body, sends, *contract.answers.values()):
        if shape is not None and not isinstance(shape, Raw):
            yield shape
