"""The home page: who has nothing is welcomed, who trains sees the week, what is next and how the wearables are."""

import re
from dataclasses import replace
from datetime import UTC, date

import pytest
from paceline_server.daily.model import Day
from paceline_server.desired.model import DeviceStatus
from paceline_server.devices.model import Device
from paceline_server.pages.home_view import form_lines, form_now, steps_today, wearable_view, week_view
from paceline_server.stats.service import Standing
from server.kept_activities import activity_of, keep
from server.made_histories import MIRAS, TODAY, Done, history
from server.running_server import Person, RunningServer

SAID = DeviceStatus(1_760_000_000.0, 1, 90_000, 70_000, 64, 3870, 1, 0, 0, "0.1.0", 1, 0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_newcomer_is_led_to_a_wearable_or_an_import_and_an_athlete_sees_the_week(
    server: RunningServer, ann: Person
) -> None:
    async def page(path: str = "/") -> str:
        async with server.http.get(path, headers=ann.headers) as response:
            assert response.status == 200
            return await response.text()

    text = await page()
    assert "<h1>Welcome</h1>" in text and 'href="/imports"' in text and "make run" in text
    assert "not heard yet" in text  # the wearable that is claimed already
    await keep(server, activity_of(ann.owner_id, 1, date(2025, 10, 10), 8_200))
    text = await page()
    assert "<h1>Today</h1>" in text and text.count('class="card"') == 1
    assert 'data-part="next"' in text and 'data-part="week"' in text
    assert re.search(r'href="/" aria-current="page"', text) and text.count("aria-current") == 1
    assert "/account/security" in await page("/more")


def test_the_week_stands_beside_the_one_before() -> None:
    done = [Done(0, 30), Done(2, 60, "cycling", km=20), Done(7, 45), Done(11, 90), Done(40, 300)]
    view = week_view(Standing(history(done), TODAY, MIRAS))
    assert view is not None
    assert view.rows[:3] == (
        ("Workouts", "2", "1"),
        ("Distance", "25.00 km", "7.50 km"),
        ("Moving time", "1:30:00", "45:00"),
    )
    assert [bar.today for bar in view.bars] == [False] * 3 + [True] + [False] * 3  # a Thursday
    bar = view.bars[1]  # the longest one is as high as it goes
    assert bar.now is not None and bar.now[1:] == (0.0, 72.0) and bar.before is None
    assert view.days[3] == ("Thursday", "30:00", "45:00")
    assert week_view(Standing(history([Done(40, 300)]), TODAY, MIRAS)) is None
    form = form_now(Standing(history(done), TODAY, MIRAS))
    assert form is not None and [name for name, *_ in form_lines(form)] == ["Fitness", "Fatigue", "Form"]


def test_steps_and_wearables_in_words() -> None:
    assert steps_today(None, []) is None and steps_today(Day("2026-05-14", {}), []) is None
    steps = steps_today(Day("2026-05-14", {"steps": 4000.0}), [])
    assert steps is not None and (steps.percent, steps.said) == (50, "4,000 of 8,000")
    device = Device("o", "00000000000000a1", b"", 0.0)
    view = wearable_view(device, SAID, UTC)
    assert (view.battery_percent, view.backlog, view.recording) == (64, "19 KiB still to come", True)
    view = wearable_view(replace(device, name="Blue"), replace(SAID, battery_millivolt=0, end_position=70_000), UTC)
    assert (view.name, view.battery_percent, view.backlog) == ("Blue", None, "all of it is here")
