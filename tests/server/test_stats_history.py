"""Sums after any history of activities: those of a rebuild, and those counted by hand."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from conftest import thinned
from paceline_protocol.wrist_pack import pack_settings
from paceline_server import keys
from paceline_server.activities import store as activities
from paceline_server.activities.changes import Change
from paceline_server.activities.model import FINISHED, LIVE, Activity
from paceline_server.activities.recorded import SetDone
from paceline_server.analysis.athlete import UNKNOWN, Athlete
from paceline_server.analysis.best_efforts import MILE_M, Effort
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.history import History, history_of
from paceline_server.analysis.quality import Quality
from paceline_server.analysis.training_impulse import training_impulse
from paceline_server.desired.model import DESIRED_BLOBS
from paceline_server.formats.receipt import Receipt
from paceline_server.platform.schema import METADATA
from paceline_server.stats import store
from paceline_server.stats.derivation import local_day
from paceline_server.tombstones import store as tombstones
from sqlalchemy import Connection, create_engine, insert

assert keys.ACTIVITIES  # importing the keys imports every domain's tables

ANN, BOB = "0199c000-0000-7000-8000-00000000000a", "0199c000-0000-7000-8000-00000000000b"
NEW_YEAR_S = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
ATHLETE = Athlete("female", 40.0, 60.0, 190.0, 50.0)
DEVICE = "00000000000000a1"


@pytest.fixture
def connection() -> Iterator[Connection]:
    """An empty database of today's tables."""
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def made(number: int, chance: random.Random, owner_id: str = ANN) -> Activity:
    """An activity of made-up figures; the same number is the same activity."""
    efforts = tuple(Effort(metres, chance.uniform(0.2, 0.5) * metres, 3.0) for metres in (400.0, 1000.0, MILE_M))
    heart = tuple((bpm, round(chance.uniform(0, 900), 3)) for bpm in sorted(chance.sample(range(80, 190), 5)))
    findings = Findings(efforts[: chance.randrange(4)], (), (), heart, heart, 0.0, 0.0, None, None, Quality(1, 1), ())
    return Activity(
        activity_id=f"0199c000-0000-7000-8000-{number:012x}",
        owner_id=owner_id,
        source_key=f"journal:{number}",
        fingerprint=f"2:{chance.random()}",
        sport=chance.choice(("running", "cycling", "strength")),
        source=f"wearable {DEVICE}",
        status=chance.choice((FINISHED, FINISHED, FINISHED, LIVE)),
        start_utc_s=NEW_YEAR_S + chance.randrange(0, 200 * 86400, 600) + 0.25,
        duration_s=chance.uniform(600, 7200),
        moving_time_s=chance.uniform(600, 7200),
        distance_m=chance.uniform(0, 30_000),
        ascent_m=chance.choice((None, chance.uniform(0, 500))),
        heart_rate_avg_bpm=140.0,
        heart_rate_max_bpm=170.0,
        calories_kcal=chance.choice((None, float(chance.randrange(900)))),
        points_count=10,
        whole=True,
        route_polyline="",
        receipt=Receipt(1, 1),
        laps=(),
        pauses=(),
        splits=(),
        findings=findings,
        sets=(SetDone("squat", chance.randrange(12), chance.choice((None, 42.5)), None),),
        created_at_s=0.0,
        updated_at_s=0.0,
    )


def live_through(connection: Connection, chance: random.Random, steps: int) -> dict[str, Activity]:
    """Add, renew and delete activities; return those there are."""
    there: dict[str, Activity] = {}
    for _ in range(steps):
        activity = made(chance.randrange(40), chance)
        if chance.random() < 0.25 and activity.activity_id in there:
            assert tombstones.remove(connection, ANN, activity.activity_id, "telemetry/x", 1.0)
            del there[activity.activity_id]
        elif activities.save(connection, activity, Change(ANN, activity.activity_id)):
            there[activity.activity_id] = activity
    return there


def read(connection: Connection) -> History:
    """The history as the service reads it."""
    return history_of(store.rows(connection, ANN))


@pytest.mark.parametrize("seed", thinned(range(12), 4))
def test_after_any_history_the_rows_are_those_of_a_rebuild(connection: Connection, seed: int) -> None:
    chance = random.Random(seed)
    other = made(999, chance, BOB)
    activities.save(connection, replace(other, status=FINISHED), Change(BOB, other.activity_id))
    there = live_through(connection, chance, 120)
    rows, state = store.rows(connection, ANN), store.state(connection, ANN)
    assert len(rows) == sum(activity.status == FINISHED for activity in there.values()) > 5
    store.rebuild(connection, ANN, activities.every(connection, ANN))
    assert (store.rows(connection, ANN), store.state(connection, ANN)) == (rows, state)
    assert len(store.rows(connection, BOB)) == 1


@pytest.mark.parametrize("seed", thinned(range(12), 4))
def test_all_sums_are_those_counted_by_hand(connection: Connection, seed: int) -> None:
    chance = random.Random(100 + seed)
    there = [one for one in live_through(connection, chance, 120).values() if one.status == FINISHED]
    history = read(connection)
    everything = history.of_sport(None)
    assert history.total("distance", everything) == sum(round(100 * one.distance_m) for one in there) / 100
    assert history.total("ascent", everything) == sum(round(100 * (one.ascent_m or 0)) for one in there) / 100
    lifted_g = sum(round(1000 * one.repetitions * (one.load_kg or 0)) for each in there for one in each.sets)
    assert history.total("volume", everything) == lifted_g / 1000 > 0
    assert history.total("count", history.of_sport("running")) == sum(one.sport == "running" for one in there)
    weeks: dict[int, int] = {}
    for one in there:
        day = (datetime.fromtimestamp(one.start_utc_s, UTC)).date()
        week = (day - timedelta(days=day.weekday())).toordinal()
        weeks[week] = weeks.get(week, 0) + round(1000 * one.moving_time_s)
    assert history.series("time", "week", 0, everything) == {week: ms / 1000 for week, ms in weeks.items()}
    assert sum(history.series("count", "month", 0, everything).values()) == len(there)


