"""What was found out about an activity: kept, judged by what its owner's wearable knows, shown by API and page."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paceline_protocol.wrist_pack import pack_settings
from paceline_server.activities.findings_rows import findings_of, findings_row
from paceline_server.activities.model import ActivitySummary
from paceline_server.analysis.athlete import UNKNOWN, Athlete
from paceline_server.analysis.best_efforts import Effort
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.metrics import measure
from paceline_server.formats.recording import Lap, Recording
from paceline_server.pages.effort_view import effort_rows, zone_rows
from paceline_server.pages.split_view import lap_rows
from paceline_server.platform.auth import COOKIE
from paceline_server.stats.athletes import athlete_in_settings
from paceline_server.stats.fields import analysis_fields
from paceline_server.stats.judgement import Judgement, judge
from server.journal_builder import DEVICE_ID, JournalBuilder
from server.running_server import Person, RunningServer

MAY_2025_S = 1_747_000_000.0
USER: dict[str, Any] = {
    "slot": 0,
    "name": "Ann",
    "birth_year": 1985,
    "sex": 1,
    "weight_hg": 605,
    "max_heart_rate_bpm": 190,
    "resting_heart_rate_bpm": 50,
}


def findings() -> Findings:
    """Those of a half-hour run, with two laps and a heart rate of 140 and 160."""
    time_s = np.arange(1801.0)
    heart = np.where(time_s <= 900, 140.0, 160.0)
    columns = {
        "time_s": time_s,
        "speed_m_s": np.full(1801, 3.0),
        "heart_rate_bpm": heart,
        "altitude_m": 400 + time_s / 100,
    }
    return measure(Recording.of("running", "test", 0.0, columns, laps=(Lap(0, 900), Lap(900, 1800)))).findings


def run() -> JournalBuilder:
    """Twenty-five minutes of running at 3 m/s with a heart rate of 150, on an October day of 2025."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples([(10 + t, 3, 47_000_000 + 27 * t, 8_000_000, 2000, 300, 150, 3, 165) for t in range(1501)])
    builder.end(1510)
    return builder


def test_findings_come_back_as_they_were_kept() -> None:
    before = findings()
    assert before.efforts_by_distance and before.laps and before.heart_curve and before.drift is not None
    kept = json.loads(json.dumps(findings_row(before)))
    assert findings_of(kept) == before
    assert findings_of(kept | {"version": 0}) is None and findings_of(None) is None
    assert len(json.dumps(kept)) < 2500


def test_the_owner_is_read_out_of_the_settings() -> None:
    guest = USER | {"slot": 3, "name": "Guest", "birth_year": 0}
    zoned: dict[str, Any] = USER | {"zones_bpm": bytes((95, 114, 133, 152, 171))}
    blob = pack_settings([zoned, guest])
    owner = Athlete("female", 40.0, 60.5, 190.0, 50.0, (95, 114, 133, 152, 171))
    assert athlete_in_settings(blob, MAY_2025_S) == owner
    assert athlete_in_settings(pack_settings([guest]), MAY_2025_S) == UNKNOWN
    bare = athlete_in_settings(pack_settings([{"slot": 0, "name": "X"}]), MAY_2025_S)
    assert bare == UNKNOWN and bare.zone_floors_bpm is None


def test_a_judgement_claims_nothing_that_is_not_known() -> None:
    judged = judge(findings(), UNKNOWN)
    assert (judged.zones, judged.impulse, judged.energy_assumed) == ((), None, True)
    by_age = judge(findings(), Athlete(age_years=40))
    assert by_age.zones_estimated and dict(by_age.zones)[144] == 900 and by_age.impulse is None
    no_heart = replace(findings(), heart_s=(), moving_heart_s=())
    assert judge(no_heart, Athlete(age_years=40, resting_heart_rate_bpm=50)).impulse is None
    odd = Athlete(max_heart_rate_bpm=50, resting_heart_rate_bpm=60)
    assert judge(findings(), odd).impulse is None


def test_thresholds_change_zones_and_nothing_else() -> None:
    found = findings()
    low = judge(found, Athlete(zones_bpm=(100, 120, 140, 160, 180)))
    assert [seconds for _, seconds in low.zones] == [0, 0, 0, 900, 900, 0] and not low.zones_estimated
    high = judge(found, Athlete(zones_bpm=(100, 120, 141, 161, 180)))
    assert [seconds for _, seconds in high.zones] == [0, 0, 900, 900, 0, 0] and high.energy == low.energy


