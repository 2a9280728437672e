"""A site of which every page has something to show: what the walk over all pages looks at."""

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from paceline_server.keys import CONFIG, DATABASE, SIGN_IN
from paceline_server.mail.writing import Desk
from paceline_server.new_password.service import recovery_link
from paceline_server.platform.sealing import Sealer
from paceline_server.sign_in.model import Claims
from paceline_server.tls.authority import load_or_make
from web.site import DEVICE_ID, PASSWORD, USERNAME, WAIT_S, Site, add_finished_run

ISSUER = "http://127.0.0.1:9"  # nobody is asked
PROVIDERS = f'[mock]\nlabel = "Mock & Co"\nissuer = "{ISSUER}"\nclient_id = "paceline"\nclient_secret = "s"\n'
RUN_S = 900
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Full:
    """What the addresses of tests/web/every_page.py name, and the cookie of somebody who is to choose a name."""

    names: dict[str, str]
    newcomer: str


def settings(folder: Path) -> dict[str, Any]:
    """Return the settings with which all pages are there."""
    file = folder / "providers.toml"
    file.write_text(PROVIDERS)
    file.chmod(0o600)
    return {"registration": "open", "sign_in_providers": file}


async def filled(site: Site) -> Full:
    """Do what leaves something on every page."""
    now_s = int(time.time())
    start_s = now_s - 2 * DAY_S
    run = await add_finished_run(site, 101, RUN_S, 5, start_s)
    activity_id = run["activity_id"]
    await _do(site, "PUT", f"/devices/{DEVICE_ID}/settings", {"users": [{"slot": 0}]})
    await _days(site, now_s)
    entry = {name: run[name] for name in ("type", "start_time", "duration")} | {"distance": 2600}
    entered = (await _do(site, "POST", "/activities", entry))["activity_id"]
    await _do(site, "PATCH", f"/activities/{activity_id}/recordings", {"join": [entered]})
    thrown = await _do(
        site, "POST", "/activities", {"type": "cycling", "start_time": _utc(start_s - DAY_S), "duration": 600}
    )
    await _do(site, "DELETE", f"/activities/{thrown['activity_id']}")
    shoes = await _do(site, "POST", "/gear", {"kind": "shoes", "name": "Blue shoes", "distance_limit_m": 1000})
    await _do(site, "POST", "/gear/choices", {"activity_ids": [activity_id], "gear_ids": [shoes["gear_id"]]})
    await _do(site, "POST", "/goals", {"goal_type": "weekly_distance", "target_value": 1000})
    await _do(site, "POST", "/goals", {"goal_type": "daily_steps", "target_value": 9000})
    await _do(site, "PUT", "/households", {"name": "Home"})
    app = {"name": "Race planner", "redirect_uris": ["http://127.0.0.1/callback"]}
    person = await _do(site, "POST", "/auth/login", {"username": USERNAME, "password": PASSWORD})
    own, token = f"/users/{site.owner_id}", person["access_token"]
    client_id = (await _do(site, "POST", f"{own}/apps", app, token))["client_id"]
    await _do(site, "POST", f"{own}/second-factor", {}, token)
    await site.app[SIGN_IN].link(site.owner_id, Claims(ISSUER, "m", "mira@example.org", None))
    batch = await _imported(site, start_s - 3 * DAY_S)
    await _noticed(site)
    load_or_make(site.app[CONFIG].data, "paceline", (), time.time())
    names = {"activity_id": activity_id, "device_id": DEVICE_ID, "batch_id": batch, "client_id": client_id}
    names |= {"user_code": await _asking(site), "link": await asyncio.to_thread(_recovery, site)}
    return Full(names, site.app[SIGN_IN].newcomer("mock", Claims(ISSUER, "n", "noa@example.org", None), "/"))


async def _do(site: Site, method: str, path: str, body: object = None, token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else None
    async with site.client.request(method, f"/api/v1{path}", json=body, headers=headers) as answer:
        assert answer.status in (200, 201, 204), await answer.text()
        return await answer.json() if answer.status != 204 else {}


async def _days(site: Site, now_s: int) -> None:
    counts = [
        {"metric": "steps", "start_time": _utc(at_s), "end_time": _utc(at_s + 3600), "value": 4000 + 1000 * n}
        for n, at_s in enumerate(range(now_s - 6 * DAY_S, now_s, DAY_S))
    ]
    nights = [
        {"sleep_id": str(at_s), "start_time": _utc(at_s), "end_time": _utc(at_s + 27_000)}
        for at_s in range(now_s - 3 * DAY_S, now_s - DAY_S, DAY_S)
    ]
    await _do(site, "POST", "/workouts", {"source": "phone", "time": _utc(now_s), "counts": counts, "sleeps": nights})
    await _do(site, "POST", "/meals", {"energy_kcal": 640, "name": "Lunch"})
    for days, weight_kg in ((9, 62.4), (2, 61.5)):
        day = _utc(now_s - days * DAY_S)[:10]
        await _do(site, "PUT", f"/users/{site.owner_id}/body/weight_kg/{day}", {"value": weight_kg})


async def _imported(site: Site, start_s: int) -> str:
    """Have a file taken."""
    rows = "".join(
        f'<trkpt lat="{46 + n * 3e-5:.6f}" lon="7"><time>{_utc(start_s + n)}</time></trkpt>' for n in range(60)
    )
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>'
    data = f"{head}{rows}</trkseg></trk></gpx>".encode()
    kind = {"Content-Type": "application/octet-stream"}
    async with site.client.post("/api/v1/imports", data=data, headers=kind) as answer:
        assert answer.status == 202, await answer.text()
        return (await answer.json())["batch_id"]


async def _noticed(site: Site) -> None:
    """Wait until the goal that was reached is told of."""
    async with asyncio.timeout(WAIT_S):
        while True:
            if (await _do(site, "GET", f"/users/{site.owner_id}/notifications"))["notifications"]:
                return
            await asyncio.sleep(0.05)


async def _asking(site: Site) -> str:
    """Have a gateway ask to be let in; return the code that it shows."""
    form = {"client_id": "paceline-gateway", "client_name": "hub in the hall"}
    asked = "/api/v1/oauth/device_authorization"
    async with ClientSession(site.address) as client, client.post(asked, data=form) as answer:
        return (await answer.json())["user_code"]


def _recovery(site: Site) -> str:
    database = site.app[DATABASE]
    desk = Desk(Sealer(site.app[CONFIG].server_key, os.urandom), time.time, os.urandom, site.address)
    return recovery_link(database, desk, USERNAME, time.time()).rpartition("/")[2]


def _utc(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%dT%H:%M:%SZ}"
