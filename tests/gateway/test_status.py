"""What `status` tells: the state in its file, the board that gathers it, the words and the picture made of it."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gateway.stand_in import DEVICE_ID, EPOCH, KEY, UTC_MS, Clock
from gateway.stand_in import Wearable as StandIn
from paceline_gateway.config import Config, Wearable
from paceline_gateway.spool import Spool
from paceline_gateway.watch.backlog import Backlog, backlogs
from paceline_gateway.watch.board import Board, BoardKeeper, board_from
from paceline_gateway.watch.health import reasons
from paceline_gateway.watch.live_view import cut, picture, width
from paceline_gateway.watch.state import STALE_S, GatewayState, WearableState
from paceline_gateway.watch.state_file import NAME, read_state, write_state
from paceline_gateway.watch.status_text import ago, percent, plain_lines
from paceline_protocol.layout import Fields
from paceline_protocol.messages import decode

WEARABLES = {DEVICE_ID: Wearable(DEVICE_ID, KEY, "Anna")}
HOUR_S = 3600
NOW_UTC_S = UTC_MS // 1000
SYNCED = WearableState(
    known_utc_s=NOW_UTC_S - 9 * HOUR_S,
    synced_utc_s=NOW_UTC_S - 3 * HOUR_S,
    rssi_dbm=-61,
    epoch=EPOCH,
    durable=5000,
    end=5000,
    battery_percent=80,
)


def status(end: int, epoch: int = EPOCH, recording: int = 0) -> Fields:
    wearable = StandIn(bytes(end))
    wearable.epoch, wearable.recording = epoch, recording
    return decode(wearable.status())[1]


def config(folder: Path, alert_after_h: float = 48.0) -> Config:
    return Config(folder / "gateway.toml", folder / "spool", None, WEARABLES, 3, alert_after_h=alert_after_h)


def gateway_of(wearable: WearableState, **more: Any) -> GatewayState:
    state = GatewayState(True, NOW_UTC_S, "this boot", 1000.0, "", {DEVICE_ID: wearable})
    return replace(state, **more)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board_of(clock: Clock) -> Callable[..., Board]:
    return lambda before=None, alert_after_h=48.0: Board(
        WEARABLES, clock=clock, boot="this boot", alert_after_h=alert_after_h, before=before
    )


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    state = gateway_of(replace(SYNCED, connected=True, upload_problem="5\xa7", upload_stopped=True), radio_problem="ä")
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_state_with_more_or_less_than_is_known_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(
        '{"running": true, "later": 3, "wearables": {"00112233445566ff": {"epoch": 7, "x": 1}}}'
    )
    assert read_state(tmp_path) == GatewayState(running=True, wearables={DEVICE_ID: WearableState(epoch=7)})


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\x00\xff",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"running": 1}',
        b'{"running": true, "wearables": []}',
        b'{"wearables": {"00": {}}}',
        b'{"wearables": {"xx112233445566ff": {}}}',
        b'{"wearables": {"00112233445566ff": 3}}',
        b'{"wearables": {"00112233445566ff": {"epoch": "7"}}}',
        b'{"wearables": {"00112233445566ff": {"epoch": true}}}',
    ],
)
def test_a_damaged_state_counts_as_none(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / NAME).write_bytes(damaged)
    assert read_state(tmp_path) == GatewayState()


def test_a_state_is_alive_only_in_its_boot_and_for_its_time() -> None:
    state = gateway_of(SYNCED)
    assert state.alive("this boot", 1000.0 + STALE_S)
    assert not state.alive("this boot", 1001.0 + STALE_S)
    assert not state.alive("this boot", 999.0)
    assert not state.alive("another boot", 1000.0)
    assert not replace(state, running=False).alive("this boot", 1000.0)


def test_the_board_follows_a_sync_from_the_first_bytes_to_the_last(
    board_of: Callable[..., Board], clock: Clock
) -> None:
    board = board_of()
    assert board.state().wearables[DEVICE_ID] == WearableState(known_utc_s=NOW_UTC_S)
    board.connected(DEVICE_ID, -61)
    board.pulled(DEVICE_ID, 0, 1000, 5000)
    board.heard(DEVICE_ID, status(5000, recording=1))
    midway = board.state().wearables[DEVICE_ID]
    assert (midway.connected, midway.caught_up, midway.synced_utc_s, percent(midway)) == (True, False, 0, 20)
    clock.now_s += 10
    board.pulled(DEVICE_ID, 0, 5000, 5000)
    clock.now_s += 10
    board.left(DEVICE_ID, "the connection was lost")
    after = board.state().wearables[DEVICE_ID]
    assert (after.connected, after.caught_up, after.synced_utc_s) == (False, True, NOW_UTC_S + 10)
    assert after.link_problem == "the connection was lost"
    assert midway.durable == 1000, "a state that was given out changes no more"


def test_another_epoch_is_not_synced_by_what_was_held_of_the_last(board_of: Callable[..., Board], clock: Clock) -> None:
    board = board_of(gateway_of(replace(SYNCED, end=9000, durable=9000)))
    clock.now_s += 100
    board.connected(DEVICE_ID, -61)
    board.pulled(DEVICE_ID, 0, 0, 5000)  # as Syncer does: the journal is begun before its STATUS is told
    board.heard(DEVICE_ID, status(5000, EPOCH + 1))
    now = board.state().wearables[DEVICE_ID]
    assert (now.epoch, now.end, now.caught_up, now.synced_utc_s) == (EPOCH + 1, 5000, False, SYNCED.synced_utc_s)


def test_a_gateway_that_starts_again_knows_the_last_sync_but_not_the_connection(tmp_path: Path, clock: Clock) -> None:
    stranger = bytes(8)
    before = gateway_of(replace(SYNCED, connected=True, upload_problem="x", upload_stopped=True))
    write_state(tmp_path, replace(before, wearables={**before.wearables, stranger: SYNCED}))
    board = board_from(tmp_path, WEARABLES, clock, "next boot", 48.0)
    assert board.state().wearables == {DEVICE_ID: SYNCED}


async def test_the_state_is_written_when_there_is_news_and_seldom_without(
    tmp_path: Path, board_of: Callable[..., Board], clock: Clock
) -> None:
    board = board_of()
    keeper = BoardKeeper(board, tmp_path)
    await keeper.keep()
    (tmp_path / NAME).unlink()
    clock.now_s += 1
    await keeper.keep()
    assert not (tmp_path / NAME).exists()
    board.connected(DEVICE_ID, -50)
    await keeper.keep()
    assert read_state(tmp_path).wearables[DEVICE_ID].rssi_dbm == -50
    (tmp_path / NAME).unlink()
    clock.now_s += 31
    await keeper.keep()
    assert read_state(tmp_path).monotonic_s == clock.now_s


async def test_a_disk_that_refuses_the_state_is_told_of_once(
    tmp_path: Path, board_of: Callable[..., Board], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    board = board_of()
    folder = tmp_path / "absent"
    keeper = BoardKeeper(board, folder)
    for _time in range(3):
        clock.now_s += 40
        await keeper.keep()
    assert len(caplog.messages) == 1
    assert "the state for `status` is not written" in caplog.text
    assert [reason.code for reason in reasons(config(tmp_path), board.state(), {}, NOW_UTC_S)] == ["disk"]
    folder.mkdir()
    clock.now_s += 40
    await keeper.keep()
    assert not list(reasons(config(tmp_path), board.state(), {}, NOW_UTC_S))


def test_backlogs_count_what_the_server_lacks(tmp_path: Path) -> None:
    assert backlogs(tmp_path / "absent") == {}
    spool = Spool(tmp_path / "spool")
    for epoch, size, uploaded in ((1, 9000, 4096), (2, 500, 0), (3, 700, 700)):
        journal = spool.device(DEVICE_ID).begin(epoch, 0)
        journal.write(0, os.urandom(size))
        journal.sync()
        journal.set_uploaded(uploaded)
    spool.close()
    assert backlogs(tmp_path / "spool") == {DEVICE_ID: Backlog(held=10_200, waiting=9000 - 4096 + 500)}


@pytest.mark.parametrize(
    ("wearable", "words"),
    [
        (WearableState(), "not connected, never synced"),
        (SYNCED, "not connected, battery 80 %, synced 3 h ago"),
        (replace(SYNCED, connected=True), "connected (-61 dBm), battery 80 %, synced 3 h ago"),
        (
            replace(SYNCED, connected=True, durable=1000, recording=1, synced_utc_s=0),
            "connected (-61 dBm), pulling, 20 % of 5.0 kB, recording, battery 80 %, never synced",
        ),
        (replace(SYNCED, connected=True, recording=2), "connected (-61 dBm), paused, battery 80 %, synced 3 h ago"),
    ],
)
def test_words_of_a_wearable(tmp_path: Path, wearable: WearableState, words: str) -> None:
    lines = list(plain_lines(config(tmp_path), gateway_of(wearable), alive=True, now_utc_s=NOW_UTC_S))
    assert lines == ["gateway  runs", f"{DEVICE_ID.hex()}  Anna  {words}, nothing for the server"]


def test_words_of_what_is_wrong(tmp_path: Path) -> None:
    bad = replace(SYNCED, durable=4000, link_problem="no\x1b[2J", upload_problem="401", upload_stopped=True)
    state = gateway_of(bad, radio_problem="no adapter")
    lines = list(plain_lines(config(tmp_path, 2.0), state, alive=True, now_utc_s=NOW_UTC_S))
    assert lines[0] == "gateway  runs, but Bluetooth does not: no adapter"
    assert lines[2:] == [
        "  ! not synced for 3 hours",
        "  ! upload stopped: 401",
        "  ! last connection: no [2J",
    ]
    away = gateway_of(replace(SYNCED, link_problem="the connection was lost"))
    assert len(list(plain_lines(config(tmp_path), away, alive=True, now_utc_s=NOW_UTC_S))) == 2
    dead = list(plain_lines(config(tmp_path), state, alive=False, now_utc_s=NOW_UTC_S))
    assert dead[0] == "gateway  is not running"
    assert "not connected" not in dead[1]


def test_durations_and_shares_never_flatter() -> None:
    said = [ago(seconds) for seconds in (0, 59, 60, 7199, 7200, 172_799, 172_800)]
    assert said == ["just now", "just now", "1 min ago", "119 min ago", "2 h ago", "47 h ago", "2 d ago"]
    almost = replace(SYNCED, durable=999_999, end=1_000_000)
    assert (percent(almost), percent(replace(almost, durable=1_000_000))) == (99, 100)
    assert percent(replace(SYNCED, start=4096, durable=0, end=8192)) == 0


def test_a_line_is_cut_to_its_cells_with_its_colours_whole() -> None:
    line = "\x1b[1mAnna\x1b[0m 日本語 \x1b[31m!\x1b[0m"
    for cells in range(20):
        short = cut(line, cells)
        shown = short.replace("\x1b[1m", "").replace("\x1b[0m", "").replace("\x1b[31m", "")
        assert width(shown) <= cells and "\x1b" not in shown
    assert cut(line, 13) == line
    assert width("e\u0301") == 1


def test_a_picture_has_a_bar_per_wearable_and_says_how_to_begin(tmp_path: Path) -> None:
    state = gateway_of(replace(SYNCED, connected=True, durable=2500))
    held = {DEVICE_ID: Backlog(2500, 1200)}
    lines = list(picture(config(tmp_path, 1.0), state, held, alive=True, now_utc_s=NOW_UTC_S))
    assert lines[2] == f"\x1b[1mAnna\x1b[0m  [{'█' * 10}{'░' * 10}]  50 %"
    assert lines[3].startswith("  connected (-61 dBm), pulling, 50 % of 5.0 kB") and "1.2 kB for the server" in lines[3]
    assert "! not synced for 3 hours" in lines[4]
    nobody = replace(config(tmp_path), wearables={})
    assert any("paceline-gateway add" in line for line in picture(nobody, state, {}, alive=True, now_utc_s=NOW_UTC_S))
