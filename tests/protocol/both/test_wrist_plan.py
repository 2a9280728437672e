"""The plan blob: made, checked, refused; run on both interpreters."""

from paceline_protocol.wrist_pack import PLAN, STEP, pack_plans
from paceline_protocol.wrist_plan import HEAD_SIZE, check, plan_for, step_at
from protocol.both.vectors import load
from protocol.both.wrist_blobs import changed, damaged, says

INTERVALS: "dict[str, object]" = {
    "user": 1,
    "sport": 1,
    "name": "6 × 400 m",
    "steps": [
        {"kind": 0, "until": 1, "amount": 600},
        {"kind": 1, "until": 2, "amount": 400, "target": 3, "low": 240, "high": 255},
        {"kind": 2, "until": 1, "amount": 90, "times": 6, "back": 1},
        {"kind": 4},
    ],
}
LIFT: "dict[str, object]" = {"user": 1, "sport": 6, "steps": [{"kind": 5, "until": 3, "amount": 8, "times": 3}]}
BLOB = pack_plans([INTERVALS, LIFT])


def _with(at: int, *values: int) -> bytes:
    return changed(BLOB, at, *values)


def _refused(data: bytes, *parts: str) -> None:
    says(check(data), *parts)


def test_the_vector_is_made_and_read() -> None:
    row = load("wrist")["plans"]
    assert pack_plans(row["plans"]).hex() == row["bytes"]
    assert check(bytes.fromhex(row["bytes"])) == ""


def test_plans_are_found_by_user_and_sport() -> None:
    data = pack_plans([INTERVALS, LIFT])
    assert plan_for(data, 1, 1) == HEAD_SIZE
    at = plan_for(data, 1, 6)
    assert list(PLAN.parse(data[at:]))[:3] == [1, 6, 1]
    assert list(STEP.parse(data[step_at(at, 0) :])) == [5, 3, 8, 0, 0, 0, 3, 0]
    assert plan_for(data, 0, 1) == plan_for(data, 1, 2) == plan_for(b"", 0, 0) == 0
    assert check(pack_plans([])) == "", "no plans are plans too: they take the ones before away"


def test_damage_is_refused() -> None:
    assert check(BLOB) == ""
    assert all(check(data) for data in damaged(BLOB))


def test_what_is_not_in_the_tables_is_refused_with_one_sentence() -> None:
    at, step = HEAD_SIZE, step_at(HEAD_SIZE, 1)
    _refused(_with(1, 3), "plan 3 is cut")
    _refused(_with(1, 1), "too many")
    _refused(_with(at + 2, 64), "plan 1 is cut")
    _refused(_with(at, 8), "plan 1", "user")
    _refused(_with(at + 1, 8), "sport")
    _refused(_with(at + 3, 0xFF), "UTF-8")
    _refused(_with(step, 6), "plan 1", "step 2", "kind")
    _refused(_with(step + 1, 4), "kind")
    _refused(_with(step + 4, 4), "kind")
    _refused(_with(step + 2, 0, 0), "amount")
    _refused(_with(step + 5, 0, 1), "range")
    _refused(_with(step + 5, 0, 0), "range")
    _refused(_with(step + 4, 1), "range")
    _refused(_with(step + 4, 0), "range")
    _refused(_with(step + 10, 1), "repeats nothing")
    _refused(_with(step + 9, 1), "block")
    _refused(_with(step_at(at, 2) + 10, 3), "step 3", "block")
    _refused(_with(step_at(at, 3) + 9, 2, 1), "step 4", "block")


def test_the_longest_plan_and_the_longest_blob() -> None:
    steps = [{"kind": 1, "until": 1, "amount": i + 1} for i in range(64)]
    longest: dict[str, object] = {"user": 0, "sport": 1, "steps": steps}
    assert check(pack_plans([longest])) == ""
    for plans in ([dict(longest, steps=steps + steps[:1])], [longest] * 3, [dict(longest, steps=[])]):
        try:
            pack_plans(plans)
        except ValueError:
            continue
        raise AssertionError("taken")
