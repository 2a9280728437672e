"""A wearable that was not synced, or not uploaded, for too long: once in the log, and in health as long as it lasts."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from gateway.stand_in import DEVICE_ID, KEY, UTC_MS, Clock
from gateway.stand_in import Wearable as StandIn
from paceline_gateway.config import Config, Wearable
from paceline_gateway.watch.backlog import Backlog
from paceline_gateway.watch.board import UNTRIED_S, Board
from paceline_gateway.watch.health import Reason, reasons
from paceline_gateway.watch.labels import labels
from paceline_gateway.watch.state import GatewayState, WearableState
from paceline_protocol.messages import decode

WEARABLES = {DEVICE_ID: Wearable(DEVICE_ID, KEY, "Anna")}
HOUR_S = 3600
CONFIG = Config(Path("c"), Path("spool"), None, WEARABLES, 3, spool_max_bytes=1_000_000, alert_after_h=48.0)


@dataclass
class Uploads:
    """What a board looks at of an uploader."""

    problems: list[str] = field(default_factory=list)
    stopped: bool = False


def board(clock: Clock, alert_after_h: float = 48.0, before: GatewayState | None = None) -> Board:
    return Board(WEARABLES, clock=clock, boot="this boot", alert_after_h=alert_after_h, before=before)


def found(board: Board, clock: Clock, held: dict[bytes, Backlog] | None = None) -> list[tuple[str, str]]:
    return [(item.code, item.wearable) for item in reasons(CONFIG, board.state(), held or {}, clock().utc_ms // 1000)]


def test_not_synced_is_an_alert_once_and_ends_with_a_sync(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    clock = Clock()
    watched = board(clock)
    clock.now_s += 48 * HOUR_S
    watched.tick()
    assert (caplog.messages, found(watched, clock)) == ([], [])
    for _hour in range(5):
        clock.now_s += HOUR_S
        watched.tick()
    assert caplog.messages == ["Anna: not synced for 49 hours"]
    assert found(watched, clock) == [("not_synced", "66FF")]
    watched.connected(DEVICE_ID, -50)
    watched.pulled(DEVICE_ID, 0, 100, 100)
    watched.heard(DEVICE_ID, decode(StandIn(bytes(100)).status())[1])
    watched.tick()
    assert caplog.messages[1:] == ["Anna: synced again"]
    assert found(watched, clock) == []


def test_a_wearable_that_is_connected_but_never_caught_up_with_is_overdue_too() -> None:
    clock = Clock()
    watched = board(clock)
    watched.connected(DEVICE_ID, -50)
    clock.now_s += 49 * HOUR_S
    watched.pulled(DEVICE_ID, 0, 100, 5000)
    watched.tick()
    assert found(watched, clock) == [("not_synced", "66FF")]


def test_no_alert_when_it_is_turned_off_or_the_clock_was_never_set(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    off = board(clock, alert_after_h=0)
    unset = Clock()
    unset.now_s -= UTC_MS / 1000
    young = board(unset)
    for one in (clock, unset):
        one.now_s += 900 * HOUR_S
    off.tick()
    young.tick()
    assert not caplog.messages
    unset.now_s += UTC_MS / 1000  # the network is there: the count begins now
    young.tick()
    assert not caplog.messages and found(young, unset) == []


def test_a_clock_that_was_ahead_does_not_put_an_alert_off() -> None:
    clock = Clock()
    ahead_utc_s = UTC_MS // 1000 + 10_000 * HOUR_S
    before = WearableState(known_utc_s=ahead_utc_s, synced_utc_s=ahead_utc_s)
    watched = board(clock, before=GatewayState(wearables={DEVICE_ID: before}))
    clock.now_s += 49 * HOUR_S
    watched.tick()
    assert found(watched, clock) == [("not_synced", "66FF")]


def test_a_backlog_that_waits_too_long_is_an_alert_even_over_a_restart(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    clock = Clock()
    watched = board(clock)
    uploads = Uploads(["no answer"])
    watched.watch_uploads(DEVICE_ID, uploads)
    watched.tick()
    clock.now_s += 40 * HOUR_S
    again = board(clock, before=watched.state())
    uploads.problems = []  # nothing was tried yet
    again.watch_uploads(DEVICE_ID, uploads)
    again.tick()
    uploads.problems = ["no answer"]
    clock.now_s += 9 * HOUR_S
    again.heard(DEVICE_ID, decode(StandIn(b"").status())[1])  # synced
    again.tick()
    assert "Anna: not uploaded for 49 hours" in caplog.messages
    assert found(again, clock) == [("not_uploaded", "66FF")]
    uploads.problems = []
    clock.now_s += UNTRIED_S
    again.tick()
    assert caplog.messages[-1] == "Anna: uploaded again"
    assert found(again, clock) == []


def test_what_else_is_not_well() -> None:
    clock = Clock()
    watched = board(clock)
    watched.watch_uploads(DEVICE_ID, Uploads(["401 at https://anna.example"], stopped=True))
    watched.tick()
    watched.radio_problem = "no adapter of Anna"
    full = {DEVICE_ID: Backlog(960_000, 950_000)}
    told = list(reasons(CONFIG, watched.state(), full, clock().utc_ms // 1000))
    assert [item.code for item in told] == ["radio", "spool_full", "upload_stopped"]
    assert told[2] == Reason("upload_stopped", "its upload stopped until somebody looks", "66FF")
    assert not any("nna" in str(item) for item in told)
    assert list(reasons(replace(CONFIG, wearables={}), watched.state(), {}, 0)) == [told[0]]


def test_labels_are_short_and_always_apart() -> None:
    ids = [bytes.fromhex(text) for text in ("00112233445566ff", "00112233455566ff", "0011223344550000")]
    assert sorted(labels(ids).values()) == ["4550000", "45566FF", "55566FF"]
    assert labels(ids[:1]) == {ids[0]: "66FF"}
    assert labels([]) == {}
