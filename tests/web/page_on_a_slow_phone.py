"""`make bench-web`: the activity page of a run of 50 minutes on a slow phone, cold: what it takes and weighs."""

import asyncio
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright
from web.conftest import CHROMIUM, PHONE, TIMEOUT_MS
from web.site import PASSWORD, START_UTC_S, USERNAME, Site, add_finished_run, running_site

LOADS = 5
CPU_RATE = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
GOAL_LCP_S, GOAL_BYTES = 1.0, 120_000
# A page of the same parts that was tried before there was a server, on a quiet machine: largest paint, all drawn.
TRIED_LCP_S, TRIED_READY_S = 0.62, 2.0
_LCP = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime / 1000))
  .observe({ type: "largest-contentful-paint", buffered: true }))"""


@dataclass(frozen=True, slots=True)
class Load:
    """One load: when the largest text stood, when the route was drawn by the scripts, and bytes without the rows."""

    lcp_s: float
    drawn_s: float
    page_bytes: int
    rows_bytes: int


async def load(browser: Browser, site: Site, path: str, cookies: list[Any]) -> Load:
    """Load the page with nothing kept of an earlier one."""
    context = await browser.new_context(base_url=site.address, service_workers="block", **PHONE)
    context.set_default_timeout(TIMEOUT_MS)
    await context.add_cookies(cookies)
    page = await context.new_page()
    wire = await context.new_cdp_session(page)
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    await wire.send("Network.enable")
    await wire.send("Network.emulateNetworkConditions", NETWORK)
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU_RATE})
    await page.goto(path)
    await page.wait_for_selector("[data-rows]")
    drawn_s = await page.evaluate("performance.now() / 1000")
    lcp_s = await page.evaluate(_LCP)
    rows = sum(size for number, size in sizes.items() if "/streams" in urls.get(number, ""))
    await context.close()
    return Load(lcp_s, drawn_s, sum(sizes.values()) - rows, rows)


async def measured(data: Path) -> list[Load]:
    """Load the page a few times, after one that warms the server."""
    async with running_site(data) as site, async_playwright() as playwright:
        run = await add_finished_run(site, 101, 3000, 5, START_UTC_S)
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM))
        context = await browser.new_context(base_url=site.address)
        page = await context.new_page()
        await page.goto("/login")
        await page.fill("[name=username]", USERNAME)
        await page.fill("[name=password]", PASSWORD)
        await page.click("main button[type=submit]")
        await page.wait_for_url("**/")
        cookies: list[Any] = list(await context.cookies())
        path = f"/activities/{run['activity_id']}"
        loads = [await load(browser, site, path, cookies) for _ in range(LOADS + 1)][1:]
        await browser.close()
    return loads


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        loads = asyncio.run(measured(Path(folder)))
    lcp_s, drawn_s = (statistics.median(getattr(one, name) for one in loads) for name in ("lcp_s", "drawn_s"))
    rows = (
        ("largest text stands", f"{lcp_s:.2f} s", f"{TRIED_LCP_S:.2f} s", f"{GOAL_LCP_S:.2f} s"),
        ("route drawn by scripts", f"{drawn_s:.2f} s", f"{TRIED_READY_S:.2f} s", "–"),
        ("page, without rows", f"{loads[0].page_bytes / 1000:.1f} kB", "–", f"{GOAL_BYTES / 1000:.0f} kB"),
        ("rows", f"{loads[0].rows_bytes / 1000:.1f} kB", "–", "60 kB an hour"),
    )
    sys.stdout.write(
        f"Activity page, phone, CPU / {CPU_RATE}, 1.6 Mbit/s, 150 ms, cold, median of {LOADS} loads; "
        f"load of the machine {os.getloadavg()[0]:.1f}\n"
    )
    for cells in (("", "ours", "tried before", "goal"), *rows):
        sys.stdout.write("{:24}{:>12}{:>14}{:>16}\n".format(*cells))


if __name__ == "__main__":
    main()
