"""Programs and apps, by a person with a browser, also without scripts: a key, an app, consent and the way back."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web
from playwright.async_api import expect
from web.conftest import PHONE, OpenPage
from web.looked_at import assert_good
from web.site import Site

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.fixture
async def callback() -> AsyncIterator[str]:
    """The address at which an app on this machine waits."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="The app has you back.")

    app = web.Application()
    app.add_routes([web.get("/callback", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/callback"
    await runner.cleanup()


@pytest.mark.parametrize(
    "options", [{"color_scheme": "dark"}, {**PHONE, "java_script_enabled": False}], ids=["dark", "phone"]
)
async def test_an_app_is_registered_let_in_and_closed(
    open_page: OpenPage, site: Site, callback: str, options: dict[str, Any]
) -> None:
    page = await open_page(**options)
    await page.goto("/account/apps")
    await page.get_by_text("Register an app", exact=True).click()
    await page.get_by_label("Name, as people see it").fill("Race planner")
    await page.get_by_label("Where people are sent back to").fill("http://127.0.0.1/callback")
    await page.get_by_role("button", name="Register").click()
    client_id = await page.locator(".secret").first.inner_text()
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": callback, "state": "s"}
    asked |= {"scope": "activities:read live:read", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    await page.goto(f"/oauth/authorize?{urlencode(asked)}")
    await expect(page.get_by_text("see your workouts")).to_be_visible()
    await page.get_by_role("button", name="Let it in").click()
    await expect(page.get_by_text("The app has you back.")).to_be_visible()
    told = parse_qs(urlsplit(page.url).query)
    assert told["state"] == ["s"] and told["iss"] == [site.address] and len(told["code"][0]) > 40


@pytest.mark.parametrize(
    "options", [{"color_scheme": "dark"}, {**PHONE, "java_script_enabled": False}], ids=["dark", "phone"]
)
async def test_a_key_is_made_shown_once_and_closed(open_page: OpenPage, options: dict[str, Any]) -> None:
    scripted = options.get("java_script_enabled", True)
    shape = "desktop" if scripted else "phone"
    page = await open_page(**options)
    await page.goto("/account/apps")
    await page.get_by_text("Make a key").click()
    await page.get_by_label("What it is for").fill(f"scale {shape}")
    await page.get_by_label("see your days").check()
    if scripted:
        await assert_good(page)
    await page.get_by_role("button", name="Make the key").click()
    await expect(page.locator(".secret")).to_contain_text(".")
    await page.goto("/account/apps")
    await expect(page.locator(".secret")).to_have_count(0)
    await page.get_by_role("button", name=f"Close scale {shape}").click()
    await expect(page.get_by_role("button", name=f"Close scale {shape}")).to_have_count(0)
