"""A whole sync of workouts, over the air and up to the server: the JSON lines of the gateway tell of no person."""

import json
import shutil
from pathlib import Path

from paceline_tools.line.children import Child
from paceline_tools.line.places import USER, Places
from paceline_tools.line.settings import WEARABLE_NAME
from paceline_tools.sample_route import sample_recording
from paceline_tools.track import to_track
from system.recorded import LIMIT_S, MINUTES, air, copied, gateway_program, served, worn


def coordinates() -> set[str]:
    """The places where the workouts were, as anybody would write them: degrees to three places, and whole numbers."""
    found: set[str] = set()
    for number, minutes in enumerate(MINUTES):
        track = to_track(sample_recording(minutes=minutes, seed=number + 1))
        for column in ("latitude_e7", "longitude_e7"):
            for value in {int(value) for value in track[column]} - {0}:
                found |= {f"{value / 1e7:.3f}"[:-1], str(value)[:6]}
    return found


async def test_no_line_of_a_whole_sync_tells_who_or_where(recorded: Places, tmp_path: Path) -> None:
    places = copied(recorded, tmp_path)
    shutil.rmtree(places.gateway)
    places.gateway.mkdir()
    async with served(places) as (_, view), air() as (link, hci), worn(places, link):
        command = gateway_program(places, hci, "--log-format", "json", "--verbose", "run")
        gateway = await Child.start("gateway", command, places.logs / "json.log")
        try:
            await view.wait_for(lambda _summary: True, "A workout", LIMIT_S)
        finally:
            await gateway.stop()
    lines = (places.logs / "json.log").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    label = places.device_id.read_text().strip()[-4:].upper()
    assert any(line["text"].startswith(f"{label}: the server has") for line in told), lines
    private = {WEARABLE_NAME, USER, *coordinates()}
    private |= {file.read_text().strip() for file in (places.device_id, places.device_key, places.token)}
    texts = "\n".join(line["text"] for line in told)
    assert [word for word in private if word in texts] == []
