"""What somebody wants to be told: switches, quiet hours, letters and the digest; nothing twice, whatever fails."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from paceline_server.addresses import store as addresses
from paceline_server.backstage import make_backstage
from paceline_server.events.declared import LANDMARKS
from paceline_server.events.model import Turn
from paceline_server.keys import DATABASE, NOTICES, WORKER
from paceline_server.mail.model import LETTERS
from paceline_server.notifications import store
from paceline_server.notifications.model import BEST, GEAR, GOAL, MAIL, Rules, Tale
from paceline_server.platform.auth import COOKIE
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.paging import Page
from server.post_office import PostOffice
from server.running_server import Person, RunningServer, StandingClock, make_person, shared_apart
from server.test_goals import call
from server.test_notices import told
from sqlalchemy import select

HOUR_S = 3600.0
WORN = Tale(GEAR, "shoes", "Blue is worn out", "It has come to its limit.", "/gear")


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    """An open mail server."""
    office = PostOffice()
    office.open()
    yield office
    office.close()


@pytest.fixture(scope="module")
async def mailing(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """A server for the whole file, with that mail server set up."""
    running = RunningServer(tmp_path_factory.mktemp("mailing") / "data", StandingClock())
    mail = {"smtp_url": office.url, "mail_from": "Paceline <run@example.org>", "public_url": "https://run.example.org"}
    running.config = replace(running.config, **mail)
    await running.start()
    yield running
    await running.stop()


async def reader(server: RunningServer, name: str, **rules: Any) -> Person:
    """Return somebody with a confirmed address who wants letters of gear."""
    person = make_person(server, name)
    await server.app[DATABASE].write(addresses.confirm, person.owner_id, f"{name}@example.org")
    wanted = Rules(switches={(GEAR, MAIL): True}, **rules)
    await server.app[NOTICES].set_rules(person.owner_id, wanted)
    await server.settled()
    return person


async def tell(server: RunningServer, person: Person, tale: Tale) -> None:
    assert await server.app[DATABASE].write(store.tell, person.owner_id, tale, server.clock.now_s)
    await server.settled()


def letters_to(office: PostOffice, name: str) -> list[str]:
    return [letter["Subject"] for letter in office.letters if letter["To"] == f"{name}@example.org"]


async def test_a_letter_waits_for_the_end_of_quiet_hours_unless_it_was_read(
    mailing: RunningServer, office: PostOffice
) -> None:
    now_min = int(mailing.clock.now_s) % 86_400 // 60
    quiet = {"quiet_from_min": (now_min - 60) % 1440, "quiet_to_min": (now_min + 60) % 1440}
    ann = await reader(mailing, "ann", **quiet)
    await tell(mailing, ann, WORN)
    await tell(mailing, ann, replace(WORN, subject="bike", title="The bike is worn out"))
    await tell(mailing, ann, Tale(BEST, "run", "A personal best", "5 km."))  # of which no letter is wanted
    assert letters_to(office, "ann") == [] and len(await told(mailing, ann)) == 3
    (bike,) = [one for one in await told(mailing, ann) if one["title"] == "The bike is worn out"]
    read = {"notification_ids": [bike["notification_id"]]}
    await call(mailing, ann, "POST", f"/users/{ann.owner_id}/notifications/read", 204, json=read)
    mailing.clock.now_s += 1.5 * HOUR_S
    await mailing.settled()
    assert letters_to(office, "ann") == ["Blue is worn out"]
    text = office.letters[-1].get_content()
    assert "https://run.example.org/gear" in text and "/notifications/settings" in text


async def test_the_digest_has_what_waits_in_one_letter_a_day(mailing: RunningServer, office: PostOffice) -> None:
    now_min = int(mailing.clock.now_s) % 86_400 // 60
    bea = await reader(mailing, "bea", digest_min=(now_min + 60) % 1440)
    for subject in ("a", "b"):
        await tell(mailing, bea, replace(WORN, subject=subject, title=f"{subject} is worn out"))
    mailing.clock.now_s += 0.5 * HOUR_S
    await mailing.settled()
    assert letters_to(office, "bea") == []
    mailing.clock.now_s += HOUR_S
    await mailing.settled()
    assert letters_to(office, "bea") == ["2 notifications"]
    mailing.clock.now_s += 24 * HOUR_S
    await mailing.settled()
    assert letters_to(office, "bea") == ["2 notifications"]


async def test_a_digest_waits_for_the_end_of_quiet_hours(mailing: RunningServer, office: PostOffice) -> None:
    now_min = int(mailing.clock.now_s) % 86_400 // 60
    quiet = {"quiet_from_min": (now_min + 30) % 1440, "quiet_to_min": (now_min + 120) % 1440}
    gus = await reader(mailing, "gus", digest_min=(now_min + 60) % 1440, **quiet)
    await tell(mailing, gus, WORN)
    for letters in ([], [WORN.title]):
        mailing.clock.now_s += 1.25 * HOUR_S
        await mailing.settled()
        assert letters_to(office, "gus") == letters


async def test_what_is_switched_off_is_not_shown_and_not_told_later(mailing: RunningServer) -> None:
    eve = make_person(mailing, "eve")
    path = f"/users/{eve.owner_id}/notification-rules"
    off = {"switches": [{"kind": "gear", "inbox": False}], "quiet_hours": {"from": "22:00", "to": "07:00"}}
    shown = await call(mailing, eve, "PUT", path, 200, json=off)
    assert shown["quiet_hours"] == off["quiet_hours"] and shown["inactive_days"] == 7
    assert {one["kind"]: one["inbox"] for one in shown["switches"]}["gear"] is False
    await tell(mailing, eve, WORN)
    assert await told(mailing, eve) == [] and await mailing.app[NOTICES].unread(eve.owner_id) == 0
    assert await call(mailing, eve, "PUT", path, 200, json={}) == await call(mailing, eve, "GET", path, 200)
    assert not await mailing.app[DATABASE].write(store.tell, eve.owner_id, WORN, 1.0)
    late = {"reminder": {"time": "24:00", "weekdays": [0]}}
    for wrong in (late, {"inactive_days": 0}, {"switches": [{"kind": "x"}]}):
        await call(mailing, eve, "PUT", path, 400, json=wrong)


async def test_the_clock_tells_of_reminders_and_wearables_without_any_event(mailing: RunningServer) -> None:
    dan = make_person(mailing, "dan")
    claim = {"device_id": "00112233445566aa", "device_key": "00" * 32}
    await call(mailing, dan, "POST", "/devices", 201, json=claim)
    now_min = int(mailing.clock.now_s) % 86_400 // 60
    reminder = {"time": f"{(now_min + 60) % 1440 // 60:02}:{now_min % 60:02}", "weekdays": [0, 1, 2, 3, 4, 5, 6]}
    rules = {"reminder": reminder, "unsynced_hours": 30}
    await call(mailing, dan, "PUT", f"/users/{dan.owner_id}/notification-rules", 200, json=rules)
    assert await told(mailing, dan) == []
    for kinds in (["reminder"], ["reminder", "reminder", "unsynced"]):
        mailing.clock.now_s += HOUR_S + (23.5 * HOUR_S if len(kinds) > 1 else 0)
        await mailing.settled()
        mailing.clock.now_s += 6 * HOUR_S if len(kinds) > 1 else 0
        assert sorted(one["kind"] for one in await told(mailing, dan)) == kinds


async def test_the_page_of_the_settings_works_without_scripts(mailing: RunningServer) -> None:
    fay = make_person(mailing, "fay")
    headers = {"Cookie": f"{COOKIE}={fay.token}"}
    async with mailing.http.get("/notifications/settings", headers=headers) as response:
        page = await response.text()
    key = page.split('name="form_key" value="')[1].split('"')[0]
    form = {"form_key": key, "inbox-goal": "1", "mail-goal": "1", "quiet_from": "22:00", "quiet_to": "07:00"}
    days = {"weekday-0": "1", "reminder": "18:30", "inactive_days": "", "unsynced_hours": "12"}
    async with mailing.http.post("/notifications/settings", data=form | days, headers=headers) as response:
        page = await response.text()
        assert response.status == 200 and 'value="22:00"' in page and 'value="18:30"' in page
    rules = await mailing.app[NOTICES].rules(fay.owner_id)
    assert rules.tells(GOAL, MAIL) and not rules.tells(GEAR, "inbox") and rules.reminder_weekdays == 1
    assert (rules.inactive_days, rules.unsynced_h) == (None, 12)
    for wrong in ({"quiet_to": ""}, {"reminder": "soon"}, {"unsynced_hours": "-1"}):
        async with mailing.http.post("/notifications/settings", data=form | days | wrong, headers=headers) as response:
            assert response.status == 400 and 'role="alert"' in await response.text()


class Crash(Exception):
    """The process ends here."""


class Crashing:
    """Writes until the process ends: before the first write (step 0), after it (1), before the second (2) and so on."""

    def __init__(self, database: Database, step: int) -> None:
        self._database = database
        self._left = step

    def write(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Write, unless the process ends before."""
        if self._left == 0:
            raise Crash
        found = self._database.write_now(function, *arguments)
        if self._left == 1:
            raise Crash
        self._left -= 2
        return found


