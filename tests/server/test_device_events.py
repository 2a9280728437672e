"""Boots, alerts and crashes of a wearable: from any upload the same, and only for its owner."""

from typing import Any

from paceline_protocol.code_tables import ALERTS, BOOT_CAUSES
from paceline_protocol.records import ALERT, CRASH
from server.journal_builder import DEVICE_ID, EPOCH, JournalBuilder
from server.running_server import Person, RunningServer

_UTC_S = 1_777_852_800
_TRACEBACK = 'Traceback (most recent call last):\n  File "app.py", line 7\nOSError: [Errno 5] EIO'


def _journal() -> JournalBuilder:
    builder = JournalBuilder()
    builder.boot(1)
    builder.record(ALERT, 5, ALERTS.index("sensor failed"), 2)
    builder.clock(10, _UTC_S + 10)
    builder.record(CRASH, 20, _TRACEBACK)
    builder.boot(2)
    builder.record(ALERT, 3, 99, 4)
    return builder


async def _events(server: RunningServer, person: Person, query: str = "") -> dict[str, Any]:
    await server.settled()
    status, answer = await server.get(person, f"/devices/{DEVICE_ID}/events{query}")
    assert status == 200, answer
    return answer


async def test_they_are_told_with_their_time(server: RunningServer, ann: Person) -> None:
    await server.put(ann, _journal().data, 0)
    answer = await _events(server, ann)
    assert answer["total"] == 5
    first, second, third, fourth, fifth = answer["events"]
    assert (first["kind"], first["at"], first["traceback"]) == ("crash", "2026-05-04T00:00:20Z", _TRACEBACK)
    assert (second["alert"], second["value"], second["at"]) == ("sensor failed", 2, "2026-05-04T00:00:05Z")
    assert (third["cause"], third["boot_count"], third["firmware"]) == (BOOT_CAUSES[1], 1, "0.1.0")
    assert (fourth["alert"], fourth["at"]) == ("99", None)
    assert (fifth["kind"], fifth["at"], fifth["epoch"]) == ("boot", None, EPOCH)
    paged = await _events(server, ann, "?limit=1&offset=2")
    assert paged["events"] == [third] and paged["total"] == 5


async def test_repetitions_and_restarts_change_nothing(server: RunningServer, ann: Person) -> None:
    builder = _journal()
    for _ in range(300):
        builder.battery(30)
    builder.record(CRASH, 40, "again")
    data = builder.data
    for end in (60, 200, 4096, len(data)):
        await server.put(ann, data[:end], 0)
        await server.settled()
    once = await _events(server, ann)
    await server.stop()
    await server.start()
    held = len(data)
    builder.record(ALERT, 50, 1, 1)
    await server.put(ann, builder.data[held:], held)
    again = await _events(server, ann)
    assert again["total"] == once["total"] + 1 == 7
    assert [event for event in again["events"] if event["position"] < held] == once["events"]


async def test_what_was_altered_is_not_believed(server: RunningServer, ann: Person) -> None:
    builder = _journal()
    builder.record(CRASH, 40, "made up")
    builder.leave_page()
    data = bytearray(builder.data)
    data[100] ^= 1
    await server.put(ann, bytes(data), 0)
    assert (await _events(server, ann))["total"] == 0


async def test_a_crash_text_of_any_bytes_is_kept(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot(1)
    builder.payload(CRASH, bytes([1, 0, 0, 0]) + b"zero \0 and more")
    await server.put(ann, builder.data, 0)
    crash = [event for event in (await _events(server, ann))["events"] if event["kind"] == "crash"]
    assert crash[0]["traceback"] == "zero \N{REPLACEMENT CHARACTER} and more"


async def test_another_user_sees_nothing(server: RunningServer, ann: Person, bob: Person) -> None:
    await server.put(ann, _journal().data, 0)
    await server.settled()
    assert (await server.get(bob, f"/devices/{DEVICE_ID}/events"))[0] == 404