def test_the_page_names_zones_and_efforts() -> None:
    zones = ((0, 30.0), (100, 60.0), (120, 0.0), (140, 90.0), (160, 120.0), (180, 0.0))
    rows = zone_rows(Judgement(zones, False, None, judge(findings(), UNKNOWN).energy, False))
    assert [(row.number, row.range, row.time, row.percent) for row in rows] == [
        (5, "from 180", "0:00", 0),
        (4, "160–179", "2:00", 40),
        (3, "140–159", "1:30", 30),
        (2, "120–139", "0:00", 0),
        (1, "100–119", "1:00", 20),
        (0, "below 100", "0:30", 10),
    ]
    assert zone_rows(judge(findings(), UNKNOWN)) == ()
    miles = tuple(Effort(metres, 600.0, 65.0) for metres in (400, 804.672, 1000, 1609.344, 16093.44, 21097.5))
    names = [row.name for row in effort_rows(replace(findings(), efforts_by_distance=miles), "running")]
    assert names == ["400 m", "½ mile", "1 km", "1 mile", "10 miles", "Half marathon", "12 min", "30 min"]
    (row, *_) = effort_rows(replace(findings(), efforts_by_distance=(Effort(400, 400 / 3, 65.4),)), "running")
    assert (row.name, row.value, row.rate, row.start) == ("400 m", "2:13", "5:33", "1:05")


def test_laps_have_what_was_measured_in_them() -> None:
    rows = lap_rows((Lap(0, 900), Lap(900, 1800)), findings().laps, "running")
    assert [(row.distance, row.rate, row.heart_rate) for row in rows] == [
        ("2.70", "5:33", "140"),
        ("2.70", "5:33", "160"),
    ]
    assert lap_rows((Lap(0, 900), Lap(900, 1800)))[0].rate == ""


def test_every_field_of_the_analysis_is_documented() -> None:
    document = (Path(__file__).parents[2] / "docs" / "API.md").read_text()
    nothing: dict[str, Any] = dict.fromkeys(ActivitySummary.__dataclass_fields__, 0)
    nothing["moving_time_s"] = 1800.0
    activity = ActivitySummary(**nothing)
    fields = analysis_fields(activity, findings(), judge(findings(), UNKNOWN))
    assert [name for name in fields if f"`{name}`" not in document] == []
    assert fields["grade_adjusted_pace_s_km"] == pytest.approx(1000 / 3, rel=0.05)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_api_and_page_judge_by_the_settings_of_the_wearable(server: RunningServer, ann: Person) -> None:
    await server.put(ann, run().data, 0)
    (activity,) = await server.activities(ann)
    path = f"/activities/{activity['activity_id']}"
    _, full = await server.get(ann, path)
    unjudged = full["analysis"]
    assert unjudged["heart_rate_zones"] == [] and unjudged["training_impulse"] is None and unjudged["energy_assumed"]
    assert unjudged["efforts_by_distance"][0]["duration_s"] == pytest.approx(400 / 3, abs=0.1)
    assert unjudged["position_known"] == unjudged["heart_rate_known"] == 1

    url = f"{server.url}/api/v1/devices/{DEVICE_ID}/settings"
    user = {key: value for key, value in USER.items() if key != "sex"} | {"sex": "female"}
    async with server.http.put(url, json={"users": [user]}, headers=ann.headers) as answer:
        assert answer.status == 200, await answer.text()
    _, full = await server.get(ann, path)
    judged = full["analysis"]
    assert [zone["time_s"] for zone in judged["heart_rate_zones"]] == [0, 0, 0, 1500, 0, 0]  # 133 to 151 bpm
    assert judged["training_impulse"] == pytest.approx(25 * 100 / 140 * 0.86 * np.exp(1.67 * 100 / 140), abs=0.1)
    assert not judged["heart_rate_zones_estimated"] and not judged["energy_assumed"]
    assert judged["heart_rate_drift"] == pytest.approx(0, abs=1e-3)

    page_url = f"{server.url}/activities/{activity['activity_id']}"
    async with server.http.get(page_url, headers={"Cookie": f"{COOKIE}={ann.token}"}) as response:
        page = await response.text()
    assert response.status == 200
    for said in (
        "Heart-rate zones",
        "133–151",
        "Training load",
        "Best efforts",
        "1 mile",
        "By the heart rates that you set",
    ):
        assert said in page, said
