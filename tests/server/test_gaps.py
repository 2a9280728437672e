"""What a wearable has overwritten is declared gone: the journal goes on behind it, and the receipts show it."""

from paceline_protocol.page import PAGE_SIZE
from server.journal_builder import DEVICE_ID, EPOCH, START_UTC_S, JournalBuilder, run_samples
from server.running_server import Person, RunningServer

HELD = 1500
BEHIND = 2 * PAGE_SIZE


def long_run() -> tuple[JournalBuilder, int]:
    """Return a journal of five pages or so with one workout, and another workout behind it; and where that begins."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, START_UTC_S + 5)
    builder.start(10)
    builder.samples(run_samples(9000))
    builder.end(9010)
    second = builder.position
    builder.start(9100, session=2)
    builder.samples(run_samples(60, t_s=9100))
    builder.end(9160)
    return builder, second


async def put_over_gap(
    server: RunningServer, person: Person, data: bytes, position: int
) -> tuple[int, dict[str, object]]:
    url = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}?position={position}&gap=true"
    async with server.http.put(url, data=data, headers=person.headers) as response:
        return response.status, await response.json()


async def test_a_journal_goes_on_behind_a_gap_that_its_receipts_show(server: RunningServer, ann: Person) -> None:
    data = long_run()[0].data
    await server.put(ann, data[:HELD], 0)
    assert (await server.put(ann, data[BEHIND:], BEHIND))[1]["error"] == "gap"
    assert await put_over_gap(server, ann, data[BEHIND:], BEHIND) == (200, {"position": len(data)})
    second, first = await server.activities(ann)
    assert second["receipt"]["whole"]
    receipt = first["receipt"]
    assert {"from": HELD, "to": BEHIND} in [gap | {"from": max(gap["from"], HELD)} for gap in receipt["gaps"]]
    assert not receipt["whole"] and not receipt["sealed"]
    assert f"{BEHIND - HELD} bytes are missing from {HELD} on" in receipt["problems"]
    assert 0 < receipt["received"] < receipt["recorded"] == 9000
    _, streams = await server.get(ann, f"/activities/{first['activity_id']}/streams")
    assert streams["time_s"][0] == 0 and streams["time_s"][-1] == 8999  # the time goes on behind the gap


async def test_any_split_and_a_restart_give_the_same_as_one_upload(server: RunningServer, ann: Person) -> None:
    data = long_run()[0].data
    await server.put(ann, data[:HELD], 0)
    await server.settled()
    held = BEHIND
    while held < len(data):
        piece = data[held : held + 700]
        if held == BEHIND:
            assert (await put_over_gap(server, ann, piece, held))[0] == 200
        else:
            assert (await server.put(ann, piece, held))[0] == 200
        held += len(piece)
        if held == BEHIND + 5 * 700:
            await server.settled()
            await server.stop()
            await server.start()
        await server.settled()
    pieces = await server.activities(ann)
    assert [one["receipt"]["whole"] for one in pieces] == [True, False]
    assert pieces[1]["receipt"]["problems"][-1] == f"{BEHIND - HELD} bytes are missing from {HELD} on"
    assert pieces[1]["points_count"] == pieces[1]["receipt"]["received"] > 0


async def test_a_declaration_repeated_or_without_need_declares_nothing(server: RunningServer, ann: Person) -> None:
    data = long_run()[0].data
    for _ in range(2):
        for start, end in ((0, BEHIND), (BEHIND, len(data))):
            status, answer = await put_over_gap(server, ann, data[start:end], start)
            assert status == 200 and answer["position"] in (end, len(data))
    assert all(one["receipt"]["whole"] for one in await server.activities(ann))


async def test_a_gap_ends_at_a_page_or_is_refused(server: RunningServer, ann: Person) -> None:
    data = long_run()[0].data
    await server.put(ann, data[:HELD], 0)
    status, answer = await put_over_gap(server, ann, data[BEHIND + 1 :], BEHIND + 1)
    assert (status, answer["error"], answer["field"]) == (400, "position", "position")
    url = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}?position=0&gap=perhaps"
    async with server.http.put(url, data=b"x", headers=ann.headers) as response:
        assert response.status == 400 and (await response.json())["field"] == "gap"
    assert (await server.get(ann, f"/devices/{DEVICE_ID}/journal/{EPOCH}"))[1] == {"position": HELD, "missing": []}