async def test_a_crash_before_or_after_any_write_doubles_no_notice_and_no_letter(one_server: RunningServer) -> None:
    """The handler of the clock, which tells and writes the digest, is stopped at every write, then run anew."""
    server, database = one_server, one_server.app[DATABASE]
    stage = make_backstage(server.config, database, server.clock, bytes, shared_apart())
    await server.app[WORKER].stop()

    def left(connection: Connection, owner_id: str) -> tuple[list[str], int]:
        rows = connection.execute(select(LETTERS.c.letter_id).where(LETTERS.c.owner_id == owner_id)).all()
        return sorted(one.title for one in store.page(connection, owner_id, Page(10))), len(rows)

    reminder_min = int(server.clock.now_s) % 86_400 // 60 - 60
    for number in range(7):
        name = f"crash{number}"
        person = make_person(server, name)
        database.write_now(addresses.confirm, person.owner_id, f"{name}@example.org")
        rules = Rules(reminder_min=reminder_min, digest_min=0, switches={(GEAR, MAIL): True})
        database.write_now(store.set_rules, person.owner_id, rules, server.clock.now_s - 2 * 86_400)
        database.write_now(store.tell, person.owner_id, WORN, server.clock.now_s - 2 * 86_400)

        turn = Turn(person.owner_id, LANDMARKS, "all")
        try:
            stage.runs[LANDMARKS](turn, Crashing(database, number).write)
            assert number > 5, "there are more writes than this test knows"
        except Crash:
            pass
        stage.runs[LANDMARKS](turn, database.write_now)
        assert database.read_now(left, person.owner_id) == (["Blue is worn out", "Time to move"], 1), number
