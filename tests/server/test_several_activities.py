"""The list of activities: searched, several changed at once without scripts, and a year as a calendar."""

import re
from datetime import date

import pytest
from paceline_server.pages.calendar_view import calendar_months, level_of, years_done
from server.made_histories import TODAY, Done, history
from server.running_server import Person, RunningServer
from server.test_activity_forms import entered, key_in, page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_several_are_changed_deleted_and_brought_back(server: RunningServer, ann: Person, bob: Person) -> None:
    runs = [
        (await entered(server, ann, title=f"Run {hour}", start_time=f"2025-04-12T{hour}:30:00Z")).rpartition("/")[2]
        for hour in (10, 14)
    ]
    (bobs,) = [(await entered(server, bob, title="Bob's")).rpartition("/")[2]]
    text = await page(server, ann, "/activities?words=run+14")
    assert "Run 14" in text and "Run 10" not in text and 'name="form_key"' not in text
    text = await page(server, ann, "/activities?choose=1")
    key = key_in(text)
    assert all(f'value="{one}" form="several"' in text for one in runs)

    async def send(*chosen: str, **said: str) -> tuple[int, str]:
        fields = [("form_key", key), *(("activity", one) for one in chosen), *said.items()]
        headers = {"Cookie": f"paceline_session={ann.token}"}
        async with server.http.post("/activities", data=fields, headers=headers) as response:
            return response.status, await response.text()

    status, text = await send(*runs, bobs, do="change", type="hiking", visibility="public", gear="")
    assert status == 200 and "2 activities changed." in text
    for one in runs:
        changed = (await server.get(ann, f"/activities/{one}"))[1]
        assert (changed["type"], changed["visibility"]) == ("hiking", "public")
    assert (await server.get(bob, f"/activities/{bobs}"))[1]["type"] == "running"
    assert (await send(*runs, do="change", type="A walk"))[0] == 400
    status, text = await send(do="delete")
    assert "Tick the activities" in text and 'role="alert"' in text
    status, text = await send(*runs, do="delete")
    assert "2 activities deleted." in text and text.count('type="hidden" name="activity"') == 2
    assert (await server.get(ann, f"/activities/{runs[0]}"))[0] == 404
    for _ in range(2):  # sent twice it does no more
        status, text = await send(*runs, do="restore")
        assert "2 activities are back." in text
    assert "2 in all" in re.sub(r"\s+", " ", await page(server, ann, "/activities"))
    assert 'data-month="2025-04"' in await page(server, ann, "/calendar?year=2025&type=hiking")
    assert "Nothing was done" in await page(server, ann, "/calendar?year=2024&type=none")


def test_a_year_is_months_of_days_darker_the_longer_one_moved() -> None:
    done = history([Done(0, 45), Done(0, 20, "cycling"), Done(1, 130), Done(40, 10), Done(400, 60)])
    months = calendar_months(done, 2026, None)
    assert [month.address for month in months] == ["2026-05", "2026-04", "2026-03", "2026-02", "2026-01"]
    may = months[0]
    assert len(may.cells) == 31 and (may.said, may.height) == ("3 workouts, 3:15:00", 100)
    today = date.fromordinal(TODAY)
    assert [may.cells[today.day - 1 - ago].level for ago in (0, 1, 2)] == [3, 4, 0]
    assert [row[1:3] for row in may.rows] == [("1", "2:10:00"), ("2", "1:05:00")]
    assert (may.cells[0].x, may.cells[0].y) == (80, 0)  # 1 May 2026 was a Friday
    assert calendar_months(done, 2026, "cycling")[0].said == "1 workout, 20:00"
    assert calendar_months(done, 2024, None) == () and years_done(done) == [2026, 2025]
    assert [level_of(minutes) for minutes in (0, 1, 31, 61, 121)] == [0, 1, 2, 3, 4]