@pytest.mark.parametrize("seed", thinned(range(12), 4))
def test_bests_and_load_are_those_of_every_activity_in_its_order(connection: Connection, seed: int) -> None:
    chance = random.Random(200 + seed)
    there = [one for one in live_through(connection, chance, 120).values() if one.status == FINISHED]
    there.sort(key=lambda one: (one.start_utc_s, one.activity_id))
    bests: dict[tuple[str, float], list[tuple[str, float]]] = {}
    loads = []
    for one in there:
        assert one.findings is not None
        for effort in one.findings.efforts_by_distance:
            held = bests.setdefault((one.sport, effort.distance_m), [])
            if not held or round(1000 * effort.duration_s) < round(1000 * held[-1][1]):
                held.append((one.activity_id, effort.duration_s))
        heart = np.zeros(256)
        for bpm, seconds in one.findings.heart_s:
            heart[bpm] = seconds
        loads.append(training_impulse(heart, 50, 190, "female"))
    history = read(connection)
    found = {key: [(best.activity_id, best.duration_s) for best in each] for key, each in history.bests.items()}
    assert found.keys() == bests.keys()
    for key, held in bests.items():
        assert [name for name, _ in found[key]] == [name for name, _ in held]
        assert [took for _, took in found[key]] == pytest.approx([took for _, took in held], abs=1e-3)
    load = history.load(((0, ATHLETE),))
    assert load is not None and load == pytest.approx(loads)
    first, daily = history.daily(load, int(history.day.max()) + 3)
    assert first == history.day.min() and daily.sum() == pytest.approx(sum(loads)) and daily[-3:].sum() == 0
    assert history.load(((0, UNKNOWN),)) is None


def test_load_is_by_the_heart_rates_of_the_day(connection: Connection) -> None:
    chance = random.Random(5)
    there = [one for one in live_through(connection, chance, 120).values() if one.status == FINISHED]
    history = read(connection)
    middle = int(np.median(history.day))
    younger = replace(ATHLETE, max_heart_rate_bpm=200.0)
    before, after = history.load(((0, younger),)), history.load(((0, ATHLETE),))
    dated = history.load(((0, younger), (middle, ATHLETE)))
    assert before is not None and after is not None and dated is not None and len(there) == len(dated)
    assert dated == pytest.approx(np.where(history.day < middle, before, after)) and (before != after).any()
    unknown = history.load(((0, UNKNOWN), (middle, ATHLETE)))
    assert unknown is not None and unknown == pytest.approx(np.where(history.day < middle, 0, after))


def test_a_change_of_anything_changes_the_state(connection: Connection) -> None:
    chance = random.Random(1)
    activity = replace(made(1, chance), status=FINISHED)
    states = {store.state(connection, ANN)}
    fields: list[dict[str, Any]] = [
        {},
        {"distance_m": 1.0},
        {"sport": "hiking"},
        {"start_utc_s": 5e8},
        {"findings": None},
    ]
    for number, changed in enumerate(fields, 1):
        activities.save(connection, replace(activity, **changed), Change(ANN, activity.activity_id))
        states.add(store.state(connection, ANN))
        assert len(states) == number + 1
    activities.save(connection, replace(activity, status=LIVE), Change(ANN, activity.activity_id))
    assert store.state(connection, ANN) == (0, 0)


def test_a_day_is_that_of_the_clock_on_the_wrist(connection: Connection) -> None:
    half_past_eleven_s = datetime(2026, 3, 31, 23, 30, tzinfo=UTC).timestamp()
    activity = replace(made(1, random.Random(1)), status=FINISHED, start_utc_s=half_past_eleven_s)
    activities.save(connection, activity, Change(ANN, activity.activity_id))
    assert read(connection).day.tolist() == [date(2026, 3, 31).toordinal()]
    blob = pack_settings([{"slot": 0, "name": "Ann"}], zone_quarters=8)
    row = {"owner_id": ANN, "device_id": DEVICE, "kind": 1, "version": 1, "data": blob, "set_at_s": 0.0}
    connection.execute(insert(DESIRED_BLOBS).values(row))
    activities.save(connection, activity, Change(ANN, activity.activity_id))
    assert read(connection).day.tolist() == [date(2026, 4, 1).toordinal()]
    elsewhere = replace(activity, utc_offset_s=-4 * 3600)  # what its own source says goes over the settings
    activities.save(connection, elsewhere, Change(ANN, activity.activity_id))
    assert read(connection).day.tolist() == [date(2026, 3, 31).toordinal()]
    assert local_day(half_past_eleven_s, -86400) == date(2026, 3, 30).toordinal()
    assert local_day(1e18, 0) - local_day(-1e18, 0) == 230 * 365


def test_nobody_has_no_history(connection: Connection) -> None:
    history = read(connection)
    assert (history.total("distance", history.of_sport(None)), history.bests, history.zone_s) == (0, {}, 0)
    assert history.daily(np.empty(0), 700_000) == (700_000, pytest.approx([0.0]))
    assert history.series("count", "week", 0, history.of_sport("running")) == {}
    assert history.load_series(((0, ATHLETE),), "week", 0, history.of_sport(None)) == {}
