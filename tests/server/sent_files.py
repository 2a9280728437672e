"""Files that people send, and how they send them."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

from server.running_server import Person, RunningServer


def gpx(start_minute: int = 0, *, day: int = 1, points: int = 60) -> bytes:
    """Return a run of one point a second, due north at 3 m/s, that starts at 06:00 and some minutes."""
    start = datetime(2025, 5, day, 6, tzinfo=UTC) + timedelta(minutes=start_minute)
    rows = "".join(
        f'<trkpt lat="{47 + 3 * i / 111_195:.6f}" lon="8.5"><ele>400</ele>'
        f"<time>{start + timedelta(seconds=i):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for i in range(points)
    )
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>'
    return f"{head}{rows}</trkseg></trk></gpx>".encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


async def send_file(
    server: RunningServer, person: Person, data: bytes, query: str = "", status: int = 202
) -> dict[str, Any]:
    """Send a file; return the answer once all of it is worked off."""
    headers = person.headers | {"Content-Type": "application/octet-stream"}
    async with server.http.post(f"/api/v1/imports{query}", data=io.BytesIO(data), headers=headers) as response:
        answer = await response.json()
        assert response.status == status, answer
    if status != 202:
        return answer
    await server.settled()
    found, batch = await server.get(person, f"/imports/{answer['batch_id']}?limit=1000")
    assert found == 200
    return batch


async def tell(
    server: RunningServer, person: Person, batch: dict[str, Any], what: str, body: object = None
) -> dict[str, Any]:
    """Confirm or undo a batch; return it once that is done."""
    url = f"/api/v1/imports/{batch['batch_id']}/{what}"
    async with server.http.post(url, json=body or {}, headers=person.headers) as response:
        assert response.status == 202, await response.text()
    await server.settled()
    return (await server.get(person, f"/imports/{batch['batch_id']}?limit=1000"))[1]


def states(batch: dict[str, Any]) -> list[str]:
    """Return the files' states, in order."""
    return [file["status"] for file in batch["files"]]
