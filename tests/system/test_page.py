"""What a newcomer sees: the line as `make run` starts it, and its pages in a browser."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from web.conftest import DESKTOP, browser, built, chromium
from web.pixels import coloured_pixels

__all__ = ["browser", "built", "chromium"]

READY_S, GROW_MS, END_S = 240, 120_000, 60
TOLD = {"url": r"Open +(http://\S+)/ ", "user": r"Log in as +(\S+)", "password": r"Password +(\S+)"}


class NewLine:
    """The line in a process of its own, and what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.printed = ""

    async def told(self) -> dict[str, str]:
        """Wait until both workouts are to be seen, and return what it says about how to log in."""
        assert self.process.stdout is not None
        async with asyncio.timeout(READY_S):
            while "grows live" not in self.printed:
                line = await self.process.stdout.readline()
                assert line, f"it ended:\n{self.printed}"
                self.printed += line.decode()
        found = {name: re.search(pattern, self.printed) for name, pattern in TOLD.items()}
        return {name: match[1] for name, match in found.items() if match}

    async def stop(self) -> int:
        """Press Ctrl-C, and return its exit status."""
        self.process.send_signal(signal.SIGINT)
        output, _ = await asyncio.wait_for(self.process.communicate(), END_S)
        self.printed += output.decode()
        return self.process.returncode or 0


@asynccontextmanager
async def new_line(data: Path) -> AsyncIterator[NewLine]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "paceline_tools.line", "--data", str(data), "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield NewLine(process)
    finally:
        if process.returncode is None:
            process.terminate()  # it stops what it started
            await asyncio.wait_for(process.communicate(), END_S)


def descendants(pid: int) -> set[int]:
    """Return the processes that a process has started, and theirs."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it has just ended
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family - {pid}


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if os.path.exists(f"/proc/{pid}")}


async def log_in(page: Page, told: dict[str, str]) -> None:
    await page.goto(f"{told['url']}/login")
    await page.fill("[name=username]", told["user"])
    await page.fill("[name=password]", told["password"])
    await page.click("main button[type=submit]")
    await page.wait_for_url("**/")


async def see_the_finished_workout(page: Page) -> None:
    await page.locator(".card:not(:has(.live-badge)) a").first.click()
    await page.wait_for_selector("[data-rows]")
    await page.get_by_role("link", name="Plain").click()
    await page.locator(".charts").scroll_into_view_if_needed()
    await page.wait_for_selector("[data-charts]")
    assert await coloured_pixels(page, "[data-map]", "--route") > 1000
    for measure, token in (("rate", "--pace"), ("heart", "--heart"), ("altitude", "--climb")):
        assert await coloured_pixels(page, f"[data-chart={measure}]", token) > 500
    await expect(page.locator(".receipt h2")).to_have_text("Whole and untampered")
    recorded = await page.locator(".receipt-recorded dd").inner_text()
    await expect(page.locator("[data-figure=received]")).to_have_text(recorded)


async def see_the_live_workout_move(page: Page) -> None:
    await page.locator(".card:has(.live-badge) a").first.click()
    await page.wait_for_selector("[data-rows]")
    await expect(page.locator("[data-status]")).to_have_text("Live")
    before = await page.evaluate(_SEEN)
    await page.wait_for_function(f"before => {{ const now = ({_SEEN})(); {_MOVED} }}", arg=before, timeout=GROW_MS)


# Rows that the page has, kilometres that it shows.
_SEEN = """() => ({
  rows: Number(document.querySelector("[data-rows]").dataset.rows),
  km: Number(document.querySelector("[data-figure=distance]").textContent),
})"""
_MOVED = "return now.rows > before.rows && now.km > before.km;"


@pytest.mark.usefixtures("built")
async def test_the_line_shows_a_finished_and_a_live_workout_and_ends_clean(tmp_path: Path, browser: Browser) -> None:
    async with new_line(tmp_path / "data") as line:
        told = await line.told()
        context = await browser.new_context(**DESKTOP)
        page = await context.new_page()
        await log_in(page, told)
        await see_the_finished_workout(page)
        await page.goto(f"{told['url']}/")
        await see_the_live_workout_move(page)
        programs = descendants(line.process.pid)
        assert len(programs) >= 3
        assert await line.stop() == 0, line.printed
        assert "stopped" in line.printed
        assert not alive(programs)
        await context.close()
