"""A gateway and the real server: what was damaged on the way is asked for again and made good, no more."""

from pathlib import Path

import pytest
from paceline_gateway.config import Server
from paceline_gateway.spool import DeviceSpool
from paceline_gateway.uplink.asked_again import LOOK_ANYWAY_S, AskedAgain, pieces, read_asked
from paceline_gateway.uplink.client import UplinkClient
from paceline_protocol.page import PAGE_SIZE
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import Person, RunningServer
from system.test_parts_of_one_journal import ann, hold, put_token, server

__all__ = ["ann", "server"]
GOOD = workout(4000)[0].data
AT = PAGE_SIZE + 500


def flipped(data: bytes) -> bytes:
    return data[:AT] + bytes([data[AT] ^ 0x10]) + data[AT + 1 :]


async def quarantined(server: RunningServer, ann: Person) -> list[int]:
    await server.settled()
    _, answer = await server.get(ann, f"/devices/{DEVICE_ID}/journals")
    return [one["from"] for one in answer["journals"][0]["quarantine"]]


@pytest.mark.parametrize("good", [True, False], ids=["good spool", "damaged spool"])
async def test_a_page_that_was_damaged_on_the_way_is_sent_again_and_a_bad_one_is_given_up(
    tmp_path: Path, server: RunningServer, ann: Person, good: bool
) -> None:
    token_file = put_token(tmp_path / "home", ann.token)
    spool = DeviceSpool(tmp_path / "home" / DEVICE_ID, "this boot")
    hold(spool, GOOD if good else flipped(GOOD), 0, len(GOOD))
    async with UplinkClient(Server(server.url, token_file)) as client:
        asked = AskedAgain(bytes.fromhex(DEVICE_ID), "Ann", spool=spool, client=client)
        assert await asked.round(0.0) == 0  # the uploader comes first
        # What the gateway sent arrived with another bit, and was acknowledged.
        assert (await server.put(ann, flipped(GOOD), 0))[0] == 200
        (journal,) = spool.journals()
        journal.set_uploaded(len(GOOD))
        assert await quarantined(server, ann) == [PAGE_SIZE]
        assert await asked.round(60.0) == PAGE_SIZE
        assert await quarantined(server, ann) == ([] if good else [PAGE_SIZE])
        assert await asked.round(120.0) == (0 if good else PAGE_SIZE)
        later = [await asked.round(120.0 + 60 * number) for number in range(5)]
        assert later == [0] * 5 and await asked.round(120.0 + LOOK_ANYWAY_S * 2) == 0
    spool.close()
    (activity,) = await server.activities(ann)
    assert activity["receipt"]["whole"] is good


async def test_a_gap_is_filled_as_far_as_the_spool_reaches(tmp_path: Path, server: RunningServer, ann: Person) -> None:
    token_file = put_token(tmp_path / "home", ann.token)
    spool = DeviceSpool(tmp_path / "home" / DEVICE_ID, "this boot")
    hold(spool, GOOD, 0, len(GOOD))
    spool.journals()[0].set_uploaded(len(GOOD))
    headers, end = ann.headers, 2 * PAGE_SIZE
    url = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}?position={end}"
    async with server.http.put(url, data=GOOD[end:], headers=headers) as response:
        assert response.status == 200
    async with UplinkClient(Server(server.url, token_file)) as client:
        asked = AskedAgain(bytes.fromhex(DEVICE_ID), "Ann", spool=spool, client=client)
        assert await asked.round(0.0) == end
    spool.close()
    (activity,) = await server.activities(ann)
    assert activity["receipt"]["whole"]


def test_ranges_are_cut_to_pages_and_to_what_is_held() -> None:
    asked = [(100, PAGE_SIZE + 10), (3 * PAGE_SIZE, 9 * PAGE_SIZE)]
    held = [(PAGE_SIZE, PAGE_SIZE + 10), (3 * PAGE_SIZE, 4 * PAGE_SIZE), (4 * PAGE_SIZE, 4 * PAGE_SIZE + 7)]
    assert pieces(asked, PAGE_SIZE, 4 * PAGE_SIZE + 7) == held
    assert pieces([], 0, 10) == pieces([(20, 30)], 0, 10) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"missing": 1}', b'{"missing": [{"from": 5, "to": 5}]}', b'{"missing": [{"from": "0"}]}'],
)
def test_an_answer_that_makes_no_sense_asks_for_nothing(body: bytes) -> None:
    assert read_asked(body) == []
