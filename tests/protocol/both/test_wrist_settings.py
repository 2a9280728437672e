"""The settings blob: made, checked, refused; run on both interpreters."""

from paceline_protocol.wrist_pack import GOAL, HEAD, USER, pack_settings
from paceline_protocol.wrist_settings import HIDE_LIVE, RECORD_RR, check, goal_at, user_at
from protocol.both.vectors import load
from protocol.both.wrist_blobs import changed, damaged, says

VECTOR = load("wrist")["settings"]
ANNA: "dict[str, object]" = {
    "slot": 0,
    "name": "Anna",
    "zones_bpm": bytes((95, 114, 133, 152, 171)),
    "zone_low": 2,
    "zone_high": 3,
}
BO: "dict[str, object]" = {"slot": 5, "name": "Bo", "goals": [{"goal": 7, "kind": 1, "period": 2, "target": 40_000}]}
BLOB = pack_settings([ANNA, BO])


def _with(at: int, *values: int) -> bytes:
    return changed(BLOB, at, *values)


def _refused(data: bytes, *parts: str) -> None:
    says(check(data), *parts)


def test_the_vector_is_made_and_read() -> None:
    users = [dict(user) for user in VECTOR["users"]]
    for user in users:
        user["zones_bpm"] = bytes.fromhex(user["zones_bpm"])
    head = VECTOR["head"]
    data = pack_settings(users, head["flags"], head["zone_quarters"], head["epoch"], head["position"])
    assert data.hex() == VECTOR["bytes"] and check(data) == ""


def test_fields_lie_where_the_tables_say() -> None:
    data = pack_settings([ANNA, BO], HIDE_LIVE | RECORD_RR, -14, 77, 4096)
    head = HEAD.parse(data)
    assert list(head) == [1, HIDE_LIVE | RECORD_RR, 128 - 14, 2, 77, 4096]
    anna, bo = USER.parse(data[user_at(0) :]), USER.parse(data[user_at(1) :])
    assert (anna.name, anna.zones_bpm, anna.pool_cm) == (b"Anna" + bytes(8), ANNA["zones_bpm"], 2500)
    assert (bo.slot, bo.zone_high, bo.auto_pause) == (5, 0, 0)
    goal = GOAL.parse(data[goal_at(1, 0) :])
    assert list(goal) == [7, 1, 2, 255, 40_000, 0, 0]
    assert GOAL.parse(data[goal_at(0, 2) :]).kind == 0


def test_damage_is_refused() -> None:
    assert check(BLOB) == ""
    assert all(check(data) for data in damaged(BLOB))


def test_what_is_not_in_the_tables_is_refused_with_one_sentence() -> None:
    _refused(_with(0, 2), "format version 1")
    _refused(_with(3, 0), "0 users")
    _refused(_with(3, 9), "9 users")
    _refused(_with(1, 16), "flags")
    for zone in (1, 79, 185, 255):
        _refused(_with(2, zone), "time zone")
    _refused(_with(user_at(1), 0), "user 2", "slots")
    _refused(_with(user_at(1), 8), "user 2", "slots")
    _refused(_with(user_at(0) + 1, 0xFF), "user 1", "UTF-8")
    _refused(_with(user_at(0) + 2, 0), "user 1", "gap")
    _refused(_with(user_at(0) + 15, 3), "sex")
    _refused(_with(user_at(0) + 28, 2), "auto-pause")
    _refused(_with(user_at(0) + 21, 0), "zones do not rise")
    _refused(_with(user_at(0) + 25, 151), "zones do not rise")
    for low, high in ((3, 2), (0, 2), (6, 6), (2, 0)):
        try:
            pack_settings([{"zone_low": low, "zone_high": high}])
        except ValueError as error:
            assert "stay in" in str(error)
        else:
            raise AssertionError((low, high))
    _refused(_with(goal_at(1, 0) + 2, 7), "user 2", "goal")
    _refused(_with(goal_at(1, 0) + 3, 4), "goal")
    _refused(_with(goal_at(1, 0) + 4, 8), "goal")
    _refused(_with(goal_at(1, 0) + 8, 0x40), "target")


def test_the_maker_refuses_what_no_wearable_would_take() -> None:
    refused: list[list[dict[str, object]]] = [
        [],
        [{"slot": i} for i in range(9)],
        [{"slot": 1}, {"slot": 1}],
        [{"name": "Maximiliane-E"}],
        [{"weight": 70}],
        [{"height_cm": 300}],
        [{"goals": [{"kind": 1, "target": 5}] * 4}],
        [{"goals": [{"kind": 1}]}],
    ]
    for users in refused:
        try:
            pack_settings(users)
        except ValueError:
            continue
        raise AssertionError(users)
