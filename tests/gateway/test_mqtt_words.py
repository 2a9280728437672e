"""What Home Assistant is told, without a broker: entities, null for the unknown, a journal's end as numbers."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from paceline_gateway.actions import Instant
from paceline_gateway.config import Broker, Wearable, parse
from paceline_gateway.errors import ConfigError
from paceline_gateway.mqtt.home_assistant import ENTITIES, Shown, discovery, state_payload, state_topic
from paceline_gateway.mqtt.journal_tail import TAIL_BYTES, JournalTail
from paceline_gateway.mqtt.showing import LIVE_S, Showing, local_day
from paceline_gateway.spool import DeviceSpool, Spool
from paceline_gateway.watch.state import GatewayState, WearableState
from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import BATTERY, DAY
from server.journal_builder import EPOCH, JournalBuilder, run_samples

DEVICE_ID = bytes(range(8))
DAY_S = 86_400
NOON_S = 20_500 * DAY_S + DAY_S // 2


def utc_day(utc_s: int) -> int:
    return utc_s // DAY_S


def held(spool: DeviceSpool, data: bytes, start: int = 0):
    journal = spool.begin(EPOCH, start)
    journal.write(journal.cursor, data[journal.cursor - start :])
    journal.sync()
    return journal


@pytest.fixture
def spool(tmp_path: Path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def walked(builder: JournalBuilder, utc_s: int, steps: int, user: int = 0) -> None:
    builder.record(DAY, 60, utc_s, steps, 40, 55, user, 15, 10, 15)


def test_every_entity_finds_its_value_in_the_state() -> None:
    shown = Shown(80, 1_760_000_000, 4321, 144)
    state = json.loads(state_payload(shown))
    assert state["last_sync"] == "2025-10-09T08:53:20+00:00"
    told = discovery(DEVICE_ID, 'Ann "the fast"')
    assert len(told) == len(ENTITIES) == 4
    for topic, text in told.items():
        entity = json.loads(text)
        assert topic == f"homeassistant/sensor/paceline_0001020304050607/{entity['unique_id'][26:]}/config"
        assert entity["state_topic"] == state_topic(DEVICE_ID)
        assert entity["device"]["name"] == 'Ann "the fast"'
        name = entity["value_template"].removeprefix("{{ value_json.").removesuffix(" }}")
        assert state[name] is not None
    assert set(json.loads(state_payload(Shown())).values()) == {None}


def test_steps_are_those_of_the_owner_today(spool: Spool) -> None:
    builder = JournalBuilder()
    builder.boot()
    walked(builder, NOON_S - DAY_S, 10_000)
    walked(builder, NOON_S - DAY_S // 2, 500)  # up to midnight
    walked(builder, NOON_S - 3600, 700)
    walked(builder, NOON_S, 70, user=1)
    walked(builder, 0, 9)
    journal = held(spool.device(DEVICE_ID), builder.data)
    tail = JournalTail(utc_day)
    for _ in range(2):
        tail.follow(journal)
    assert (tail.steps(NOON_S), tail.steps(NOON_S - DAY_S), tail.steps(NOON_S + DAY_S)) == (700, 10_500, 0)
    walked(builder, NOON_S + 900, 30)
    held(spool.device(DEVICE_ID), builder.data)
    tail.follow(journal)
    assert tail.steps(NOON_S) == 730


def test_the_last_heart_rate_is_read_at_any_pace_as_the_samples_have_it(spool: Spool) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.start(10)
    samples = run_samples(6000)
    builder.samples(samples)
    builder.end(6010)
    data, chance = builder.data, random.Random(5)
    tail, device = JournalTail(utc_day), spool.device(DEVICE_ID)
    end, rates = 0, {sample[6] for sample in samples if sample[7] >= 2}
    while end < len(data):
        end = min(end + chance.randrange(1, 3000), len(data))
        tail.follow(held(device, data[:end]))
        assert tail.beat is None or tail.beat.heart_rate_bpm in rates | {0}
    assert tail.beat is not None
    assert tail.beat.heart_rate_bpm == (samples[-1][6] if samples[-1][7] >= 2 else 0)


def test_of_a_long_journal_the_end_is_read_and_of_one_cut_off_what_there_is(spool: Spool) -> None:
    builder = JournalBuilder()
    builder.boot()
    walked(builder, NOON_S, 1)
    while builder.position < TAIL_BYTES + 2 * PAGE_SIZE:
        builder.record(BATTERY, 1, 4000, 80)
    walked(builder, NOON_S, 20)
    device = spool.device(DEVICE_ID)
    journal = held(device, builder.data)
    tail = JournalTail(utc_day)
    tail.follow(journal)
    assert tail.steps(NOON_S) == 20
    journal.set_uploaded(journal.end)
    device.drop_before(journal, journal.end // PAGE_SIZE * PAGE_SIZE)
    fresh = JournalTail(utc_day)
    fresh.follow(journal)
    tail.follow(journal)
    assert (fresh.steps(NOON_S), tail.steps(NOON_S)) == (20, 20)


def test_noise_is_no_reading(spool: Spool) -> None:
    noise = random.Random(3).randbytes(3 * PAGE_SIZE)
    tail = JournalTail(utc_day)
    tail.follow(held(spool.device(DEVICE_ID), noise))
    assert tail.beat is None and tail.steps(NOON_S) == 0


def test_a_heart_rate_is_shown_while_it_is_live_only(spool: Spool) -> None:
    now = [1000.0]
    showing = Showing(
        spool, {DEVICE_ID: Wearable(DEVICE_ID, bytes(32), "Ann")}, lambda: Instant(now[0], NOON_S * 1000), utc_day
    )
    builder = JournalBuilder()
    builder.boot()
    builder.start(10)
    builder.samples([(*sample[:6], 150, 3, *sample[8:]) for sample in run_samples(100)])
    wearable = WearableState(connected=True, recording=1, epoch=EPOCH, durable=9, end=9, battery_percent=-1)

    def rate(state: WearableState = wearable) -> int | None:
        return showing.now(GatewayState(wearables={DEVICE_ID: state}))[DEVICE_ID].heart_rate_bpm

    assert rate() is None
    held(spool.device(DEVICE_ID), builder.data)
    assert rate() is None  # it was recorded before the wearable was followed
    builder.samples([(*sample[:6], 151, 3, *sample[8:]) for sample in run_samples(50, t_s=110)])
    held(spool.device(DEVICE_ID), builder.data)
    assert rate() == 151
    now[0] += LIVE_S - 1
    assert rate() == 151
    assert rate(replace(wearable, recording=0)) is None and rate(replace(wearable, connected=False)) is None
    now[0] += 1
    assert rate() is None


def test_the_local_day_turns_at_local_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC-14")
    time.tzset()
    try:
        midnight = 20_500 * DAY_S - 14 * 3600
        assert local_day(midnight) == local_day(midnight - 1) + 1
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_brokers_settings(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    text = "[mqtt]\nhost = 'hub'\nuser = 'ann'\npassword_file = 'word'\nca_file = 'ca.pem'\n"
    assert parse(text, path).broker == Broker("hub", 1883, "ann", tmp_path / "word", tmp_path / "ca.pem")
    assert parse("", path).broker is None
    with pytest.raises(ConfigError, match=r"mqtt\.user.*must be set"):
        parse("[mqtt]\nhost = 'hub'\npassword_file = 'word'\n", path)
