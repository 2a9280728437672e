"""What is told on a wearable: which notices, in which words, when, and once; nobody sees another's there."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from paceline_protocol.layout import Fields
from paceline_protocol.records import DISMISSED
from paceline_protocol.wrist_notices import MOST_NOTICES, check, notice_at
from paceline_protocol.wrist_pack import NOTICE
from paceline_server.backstage import make_backstage
from paceline_server.daily.local_days import LocalDays
from paceline_server.desired import store as desired
from paceline_server.events.declared import NOTICES_ON_WRIST, NOTICES_TO_WRIST
from paceline_server.events.model import Turn
from paceline_server.households import store as households
from paceline_server.keys import DATABASE, NOTICES, WORKER
from paceline_server.notifications import store
from paceline_server.notifications.clock_times import quiet_span_s
from paceline_server.notifications.model import BEST, GEAR, GOAL, KINDS, WRIST, Rules, Tale
from paceline_server.notifications.on_wrist import KIND
from paceline_server.notifications.wrist_text import LONGEST_TITLE, SHORT, cut, folded, short_title, wrist_words
from paceline_server.platform.auth import COOKIE
from paceline_server.platform.paging import Page
from paceline_server.words.reader import LANGUAGES, Reader, read_by
from server.journal_builder import DEVICE_ID, JournalBuilder
from server.running_server import Person, RunningServer, make_person, shared_apart
from server.test_goals import call
from server.test_notice_channels import Crash, Crashing

HOUR_S = 3600.0
WORN = Tale(GEAR, "shoes", "Blue is worn out", "It has come to its limit.", "/gear")
REACHED = Tale(GOAL, "week", "Goal reached: 40 km of running a week", "41 km, the aim was 40 km.", "/goals")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_words_fit_the_wrist_in_letters_that_it_has() -> None:
    assert folded("Läufe über  „Straße“ – Zoë, Čeněk & Øyvind…") == "Laeufe ueber 'Strasse' - Zoe, Cenek + Oyvind..."
    assert folded("Привет ^_~ 🎉") == ""
    assert cut("x" * 60, 60) == "x" * 60 and cut("x" * 61, 60) == "x" * 58 + ".."
    assert cut("41,2 km, das Ziel war 40 km, in der Woche vom Montag, 5. Mai.", 30) == "41,2 km, das Ziel war 40 km.."
    assert wrist_words(GEAR, "Blue is worn out", "Text") == ("Blue is worn out", "Text")
    assert wrist_words(GOAL, REACHED.title, "41 km.") == (
        "Goal reached",
        "Goal reached: 40 km of running a week. 41 km.",
    )
    assert wrist_words(GOAL, "Привет", "41 km") == ("Goal reached", "41 km")
    assert set(SHORT) == set(KINDS)
    for language in LANGUAGES:
        with read_by(Reader(language)):
            names = [short_title(kind) for kind in KINDS]
            assert all(names) and max(map(len, names)) <= LONGEST_TITLE and len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("now", "begin", "end"),
    [
        ("2026-05-04T12:00:00", "2026-05-04T20:00:00", "2026-05-05T05:00:00"),
        ("2026-05-04T21:00:00", "2026-05-04T20:00:00", "2026-05-05T05:00:00"),
        ("2026-05-05T04:59:59", "2026-05-04T20:00:00", "2026-05-05T05:00:00"),
        ("2026-05-05T05:00:00", "2026-05-05T20:00:00", "2026-05-06T05:00:00"),
    ],
)
def test_the_quiet_hours_that_end_next(now: str, begin: str, end: str) -> None:
    zurich, night = LocalDays("Europe/Zurich"), Rules(quiet_from_min=22 * 60, quiet_to_min=7 * 60)
    assert quiet_span_s(night, zurich, at(now)) == (at(begin), at(end))
    nap = replace(night, quiet_from_min=8 * 60, quiet_to_min=9 * 60)
    assert quiet_span_s(nap, zurich, at("2026-05-04T12:00:00")) == (
        at("2026-05-05T06:00:00"),
        at("2026-05-05T07:00:00"),
    )
    assert quiet_span_s(Rules(), zurich, at(now)) is None


async def wearer(server: RunningServer, name: str, device_id: str, **rules: Any) -> Person:
    person = make_person(server, name)
    claim = {"device_id": device_id, "device_key": "00" * 32}
    await call(server, person, "POST", "/devices", 201, json=claim)
    await server.app[NOTICES].set_rules(person.owner_id, Rules(unsynced_h=None, **rules))
    return person


async def tell(server: RunningServer, person: Person, tale: Tale) -> None:
    assert await server.app[DATABASE].write(store.tell, person.owner_id, tale, server.clock.now_s)
    await server.settled()


async def blob(server: RunningServer, person: Person, device_id: str) -> tuple[int, list[Fields]]:
    """What a gateway would fetch for the wearable: version and notices."""
    await server.settled()
    found = await server.app[DATABASE].read(desired.blob_of, person.owner_id, device_id, KIND)
    if found is None:
        return 0, []
    assert check(found.data) == ""
    return found.version, [NOTICE.parse(found.data[notice_at(i) : notice_at(i + 1)]) for i in range(found.data[1])]


def words(told: list[Fields]) -> list[str]:
    return [one.title.rstrip(b"\0").decode() for one in told]


async def test_notices_are_on_the_wearable_until_they_are_read(one_server: RunningServer) -> None:
    device_id = "00112233445566a1"
    ann = await wearer(one_server, "wrist-ann", device_id)
    assert await blob(one_server, ann, device_id) == (0, [])
    await tell(one_server, ann, WORN)
    first, told = await blob(one_server, ann, device_id)
    assert words(told) == ["Blue is worn out"] and (told[0].slot, told[0].quiet_until_utc_s) == (0, 0)
    assert told[0].number == told[0].told_utc_s == int(one_server.clock.now_s) <= first
    await tell(one_server, ann, REACHED)
    second, told = await blob(one_server, ann, device_id)
    assert words(told) == ["Blue is worn out", "Goal reached"] and second > first
    assert told[1].number == told[0].number + 1
    rows = (await call(one_server, ann, "GET", f"/devices/{device_id}/desired", 200))["blobs"]
    assert [(row["kind"], row["version"]) for row in rows] == [("notices", second)]

    (worn,) = [one for one in await shown(one_server, ann) if one["title"] == "Blue is worn out"]
    read = {"notification_ids": [worn["notification_id"]]}
    await call(one_server, ann, "POST", f"/users/{ann.owner_id}/notifications/read", 204, json=read)
    assert words((await blob(one_server, ann, device_id))[1]) == ["Goal reached"]
    (goal,) = [one for one in await shown(one_server, ann) if one["read_at"] is None]
    await call(one_server, ann, "DELETE", f"/notifications/{goal['notification_id']}", 204)
    last, told = await blob(one_server, ann, device_id)
    assert told == [] and last > second, "what was read elsewhere need not be shown"

    off = {"switches": [{"kind": "gear", "wearable": False}, {"kind": "best", "inbox": False}]}
    rules = await call(one_server, ann, "PUT", f"/users/{ann.owner_id}/notification-rules", 200, json=off)
    assert {one["kind"]: one["wearable"] for one in rules["switches"]} == {kind: kind != GEAR for kind in KINDS}
    for subject in "abcdefghij":
        await tell(one_server, ann, replace(WORN, subject=subject))
        await tell(one_server, ann, Tale(BEST, subject, f"Best {subject}", "5 km."))
    _, told = await blob(one_server, ann, device_id)
    assert words(told) == [f"Best {subject}" for subject in "cdefghij"] and len(told) == MOST_NOTICES


async def shown(server: RunningServer, person: Person) -> list[dict[str, str]]:
    return (await call(server, person, "GET", f"/users/{person.owner_id}/notifications", 200))["notifications"]


async def test_a_notice_waits_for_the_end_of_quiet_hours_and_numbers_rise_as_notices_go_out(
    one_server: RunningServer,
) -> None:
    device_id, now_min = "00112233445566a2", int(one_server.clock.now_s) % 86_400 // 60
    quiet: dict[str, Any] = {"quiet_from_min": (now_min - 60) % 1440, "quiet_to_min": (now_min + 60) % 1440}
    bob = await wearer(one_server, "wrist-bob", device_id, **quiet)
    await tell(one_server, bob, WORN)
    assert await blob(one_server, bob, device_id) == (0, [])
    await one_server.app[NOTICES].set_rules(bob.owner_id, Rules(unsynced_h=None))
    await tell(one_server, bob, REACHED)
    assert words((await blob(one_server, bob, device_id))[1]) == ["Goal reached"]
    await one_server.app[NOTICES].set_rules(bob.owner_id, Rules(unsynced_h=None, **quiet))
    one_server.clock.now_s += 1.5 * HOUR_S
    _, told = await blob(one_server, bob, device_id)
    assert words(told) == ["Goal reached", "Blue is worn out"], "told first, out last"
    assert told[1].told_utc_s <= told[0].number < told[1].number
    for one in told:
        assert one.quiet_until_utc_s - one.quiet_from_utc_s == 2 * HOUR_S and one.number < one.quiet_until_utc_s


async def test_a_wearable_that_is_anothers_says_nothing_of_what_it_is_about(one_server: RunningServer) -> None:
    device_id = "00112233445566a3"
    host = await wearer(one_server, "wrist-host", device_id)
    guest = make_person(one_server, "wrist-guest")
    write = one_server.app[DATABASE].write_now
    await tell(one_server, guest, replace(REACHED, subject="before"))  # who wears nothing yet
    now_s = one_server.clock.now_s
    write(households.make, host.owner_id, "Home", now_s)
    write(households.invite, host.owner_id, bytes(32), now_s, now_s + 9)
    write(households.join, guest.owner_id, bytes(32), now_s)
    write(households.offer, host.owner_id, device_id, 3, guest.owner_id, now_s)
    write(households.accept, guest.owner_id, host.owner_id, device_id, 3, now_s)
    await tell(one_server, host, WORN)
    await tell(one_server, guest, REACHED)
    _, told = await blob(one_server, host, device_id)
    assert [(one.slot, words([one])) for one in told] == [(0, ["Blue is worn out"]), (3, ["Goal reached"])]
    assert told[1].text.rstrip(b"\0") == b"More is in your notifications."
    write(households.end, host.owner_id, device_id, 3, one_server.clock.now_s)
    assert words((await blob(one_server, host, device_id))[1]) == ["Blue is worn out"]


async def test_what_is_dismissed_on_the_wrist_is_read_by_whom_it_was_told_and_once(one_server: RunningServer) -> None:
    host = await wearer(one_server, "wrist-hal", DEVICE_ID)
    guest = make_person(one_server, "wrist-gus")
    write, now_s = one_server.app[DATABASE].write_now, one_server.clock.now_s
    write(households.make, host.owner_id, "Home", now_s)
    write(households.invite, host.owner_id, bytes(32), now_s, now_s + 9)
    write(households.join, guest.owner_id, bytes(32), now_s)
    write(households.offer, host.owner_id, DEVICE_ID, 3, guest.owner_id, now_s)
    write(households.accept, guest.owner_id, host.owner_id, DEVICE_ID, 3, now_s)
    await tell(one_server, host, WORN)
    await tell(one_server, guest, REACHED)
    number = {one.slot: one.number for one in (await blob(one_server, host, DEVICE_ID))[1]}
    assert number[0] == number[3], "both are of this second: the slot tells whose it is"
    builder = JournalBuilder(bytes(32))
    builder.boot()
    builder.clock(5, int(now_s))
    for t_s, told, slot in ((6, number[3], 3), (7, 0, 0), (8, number[0], 5), (9, number[0] + 1, 0)):
        builder.record(DISMISSED, t_s, told, slot)
    held = len(builder.data)
    assert (await one_server.put(host, builder.data, 0))[0] == 200
    one_server.clock.now_s += 60
    _, told = await blob(one_server, host, DEVICE_ID)
    assert [(one.slot, words([one])) for one in told] == [(0, ["Blue is worn out"])]
    (theirs,), (mine,) = await shown(one_server, guest), await shown(one_server, host)
    assert theirs["read_at"] is not None and mine["read_at"] is None
    builder.record(DISMISSED, 99, number[3], 3)  # told again behind a power cut
    builder.record(DISMISSED, 100, number[0], 0)
    assert (await one_server.put(host, builder.data[held:], held))[0] == 200
    assert (await blob(one_server, host, DEVICE_ID))[1] == []
    assert await shown(one_server, guest) == [theirs], "read once"
    assert (await shown(one_server, host))[0]["read_at"] is not None


async def test_the_page_has_a_column_for_the_wrist_of_who_wears_something(one_server: RunningServer) -> None:
    dan = await wearer(one_server, "wrist-dan", "00112233445566a4")
    eve = make_person(one_server, "wrist-eve")
    for person in (dan, eve):
        headers = {"Cookie": f"{COOKIE}={person.token}"}
        async with one_server.http.get("/notifications/settings", headers=headers) as response:
            page = await response.text()
        assert ('name="wearable-goal"' in page) is (person is dan)
        form = {part: page.split(f'name="{part}" value="')[1].split('"')[0] for part in ("form_key", "channels")}
        async with one_server.http.post("/notifications/settings", data=form, headers=headers) as response:
            assert response.status == 200
        rules = await one_server.app[NOTICES].rules(person.owner_id)
        assert rules.tells(GOAL, WRIST) is (person is eve), "a column that was not there changes nothing"
        assert not rules.tells(GOAL, "inbox")


async def test_a_crash_before_or_after_any_write_gives_a_notice_one_number(one_server: RunningServer) -> None:
    server, database = one_server, one_server.app[DATABASE]
    stage = make_backstage(server.config, database, server.clock, bytes, shared_apart())
    people = [await wearer(server, f"wrist-crash{number}", f"00112233445567{number:02}") for number in range(5)]
    await server.app[WORKER].stop()
    for number, person in enumerate(people):
        device_id = f"00112233445567{number:02}"
        database.write_now(store.tell, person.owner_id, WORN, server.clock.now_s)
        notice_id = database.read_now(store.page, person.owner_id, Page(1))[0].notice_id
        turns = [Turn(person.owner_id, NOTICES_TO_WRIST, notice_id), Turn(person.owner_id, NOTICES_ON_WRIST, device_id)]
        crashing = Crashing(database, number)
        for turn in turns:
            try:
                stage.runs[turn.handler](turn, crashing.write)
            except Crash:
                stage.runs[turn.handler](turn, database.write_now)
        first = database.read_now(desired.blob_of, person.owner_id, device_id, KIND)
        assert first is not None and first.data[1] == 1, number
        server.clock.now_s += 60
        for turn in turns:
            stage.runs[turn.handler](turn, database.write_now)
        assert database.read_now(desired.blob_of, person.owner_id, device_id, KIND) == first, number
