"""Health: the trend of the weight, energy of days, meals by the API and on the page."""

import re
from dataclasses import replace
from datetime import date

import pytest
from paceline_server.analysis.athlete import UNKNOWN, Athlete
from paceline_server.analysis.day_energy import Beside, basal_kcal_a_day, day_energy
from paceline_server.analysis.weight_trend import change_a_week_kg, weight_trend_kg
from paceline_server.platform.auth import COOKIE
from server.kept_activities import activity_of, keep
from server.running_server import Person, RunningServer, log_in, make_person
from server.test_feedback import NOTHING
from server.test_goals import call

TODAY = "2025-10-10"  # of the server's clock; it is 12:40 there


def test_the_trend_goes_a_tenth_of_the_way_each_day_also_over_days_without_a_weight() -> None:
    assert weight_trend_kg([], []) == []
    assert weight_trend_kg([5], [80.0]) == [80.0]
    assert weight_trend_kg([1, 2, 3], [80.0, 81.0, 81.0]) == pytest.approx([80.0, 80.1, 80.19])
    after_gap = weight_trend_kg([1, 11], [80.0, 81.0])[-1]
    assert after_gap == pytest.approx(weight_trend_kg(list(range(1, 12)), [80.0] + [81.0] * 10)[-1])
    days = list(range(200))
    losing = weight_trend_kg(days, [90.0 - 0.05 * day for day in days])
    assert losing[-1] - (90.0 - 0.05 * 199) == pytest.approx(9 * 0.05, rel=1e-3)  # nine days late
    assert change_a_week_kg(days, losing) == pytest.approx(-0.35, rel=1e-3)
    assert change_a_week_kg(days[:7], losing[:7]) is None and change_a_week_kg([], []) is None


def test_the_basal_rate_is_that_of_the_paper_and_nothing_is_counted_twice() -> None:
    woman = Athlete(sex="female", age_years=30.0, mass_kg=60.0)
    assert basal_kcal_a_day(woman, 165.0) == pytest.approx(10 * 60 + 6.25 * 165 - 5 * 30 - 161)
    assert basal_kcal_a_day(replace(woman, sex="male"), 165.0) - basal_kcal_a_day(woman, 165.0) == 166
    assert basal_kcal_a_day(UNKNOWN, None) == 10 * 70 + 6.25 * 170 - 5 * 35 - 78
    worn_all_day = day_energy(1440.0, Beside(2100.0, 1440.0, steps=9000), 60.0)
    assert worn_all_day == (0, 2100, 0, 0)  # its rest and its steps are among what was counted
    assert day_energy(1440.0, Beside(1300.0, 600.0, 200.0), 60.0) == pytest.approx((840, 1300, 200, 0))
    assert day_energy(1440.0, Beside(500.0, None, 200.0), 60.0) == (1440, 500, 0, 0)  # a phone's; the workout is in it
    assert day_energy(1440.0, Beside(workouts_kcal=200.0), None, 0.5) == (720, 0, 200, 0)
    assert sum(day_energy(1440.0, Beside(400.0, 480.0), 60.0, 0.25)) == 400.0  # clocks differ
    # 6,000 steps are an hour at 2 MET beside rest; 3,000 more are of the workout.
    assert day_energy(1440.0, Beside(workouts_kcal=300.0, workouts_min=30.0, steps=9000), 60.0) == (1440, 0, 300, 120)


async def test_meals_are_added_once_changed_with_their_tag_and_deleted(server: RunningServer, ann: Person) -> None:
    bob = make_person(server, "bob")
    meal = {"name": "Lunch", "energy_kcal": 640, "time": "2025-10-10T11:30:00Z", "client_id": "m1"}
    made = await call(server, ann, "POST", "/meals", 201, json=meal)
    assert await call(server, ann, "POST", "/meals", 200, json=meal | {"energy_kcal": 1}) == made
    path = f"/meals/{made['meal_id']}"
    async with server.http.get(f"/api/v1{path}", headers=ann.headers) as response:
        tag = response.headers["ETag"]
    for status in (200, 412):
        async with server.http.patch(
            f"/api/v1{path}", json={"energy_kcal": 700}, headers=ann.headers | {"If-Match": tag}
        ) as response:
            assert response.status == status
    await call(server, ann, "POST", "/meals", 201, json={"energy_kcal": 300, "time": "2025-10-09T22:30:00Z"})
    zone = {"time_zone": "Europe/Zurich"}  # where that is past midnight, of today
    days = (await call(server, ann, "GET", f"/users/{ann.owner_id}/health?from=2025-10-09", 200))["days"]
    assert [(day["date"], day["calories_in_kcal"]) for day in days] == [("2025-10-09", 300), (TODAY, 700)]
    await call(server, ann, "PATCH", f"/users/{ann.owner_id}/profile", 200, json=zone)
    days = (await call(server, ann, "GET", f"/users/{ann.owner_id}/health?from=2025-10-09", 200))["days"]
    assert [day["calories_in_kcal"] for day in days] == [None, 1000]
    for method, send in (("GET", {}), ("PATCH", {"json": {"name": "x"}}), ("DELETE", {})):
        await call(server, bob, method, path, 404, **send)
    await call(server, ann, "DELETE", path, 204)
    await call(server, ann, "GET", path, 404)
    for wrong in ({"energy_kcal": -1}, {"energy_kcal": 1, "time": "2099-01-01T00:00:00Z"}, {"name": "x"}):
        await call(server, ann, "POST", "/meals", 400, json=wrong)


