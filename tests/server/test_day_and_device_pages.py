"""Today on the home page, and a wearable's page: what it said of itself, escaped, and only for its owner."""

from paceline_protocol.records import ALERT, CRASH, DAY
from server.journal_builder import DEVICE_ID, JournalBuilder
from server.running_server import Person, RunningServer


async def _page(server: RunningServer, person: Person, path: str) -> tuple[int, str]:
    async with server.http.get(path, headers=person.headers) as response:
        return response.status, await response.text()


async def _upload(server: RunningServer, person: Person) -> None:
    builder = JournalBuilder()
    builder.boot(3)
    now_s = int(server.clock())
    builder.clock(1000, now_s)
    builder.record(ALERT, 900, 5, 1)
    builder.record(CRASH, 950, "OSError: <b>EIO</b>")
    builder.record(DAY, 990, 0, 4210, 60, 52, 0, 15, 12, 15)
    await server.put(person, builder.data, 0)
    await server.settled()


async def test_today_and_the_wearables_are_on_the_home_page(server: RunningServer, ann: Person, bob: Person) -> None:
    assert 'data-part="today"' not in (await _page(server, ann, "/"))[1]
    await _upload(server, ann)
    status, page = await _page(server, ann, "/")
    assert status == 200 and "<strong>4,210</strong> steps" in page and "<strong>52</strong> bpm at rest" in page
    assert f'href="/devices/{DEVICE_ID}"' in page
    assert DEVICE_ID not in (await _page(server, bob, "/"))[1]


async def test_a_wearables_page_tells_starts_alerts_and_crashes(server: RunningServer, ann: Person) -> None:
    status, page = await _page(server, ann, f"/devices/{DEVICE_ID}")
    assert status == 200 and "Nothing yet" in page
    await _upload(server, ann)
    status, page = await _page(server, ann, f"/devices/{DEVICE_ID}")
    assert status == 200
    assert "Started" in page and "start number 3, firmware 0.1.0" in page
    assert "Alert: sensor failed" in page and "Crashed" in page
    assert "&lt;b&gt;EIO" in page and "<b>EIO" not in page


async def test_anothers_wearable_has_no_page(server: RunningServer, ann: Person, bob: Person) -> None:
    await _upload(server, ann)
    assert (await _page(server, bob, f"/devices/{DEVICE_ID}"))[0] == 404
    assert (await _page(server, ann, "/devices/none"))[0] == 404
