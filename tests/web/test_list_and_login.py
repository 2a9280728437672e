"""Logging in, the list, the way out; and what an attacker may try there."""

import re

import pytest
from aiohttp import ClientSession, CookieJar
from playwright.async_api import expect
from web.conftest import OpenPage
from web.site import FIRST_DAY, PASSWORD, USERNAME, Site


async def test_a_page_that_needs_a_log_in_is_shown_after_it(open_page: OpenPage, site: Site) -> None:
    page = await open_page(logged_in=False)
    await page.goto("/?page=1")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    await page.get_by_label("User name").fill(USERNAME)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in", exact=True).click()
    await page.wait_for_url(site.address + "/?page=1")


async def test_a_wrong_password_is_told_and_the_name_kept(open_page: OpenPage) -> None:
    page = await open_page(logged_in=False)
    await page.goto("/login")
    await page.get_by_label("User name").fill(USERNAME)
    await page.get_by_label("Password").fill("not this one")
    await page.get_by_role("button", name="Log in", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    await expect(page.get_by_label("User name")).to_have_value(USERNAME)


async def test_the_list_shows_a_run_in_local_time_with_figures_and_route(open_page: OpenPage) -> None:
    page = await open_page()
    card = page.locator(".card", has_text=FIRST_DAY)
    await expect(card.locator("time")).to_have_text("Sun 12 May 2024, 08:14")
    figures = await card.locator("dd").all_inner_texts()
    assert re.fullmatch(r"\d+\.\d\dkm", figures[0])
    assert re.fullmatch(r"\d\d:\d\d", figures[1])
    assert re.fullmatch(r"\d:\d\d/km", figures[2])
    path = await card.locator(".route-picture .line").get_attribute("d")
    assert path is not None
    assert path.count("L") > 40


async def test_after_logging_out_the_session_holds_no_more(open_page: OpenPage) -> None:
    page = await open_page(logged_in=False)
    await page.goto("/login")
    await page.get_by_label("User name").fill(USERNAME)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in", exact=True).click()
    await page.wait_for_url("**/")
    cookies = [cookie for cookie in await page.context.cookies() if cookie.get("name") == "paceline_session"]
    assert len(cookies) == 1
    assert cookies[0].get("httpOnly")
    assert cookies[0].get("sameSite") == "Lax"
    await page.get_by_role("button", name="Log out").click()
    await page.wait_for_url("**/login")
    await page.context.add_cookies(
        [{"name": "paceline_session", "value": cookies[0].get("value", ""), "url": page.url}]
    )
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


@pytest.mark.parametrize("path", ["/login", "/logout"])
async def test_another_sites_page_cannot_post_here(site: Site, path: str) -> None:
    form = {"username": USERNAME, "password": PASSWORD}
    for logged_in in (False, True):
        # Cookies of an address without a name are kept only when asked for.
        async with ClientSession(site.address, cookie_jar=CookieJar(unsafe=True)) as browser:
            if logged_in:
                await browser.post("/login", data=form, headers={"Origin": site.address})
            async with browser.post(path, data=form, headers={"Origin": "https://elsewhere.example"}) as answer:
                assert answer.status == 403
                assert "Set-Cookie" not in answer.headers
            async with browser.get("/", allow_redirects=False) as answer:
                assert answer.status == (200 if logged_in else 303)


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
async def test_the_way_after_the_log_in_stays_on_this_site(site: Site, path: str) -> None:
    form = {"username": USERNAME, "password": PASSWORD, "next": path}
    async with (
        ClientSession(site.address) as client,
        client.post("/login", data=form, allow_redirects=False) as answer,
    ):
        assert answer.status == 303
        assert answer.headers["Location"] == "/"


async def test_what_is_not_there_says_so_and_leads_back(open_page: OpenPage) -> None:
    page = await open_page()
    for path in ("/nothing", "/activities/nothing", "/activities/01890000-0000-7000-8000-000000000000"):
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 404
        await expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
        await expect(page.get_by_role("link", name="Back to your activities")).to_be_visible()
