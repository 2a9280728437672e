"""Settings and plans as the API takes them (words for codes) → the blobs that a wearable takes (docs/WRIST.md)."""

from collections.abc import Callable, Mapping
from typing import Any

from paceline_protocol.code_tables import SPORTS
from paceline_protocol.wrist_pack import pack_plans, pack_settings
from paceline_protocol.wrist_plan import STEP_KINDS, TARGETS, UNTIL
from paceline_protocol.wrist_settings import ANY_SPORT, GOAL_KINDS, PERIODS, SEXES

from paceline_server.errors import InvalidError

Fields = dict[str, Any]
Words = Mapping[str, tuple[str, ...]]

_USER_WORDS: Words = {"sex": SEXES}
_GOAL_WORDS: Words = {"kind": GOAL_KINDS, "period": PERIODS, "sport": SPORTS}
_PLAN_WORDS: Words = {"sport": SPORTS}
_STEP_WORDS: Words = {"kind": STEP_KINDS, "until": UNTIL, "target": TARGETS}


def settings_blob(body: Fields) -> bytes:
    """Return the blob of {"users", "flags", "zone_quarters"}; InvalidError says what the wearable would refuse."""
    _only(body, {"users", "flags", "zone_quarters"}, "Settings")
    users = [_coded(user, _USER_WORDS, f"user {i + 1}") for i, user in enumerate(_objects(body, "users"))]
    for i, user in enumerate(users):
        goals = _objects(user, "goals") if "goals" in user else []
        user["goals"] = [_coded(goal, _GOAL_WORDS, f"user {i + 1}, goal {j + 1}") for j, goal in enumerate(goals)]
        for goal in user["goals"]:
            goal.setdefault("sport", ANY_SPORT)
    return _packed("settings", lambda: pack_settings(users, body.get("flags", 0), body.get("zone_quarters")))


def plan_blob(body: Fields) -> bytes:
    """Return the blob of {"plans"}; InvalidError says what the wearable would refuse."""
    _only(body, {"plans"}, "A plan blob")
    plans = [_coded(plan, _PLAN_WORDS, f"plan {i + 1}") for i, plan in enumerate(_objects(body, "plans"))]
    for i, plan in enumerate(plans):
        steps = enumerate(_objects(plan, "steps"))
        plan["steps"] = [_coded(step, _STEP_WORDS, f"plan {i + 1}, step {j + 1}") for j, step in steps]
    return _packed("plan", lambda: pack_plans(plans))


def _only(body: Fields, known: set[str], what: str) -> None:
    if unknown := sorted(body.keys() - known):
        raise InvalidError("field", f"{what} has no field {unknown[0][:40]!r}.", field=unknown[0][:40])


def _objects(body: Fields, name: str) -> list[Fields]:
    value = body.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidError("field", f"{name} must be a list of objects.", field=name)
    return value


def _coded(fields: Fields, words: Words, where: str) -> Fields:
    coded = dict(fields)
    for name, value in fields.items():
        if name in words:
            if value not in words[name]:
                raise InvalidError("field", f"{where}: {name} is one of {', '.join(words[name])}.", field=name)
            coded[name] = words[name].index(value)
        elif name == "name" and not isinstance(value, str):
            raise InvalidError("field", f"{where}: name must be a text.", field=name)
    return coded


def _packed(what: str, pack: Callable[[], bytes]) -> bytes:
    try:
        return pack()
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise InvalidError(what, f"The wearable would refuse this: {error}.") from error
