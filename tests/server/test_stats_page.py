"""The page of the statistics: what it says, and what it says when there is nothing."""

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from paceline_server.activities.model import FINISHED
from paceline_server.analysis.athlete import UNKNOWN
from paceline_server.analysis.history import History, history_of
from paceline_server.pages.stats_view import WEEKS, stats_view, week_chart
from paceline_server.platform.auth import COOKIE
from paceline_server.stats import store
from paceline_server.stats.service import Standing
from server.running_server import Person, RunningServer
from server.test_stats import START_UTC_S, run
from server.test_stats_history import ANN, ATHLETE, connection, made
from sqlalchemy import Connection

__all__ = ["connection"]
TODAY = date(2026, 5, 14)  # a Thursday


def history(opened: Connection, *days_before: int) -> History:
    """Runs of 10 km in an hour, so many days before today, and a ride of as much yesterday."""
    chance = random.Random(2)
    noon_s = (TODAY - date(1970, 1, 1)).days * 86400 + 43_200
    for number, (days, sport) in enumerate([*((days, "running") for days in days_before), (1, "cycling")]):
        activity = replace(
            made(number, chance),
            distance_m=10_000.0,
            moving_time_s=3600.0,
            ascent_m=100.0,
            sport=sport,
            status=FINISHED,
            start_utc_s=float(noon_s - 86400 * days),
        )
        store.take(opened, activity)
    return history_of(store.rows(opened, ANN))


def test_the_page_sums_the_periods(connection: Connection) -> None:
    standing = Standing(history(connection, 0, 3, 10, 40, 200, 400), TODAY.toordinal(), ((0, ATHLETE),))
    page = stats_view(standing, None)
    assert page.totals == (
        ("This week", "3", "30.00", "3:00:00", "300"),  # Monday was three days ago
        ("This month", "4", "40.00", "4:00:00", "400"),
        ("This year", "5", "50.00", "5:00:00", "500"),
        ("All", "7", "70.00", "7:00:00", "700"),
    )
    assert stats_view(standing, "running").totals[0] == ("This week", "2", "20.00", "2:00:00", "200")
    assert [name for name, _, _ in page.sports] == ["All sports", "Rides", "Runs"]
    assert [line[2] for line in page.streaks] == ["2", "2", "2 of 12", "0.31"]
    assert [line[0] for line in page.training] == ["load", "fitness", "fatigue", "form", "ramp", "monotony"]
    assert page.form_path.startswith("M")
    unknown = stats_view(Standing(standing.history, standing.today, ((0, UNKNOWN),)), None)
    assert (unknown.training, unknown.form_path) == ((), "")


def test_the_weeks_are_the_last_half_year(connection: Connection) -> None:
    chart = week_chart(history(connection, 0, 3, 10), TODAY.toordinal(), None)
    assert len(chart.bars) == WEEKS and chart.top == "30.00 km" and chart.last == "11 May 2026"
    assert chart.bars[-1].said == "Week of 11 May 2026: 30.00 km" and chart.bars[-1].height == 120
    assert chart.bars[-2].height == 40 and chart.bars[-3].height == 0
    first = TODAY - timedelta(days=3 + 7 * (WEEKS - 1))
    assert chart.first == f"{first.day} {first:%b %Y}"


def test_a_life_of_one_activity_is_shown(connection: Connection) -> None:
    page = stats_view(Standing(history(connection), TODAY.toordinal(), ((0, ATHLETE),)), None)
    assert page.sports == () and page.totals[-1][1] == "1"
    empty = Standing(history_of([]), TODAY.toordinal(), ((0, ATHLETE),))
    assert stats_view(empty, None).bests == () and np.isfinite(stats_view(empty, None).chart.width)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_page_is_served_to_its_owner(server: RunningServer, ann: Person, bob: Person) -> None:
    server.clock.now_s = START_UTC_S + 3600.0
    await server.put(ann, run().data, 0)
    await server.settled()
    for person, said in ((ann, "Kilometres a week"), (bob, "There is nothing to count yet")):
        headers = {"Cookie": f"{COOKIE}={person.token}"}
        async with server.http.get(f"{server.url}/stats?sport=running", headers=headers) as response:
            page = await response.text()
        assert response.status == 200 and said in page
        assert ("Personal bests, running" in page) == (person is ann)
    async with server.http.get(f"{server.url}/", headers={"Cookie": f"{COOKIE}={ann.token}"}) as response:
        assert 'href="/stats"' in await response.text()
