"""What msgspec refuses, in our words: which field, and what it must be, whole with its bounds."""

import re
from functools import cache

import msgspec
from msgspec import Struct, inspect

from paceline_server.errors import InvalidError

_PLACE = re.compile(r" - at `(\$[^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[([0-9]+|\.\.\.)\]")
_ABSENT = re.compile(r"Object (missing required|contains unknown) field `(.*)`$", re.DOTALL)
LONGEST_NAME = 60


def refusal(error: msgspec.ValidationError, shape: type[Struct], code: str) -> InvalidError:
    """Return the error that says what was wrong with what should have been a `shape`."""
    said = str(error)
    place = _PLACE.search(said)
    steps = [(name, index) for name, index in _STEP.findall(place[1] if place else "$")]
    absent = _ABSENT.search(said[: place.start()] if place else said)
    if absent:
        steps.append((absent[2][:LONGEST_NAME], ""))
    if not steps:
        return InvalidError("malformed", "The body must be a JSON object.")
    name = "".join(f"[{index}]" if index else f".{name}" for name, index in steps).lstrip(".")
    if absent and absent[1] == "contains unknown":
        return InvalidError(code, f"{name} is not known here.", field=name)
    return InvalidError(code, f"{name} must be {described(_type_at(_info(shape), steps))}.", field=name)


def described(kind: inspect.Type | None) -> str:  # noqa: PLR0912 (a table of types)
    """Return what a value of a type is: "a whole number from 1 to 200"."""
    match kind:
        case inspect.Metadata():
            examples = (kind.extra_json_schema or {}).get("examples")
            inner = bare_type(kind)
            like = isinstance(inner, inspect.StrType) and inner.pattern and examples
            return f"a text like {examples[0]}" if like and examples else described(kind.type)
        case inspect.IntType() | inspect.FloatType():
            what = "a whole number" if isinstance(kind, inspect.IntType) else "a number"
            return what + _bounds(kind.ge, kind.le, kind.gt, kind.lt)
        case inspect.StrType():
            if kind.pattern:
                return f"a text of the form {kind.pattern}"
            return "a text" + _lengths(kind.min_length, kind.max_length, "characters")
        case inspect.LiteralType():
            return "one of " + ", ".join(str(value) for value in kind.values)
        case inspect.EnumType():
            return "one of " + ", ".join(str(member.value) for member in kind.cls)
        case inspect.ListType():
            return "a list" + _lengths(kind.min_length, kind.max_length, "items")
        case inspect.UnionType():
            others = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            null = " or null" if len(others) < len(kind.types) else ""
            return " or ".join(described(one) for one in others) + null
        case inspect.BoolType():
            return "true or false"
        case inspect.DateType():
            return "a date like 2026-05-04"
        case inspect.DateTimeType():
            return "a time like 2025-04-12T14:30:00Z"
        case inspect.UUIDType():
            return "an id"
        case inspect.StructType() | inspect.DictType():
            return "an object"
        case _:
            return "something else"


def bare_type(kind: inspect.Type) -> inspect.Type:
    """Return a type without what is said about it and without null."""
    if isinstance(kind, inspect.Metadata):
        return bare_type(kind.type)
    if isinstance(kind, inspect.UnionType):
        others = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return bare_type(others[0]) if len(others) == 1 else kind
    return kind


def _type_at(kind: inspect.Type | None, steps: list[tuple[str, str]]) -> inspect.Type | None:
    for i, (name, _index) in enumerate(steps):
        bare = bare_type(kind) if kind is not None else None
        if isinstance(bare, inspect.UnionType):
            found = (_type_at(one, steps[i:]) for one in bare.types if isinstance(bare_type(one), inspect.StructType))
            return next((one for one in found if one is not None), None)
        if isinstance(bare, inspect.StructType):
            kind = next((field.type for field in bare.fields if field.encode_name == name), None)
        elif isinstance(bare, inspect.ListType):
            kind = bare.item_type
        elif isinstance(bare, inspect.DictType):
            kind = bare.value_type
        else:
            return None
    return kind


@cache
def _info(shape: type[Struct]) -> inspect.Type:
    return inspect.type_info(shape)


def _bounds(least: float | None, most: float | None, above: float | None, below: float | None) -> str:
    if least is not None and most is not None:
        return f" from {least:.12g} to {most:.12g}"
    parts = [
        f" {word} {bound:.12g}"
        for word, bound in (("of at least", least), ("of at most", most), ("above", above), ("below", below))
        if bound is not None
    ]
    return " and".join(parts)


def _lengths(least: int | None, most: int | None, what: str) -> str:
    if least and most is not None:
        return f" of {least} to {most} {what}" if least != most else f" of {least} {what}"
    if most is not None:
        return f" of at most {most} {what}"
    return f" of at least {least} {what}" if least else ""