async def test_a_day_has_energy_weight_trend_and_sleep(one_server: RunningServer) -> None:
    server, ann = one_server, make_person(one_server, "whole")
    own = f"/users/{ann.owner_id}"
    for metric, day, value in (("weight_kg", "2025-10-01", 80), ("weight_kg", TODAY, 79), ("height_cm", TODAY, 180)):
        await call(server, ann, "PUT", f"{own}/body/{metric}/{day}", 200, json={"value": value})
    await call(server, ann, "PUT", f"{own}/body/diet_goal_kcal/{TODAY}", 200, json={"value": 2200})
    night = {"sleep_id": "n", "start_time": "2025-10-09T22:00:00Z", "end_time": "2025-10-10T05:30:00Z"}
    steps = {"metric": "steps", "value": 4210, "start_time": "2025-10-10T06:00:00Z", "end_time": "2025-10-10T07:00:00Z"}
    said = {"source": "phone", "time": "2025-10-10T12:00:00Z", "counts": [steps], "sleeps": [night]}
    await call(server, ann, "POST", "/workouts", 200, json=said)
    await keep(server, activity_of(ann.owner_id, 501, date(2025, 10, 9), 5000))  # 300 kcal in half an hour
    answer = await call(server, ann, "GET", f"{own}/health?from=2025-10-09&to={TODAY}", 200)
    yesterday, today = answer["days"]
    assert (today["steps"], today["sleep_minutes"], today["diet_goal_kcal"]) == (4210, 450, 2200)
    assert today["weight_trend_kg"] == pytest.approx(80 - (1 - 0.9**9), abs=0.01)
    assert yesterday["diet_goal_kcal"] is None and yesterday["calories_out_is_usual"] is True
    basal = 10 * 80 + 6.25 * 170 - 5 * 35 - 78
    assert yesterday["calories_out_kcal"] == round(basal + 300 - basal / 48)
    spent = {"rest_kcal": round(basal), "counted_kcal": 0, "workouts_kcal": round(300 - basal / 48), "steps_kcal": 0}
    assert yesterday["calories_out_parts"] == spent
    assert today["calories_out_parts"]["steps_kcal"] == round(4210 / 6000 * 2 * 79)
    # A file that says no energy: estimated, 5 MET hours of 80 kg.
    of_a_file = replace(activity_of(ann.owner_id, 502, date(2025, 10, 8), 5000), calories_kcal=None)
    await keep(server, replace(of_a_file, findings=replace(NOTHING, other_met_h=5.0)))
    answer = await call(server, ann, "GET", f"{own}/health?from=2025-10-08&to=2025-10-08", 200)
    assert answer["days"][0]["calories_out_parts"]["workouts_kcal"] == round(400 - basal / 48)
    await call(server, ann, "GET", f"{own}/health?from=2020-01-01&to={TODAY}", 400)


async def test_the_page_takes_meals_weights_and_an_aim_without_scripts(one_server: RunningServer) -> None:
    server = one_server
    ann = await log_in(server, make_person(server, "eater"))
    headers = {"Cookie": f"{COOKIE}={ann.token}"}

    async def read() -> str:
        async with server.http.get("/health", headers=headers) as response:
            assert response.status == 200
            return await response.text()

    async def send(status: int = 200, **fields: str) -> str:
        data = fields | {"form_key": key}
        async with server.http.post("/health", data=data, headers=headers) as response:
            text = await response.text()
            assert response.status == status, text
            return text

    page = await read()
    assert "choose your time zone" not in page  # nothing is known of another clock than that of UTC
    (key, *_) = re.findall(r'name="form_key" value="([^"]+)"', page)
    assert "Nothing eaten was noted" in page and "No weight was noted" in page and "0 of 8,000" in page
    page = await send(do="eat", name="<i>Soup", kcal="350,5", time="11:15")
    assert "&lt;i&gt;Soup" in page and "11:15" in page and "350" in page
    (meal_id, *_) = re.findall(r'name="meal_id" value="([^"]+)"', page)
    assert "Tea" in await send(do="change", meal_id=meal_id, name="Tea", kcal="5")
    assert "1,995 kcal left" in await send(do="aim", value="2000")
    assert "79.5" in await send(do="weigh", value="79.5", day="2025-10-01")
    page = await send(do="weigh", value="79,1", day=TODAY)
    dots = re.findall(r"<circle [^>]*><title>", page)
    assert len(dots) == 2 and 'class="spark"' in page and "kg a week" in page
    await send(do="delete", meal_id=meal_id)
    assert "Tea" not in await send(do="delete", meal_id=meal_id)
    for wrong in (
        {"do": "eat", "kcal": "lots"},
        {"do": "eat", "kcal": "5", "time": "soon"},
        {"do": "aim", "value": "1"},
    ):
        assert 'role="alert"' in await send(400, **wrong)
