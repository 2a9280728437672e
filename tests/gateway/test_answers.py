"""What a server may answer, and that no answer makes a plan run in circles."""

import random

import pytest
from paceline_gateway.uplink.answers import (
    Answer,
    Differs,
    Gap,
    Held,
    Later,
    Refused,
    TooLarge,
    read_answer,
)
from paceline_gateway.uplink.plan import UploadPlan


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (200, b'{"position": 10}', Held(10)),
        (200, b'{"position": -1}', Later("the server's answer holds no position")),
        (200, b'{"position": 4294967296}', Later("the server's answer holds no position")),
        (200, b'{"position": true}', Later("the server's answer holds no position")),
        (200, b"", Later("the server's answer holds no position")),
        (200, b"[" * 50_000, Later("the server's answer holds no position")),
        (409, b'{"error": "gap", "expected_position": 4096}', Gap(4096)),
        (409, b'{"error": "differs", "position": 7}', Differs(7)),
        (409, b'{"error": "differs"}', Refused("the server answered 409 differs")),
        (413, b"", TooLarge()),
        (401, b'{"error": "unauthorized"}', Refused("the server answered 401 unauthorized", for_all=True)),
        (403, b'{"error": "\\u001b[31mred"}', Refused("the server answered 403")),
        (404, b'{"error": "not_found"}', Refused("the server answered 404 not_found")),
        (500, b"oops", Later("the server answered 500")),
        (429, b"", Later("the server answered 429")),
        (307, b"", Refused("the server answered 307")),
    ],
)
def test_an_answer_has_one_meaning(status: int, body: bytes, meaning: Answer) -> None:
    assert read_answer(status, {}, body) == meaning


@pytest.mark.parametrize(("header", "wait_s"), [("7", 7.0), ("99999999", 3600.0), ("soon", None), ("-1", None)])
def test_retry_after_is_bounded_and_nonsense_is_ignored(header: str, wait_s: float | None) -> None:
    assert read_answer(503, {"Retry-After": header}, b"") == Later("the server answered 503", wait_s)


@pytest.mark.parametrize(
    ("until", "at", "wait_s"),
    [
        ("Sat, 21 Nov 2026 17:05:00 GMT", "Sat, 21 Nov 2026 17:00:00 GMT", 300.0),
        ("Sat, 21 Nov 2026 17:00:00 GMT", "Sat, 21 Nov 2026 17:05:00 GMT", 0.0),
        ("Sat, 21 Nov 2099 17:00:00 GMT", "Sat, 21 Nov 2026 17:05:00 GMT", 3600.0),
        ("Sat, 21 Nov 2026 17:05:00 GMT", "", None),
        ("Sat, 99 Nov 2026 17:05:00 GMT", "Sat, 21 Nov 2026 17:00:00 GMT", None),
        ("Sat, 21 Nov 2026 17:05:00", "Sat, 21 Nov 2026 17:00:00 GMT", None),
    ],
)
def test_retry_after_may_be_a_date_by_the_servers_own_clock(until: str, at: str, wait_s: float | None) -> None:
    headers = {"Retry-After": until, "Date": at}
    assert read_answer(429, headers, b"") == Later("the server answered 429", wait_s)


@pytest.mark.parametrize("seed", range(20))
def test_no_answers_make_a_busy_loop_or_leave_the_journal(seed: int) -> None:
    chance = random.Random(seed)
    plan = UploadPlan(start=1000, uploaded=1000)
    durable = 300_000
    at_once = 0
    for _ in range(2000):
        piece = plan.next_range(durable)
        if piece is None:
            break
        position, length = piece
        assert 1000 <= position < position + length <= durable
        answer = chance.choice(
            [
                Gap(chance.randrange(400_000)),
                Held(chance.randrange(400_000)),
                TooLarge(),
                Later("x"),
                Refused("y"),
            ]
        )
        at_once = at_once + 1 if plan.answered(answer, durable, 0.5).wait_s == 0 else 0
        assert at_once < 40
