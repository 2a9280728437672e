"""The step before a typed handler: values with their types, or one error that names the field and what it must be."""

from datetime import date
from typing import Annotated, Literal

import pytest
from msgspec import UNSET, Meta, Struct, UnsetType, field
from multidict import MultiDict
from paceline_server.errors import InvalidError
from paceline_server.platform.openapi.parameters import can_be
from paceline_server.platform.openapi.taking import body_of, query_of


class Step(Struct, forbid_unknown_fields=True):
    kind: Literal["work", "rest"]
    amount: Annotated[int, Meta(ge=1, le=600)]


class Plan(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=5)]
    steps: Annotated[list[Step], Meta(max_length=2)] = []
    mass_kg: Annotated[float, Meta(ge=20, le=400)] | None = None
    note: Annotated[str, Meta(max_length=9)] | UnsetType | None = UNSET
    nested: "Plan | None" = None
    marks: dict[str, int] = {}


class Asked(Struct, forbid_unknown_fields=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    gap: bool = False
    share: Annotated[float, Meta(ge=0, le=1)] = 0.5
    sports: Annotated[list[str], Meta(max_length=2)] = []
    first_day: date | None = field(default=None, name="from")


@pytest.mark.parametrize(
    ("body", "code", "name", "says"),
    [
        ("{}", "field", "name", "name must be a text of 1 to 5 characters."),
        ("", "field", "name", "name must be"),
        ('{"name": ""}', "field", "name", "name must be a text of 1 to 5 characters."),
        ('{"name": 3}', "field", "name", "name must be a text"),
        ('{"name": "a", "mass": 3}', "field", "mass", "mass is not known here."),
        (
            '{"name": "a", "steps": [{"kind": "x"}]}',
            "field",
            "steps[0].kind",
            "steps[0].kind must be one of rest, work.",
        ),
        ('{"name": "a", "steps": [{"kind": "rest"}]}', "field", "steps[0].amount", "a whole number from 1 to 600."),
        (
            '{"name": "a", "steps": [{"kind": "rest", "amount": 9.5}]}',
            "field",
            "steps[0].amount",
            "a whole number from 1 to 600.",
        ),
        ('{"name": "a", "steps": ["rest"]}', "field", "steps[0]", "steps[0] must be an object."),
        ('{"name": "a", "steps": [1, 2, 3]}', "field", "steps[0]", "must be"),
        ('{"name": "a", "mass_kg": 1e999}', "field", "mass_kg", "mass_kg must be a number from 20 to 400 or null."),
        ('{"name": "a", "mass_kg": 1' + "0" * 400 + "}", "field", "mass_kg", "a number from 20 to 400"),
        ('{"name": "a", "mass_kg": "70"}', "field", "mass_kg", "a number from 20 to 400"),
        ('{"name": "a", "marks": {"x": "y"}}', "field", "marks[...]", "marks[...] must be a whole number."),
        ('{"name": "a", "mass_kg": NaN}', "malformed", None, "The body is not JSON"),
        ('{"name": "a"', "malformed", None, "The body is not JSON"),
        ('["a"]', "malformed", None, "The body must be a JSON object."),
        ('{"name": "\\ud800"}', "malformed", None, "The body is not JSON"),
        ('{"name": "a\\u0000"}', "malformed", None, "zero character"),
        ('{"name": "a", "nested": ' * 50_000, "malformed", None, "nested too deeply"),
    ],
)
def test_a_body_is_refused_by_the_name_of_its_field(body: str, code: str, name: str | None, says: str) -> None:
    with pytest.raises(InvalidError) as refused:
        body_of(body.encode(), Plan)
    error = refused.value
    assert (error.code, error.fields.get("field")) == (code, name)
    assert says in error.message


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidError, match="not JSON"):
        body_of(b'{"name": "\xff"}', Plan)


def test_a_body_is_read_with_what_was_left_out() -> None:
    plan = body_of(b'{"name": "6x400", "steps": [{"kind": "work", "amount": 400}], "mass_kg": 70}', Plan)
    assert plan == Plan("6x400", [Step("work", 400)], 70.0)
    assert isinstance(plan, Plan) and plan.note is UNSET
    assert body_of(b'{"name": "a", "note": null}', Plan) == Plan("a", note=None)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ([("limit", "0")], "limit"),
        ([("limit", "5.0")], "limit"),
        ([("limit", "+5")], "limit"),
        ([("limit", "٣")], "limit"),
        ([("limit", "9" * 5000)], "limit"),
        ([("limit", "")], "limit"),
        ([("limit", "5"), ("limit", "6")], "limit"),
        ([("gap", "1")], "gap"),
        ([("share", "nan")], "share"),
        ([("share", "1e0")], "share"),
        ([("sports", "a"), ("sports", "b"), ("sports", "c")], "sports"),
        ([("from", "2026-02-30")], "from"),
        ([("until", "2026-02-20")], "until"),
        ([("sports", "a\x00")], "sports"),
    ],
)
def test_a_query_is_refused_by_the_name_of_its_field(query: list[tuple[str, str]], name: str) -> None:
    with pytest.raises(InvalidError) as refused:
        query_of(MultiDict(query), Asked)
    assert (refused.value.code, refused.value.fields["field"]) == ("query", name)


def test_a_query_is_read() -> None:
    query = [("limit", "200"), ("gap", "true"), ("sports", "a"), ("sports", "b"), ("from", "2026-02-20")]
    assert query_of(MultiDict(query), Asked) == Asked(200, True, 0.5, ["a", "b"], date(2026, 2, 20))
    assert query_of(MultiDict(), Asked) == Asked()


def test_what_cannot_name_anything_is_known_by_its_form() -> None:
    assert can_be("device_id", "5a17c0de00000001")
    assert not can_be("device_id", "5A17C0DE00000001") and not can_be("device_id", "5a17c0de00000001\n")
    assert not can_be("activity_id", "1") and not can_be("name", "a\x00b") and can_be("name", "ä b")
