"""Every page, loaded once and looked at on a phone and a desktop, in light and dark; a picture of each is kept."""

import base64
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, BrowserContext, CDPSession, Page
from web.conftest import DESKTOP, PHONE, TIMEOUT_MS, ZONE, log_in
from web.every_page import NO_PAGE, PAGES, ROUTES, SPECIAL, STATES, Shown
from web.full_site import Full, filled, settings
from web.looked_at import findings, fits
from web.site import running_site

PICTURES = os.environ.get("PACELINE_SCREENSHOTS")  # of .ci/run and `make screenshots`
QUALITY = 60
Look = tuple[Literal["phone", "desktop"], Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = (("phone", "light"), ("phone", "dark"), ("desktop", "dark"), ("desktop", "light"))
# Every part that can be pressed can have the focus, and shows that it has it; and nothing is put before its turn.
KEYS = """() => {
  const said = one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`;
  const pressed = document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [role=button], [role=slider], [role=link], [tabindex]");
  const wrong = [];
  for (const one of pressed) {
    if (one.disabled || !one.checkVisibility({ visibilityProperty: true }) || one.type === "hidden") continue;
    if (one.tabIndex > 0) wrong.push(`before its turn: ${said(one)}`);
    one.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== one) wrong.push(`not by the keyboard: ${said(one)}`);
    else if (one.tabIndex >= 0) {
      let shown = one;  // by itself or, as a card for its link, by what it is in
      while (shown && getComputedStyle(shown).outlineStyle === "none") shown = shown.parentElement;
      if (!shown) wrong.push(`unseen: ${said(one)}`);
    }
  }
  document.activeElement?.blur();
  scrollTo(0, 0);
  return wrong;
}"""


@dataclass
class Walk:
    """Two tabs on a full site, one logged in, one not; `failures`: what they complained of since a page was opened."""

    full: Full
    tabs: dict[bool, tuple[Page, CDPSession]]
    failures: list[str] = field(default_factory=list)

    def hear(self, context: BrowserContext) -> None:
        """Take note of scripts that fail and of all that the browser complains of, such as a breach of the policy."""
        context.on("weberror", lambda error: self.failures.append(str(error.error)))
        context.on("console", lambda said: self.failures.append(said.text) if said.type == "error" else None)


@pytest.fixture(scope="module")
async def walk(browser: Browser, built: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Walk]:
    """A site that has something to show on every page."""
    folder = tmp_path_factory.mktemp("walk")
    async with running_site(folder / "data", **settings(folder)) as site:
        walk = Walk(await filled(site), {})
        contexts: list[BrowserContext] = []
        known: list[Any] = [{"name": "time_zone", "value": ZONE, "url": site.address}]
        new: list[Any] = [{"name": "paceline_newcomer", "value": walk.full.newcomer, "url": f"{site.address}/welcome"}]
        for logged_in in (True, False):
            context = await browser.new_context(
                base_url=site.address, timezone_id=ZONE, service_workers="block", **DESKTOP
            )
            contexts.append(context)
            context.set_default_timeout(TIMEOUT_MS)
            page = await context.new_page()
            await context.add_cookies(known if logged_in else known + new)
            if logged_in:
                await log_in(page)
            walk.tabs[logged_in] = (page, await context.new_cdp_session(page))
            walk.hear(context)
        yield walk
        for context in contexts:
            await context.close()


def test_every_route_of_the_pages_is_walked_or_shows_none() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert NO_PAGE.keys() | SPECIAL.keys() <= ROUTES
    assert len(PAGES) - len(STATES) == len(ROUTES - NO_PAGE.keys())


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
async def test_a_page_is_good_at_every_size_and_in_every_light(walk: Walk, shown: Shown) -> None:
    page, tools = walk.tabs[shown.logged_in]
    walk.failures.clear()
    await page.set_viewport_size(PHONE["viewport"])
    await page.emulate_media(color_scheme="light")
    answer = await page.goto(shown.path.format_map(walk.full.names))
    assert answer is not None and answer.status == shown.status, page.url
    assert page.url.split("?")[0].endswith(shown.lands or shown.path.format_map(walk.full.names).split("?")[0])
    await page.wait_for_selector(shown.ready, state="attached")
    if shown.name == "api":  # it is long, and one call looks like the other; what is gone is named at its head
        await page.evaluate("document.querySelectorAll('.call').forEach((call, n) => n < 6 || call.replaceChildren())")
    assert await findings(page) == []
    assert await page.evaluate(KEYS) == []
    for look in LOOKS:
        await seen(page, tools, shown.name, look)
    told = [one for one in walk.failures if not (shown.status >= 400 and f"status of {shown.status}" in one)]
    assert told == []


async def seen(page: Page, tools: CDPSession, name: str, look: Look) -> None:
    """Look at the page in this light at this size; keep a picture of what is on the screen, where a folder is named."""
    size, scheme = look
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size((PHONE if size == "phone" else DESKTOP)["viewport"])
    assert await fits(page), f"wider than a {size}"
    if look == ("phone", "dark"):
        assert await findings(page) == []
    if PICTURES:
        taken = await tools.send(
            "Page.captureScreenshot", {"format": "jpeg", "quality": QUALITY, "optimizeForSpeed": True}
        )
        file = Path(PICTURES) / f"{size}-{scheme}" / f"{name}.jpeg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(taken["data"]))
