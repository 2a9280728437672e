"""One command starts the whole line, and what the virtual wearable felt is on the server, whole."""

import asyncio
import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paceline_server.formats.recording import Recording
from paceline_tools.line.bring_up import free_port
from paceline_tools.line.places import USER, Places
from paceline_tools.sample_route import sample_recording

LIMIT_S = 240
NAMES = {"altitude_m": "ele", "heart_rate_bpm": "hr", "cadence_spm": "cad", "speed_m_s": "speed"}


def as_gpx(recording: Recording) -> str:
    columns = recording.columns
    stamps = np.datetime_as_string(np.array(recording.start_utc_s + columns["time_s"], dtype="datetime64[s]"))
    points = [
        f'<trkpt lat="{columns["latitude_deg"][row]:.7f}" lon="{columns["longitude_deg"][row]:.7f}">'
        f"<time>{stamps[row]}Z</time>"
        + "".join(f"<{tag}>{columns[name][row]:.2f}</{tag}>" for name, tag in NAMES.items())
        + "</trkpt>"
        for row in range(recording.points)
    ]
    return f"<gpx><trk><type>cycling</type><trkseg>{''.join(points)}</trkseg></trk></gpx>"


async def line(*arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "paceline_tools.line",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), LIMIT_S)
    except TimeoutError:
        process.terminate()  # it stops what it started
        output, _ = await process.communicate()
        pytest.fail(f"not done within {LIMIT_S} s:\n{output.decode()}")
    return process.returncode or 0, output.decode()


class Api:
    """The server's API for one user."""

    def __init__(self, url: str, password: str) -> None:
        self._url = f"{url}/api/v1"
        self._headers = {"Content-Type": "application/json"}
        account = {"username": USER, "password": password}
        body = self.call("/auth/login", json.dumps(account).encode())
        self._headers["Authorization"] = f"Bearer {body['access_token']}"
        self.user_id = body["user_id"]

    def call(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(self._url + path, body, self._headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)


async def test_a_recording_is_worn_and_arrives_whole_also_on_the_next_start(tmp_path: Path) -> None:
    run = sample_recording(minutes=6)
    (tmp_path / "run.gpx").write_text(as_gpx(run))
    data, track = tmp_path / "data", str(tmp_path / "run.gpx")
    for workouts in (1, 2):
        status, output = await line("--data", str(data), "--track", track, "--port", "0", "--once")
        assert status == 0, output
        assert "nothing missing" in output
        found = await served(data)
        assert len(found) == workouts
        for activity in found:
            assert activity["receipt"]["whole"], activity["receipt"]
            assert activity["status"] == "finished"
            assert activity["type"] == "cycling"
            assert 360 <= activity["points_count"] < 400
            assert activity["distance_m"] == pytest.approx(float(run.columns["speed_m_s"].sum()), rel=0.03)
    assert all("password" not in log.read_text() for log in (data / "logs").iterdir())


async def served(data: Path) -> list[Any]:
    """Start the server alone on the line's data, and ask it."""
    port = free_port(0)
    server = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("paceline-server")),
        *("serve", "--data", str(data / "server"), "--port", str(port)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        assert await asyncio.wait_for(server.stdout.readline(), 30)
        return await asyncio.to_thread(activities, f"http://127.0.0.1:{port}", data)
    finally:
        server.terminate()
        await server.communicate()


def activities(url: str, data: Path) -> list[Any]:
    api = Api(url, Places(data).password.read_text().strip())
    listed = api.call(f"/users/{api.user_id}/activities")["activities"]
    return [api.call(f"/activities/{activity['activity_id']}") for activity in listed]


async def test_what_is_in_the_way_is_one_message(tmp_path: Path) -> None:
    broken = tmp_path / "broken.fit"
    broken.write_bytes(b"\x0e\x10\x00\x00\x10\x00\x00\x00.FIT" + os.urandom(40))
    status, output = await line("--data", str(tmp_path / "data"), "--track", str(broken), "--once")
    assert status == 1
    assert output.startswith("make run: ")
    assert "broken.fit is no recording" in output
    listener = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = str(listener.sockets[0].getsockname()[1])
    status, output = await line("--data", str(tmp_path / "data"), "--port", port, "--once")
    listener.close()
    assert status == 1
    assert output == f"make run: Port {port} is busy (Address already in use). Choose another with --port\n"
