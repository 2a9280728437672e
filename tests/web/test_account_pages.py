"""Letting a gateway in, and the list of what opens the account: by a person, with a browser, also without scripts."""

from typing import Any

from aiohttp import ClientSession
from playwright.async_api import expect
from web.conftest import PHONE, OpenPage
from web.looked_at import assert_good
from web.site import Site

NAME = "hub in the hall"


async def begin(site: Site) -> dict[str, Any]:
    """Ask for a grant as a gateway does."""
    form = {"client_id": "paceline-gateway", "client_name": NAME}
    async with (
        ClientSession(site.address) as client,
        client.post("/api/v1/oauth/device_authorization", data=form) as answer,
    ):
        assert answer.status == 200
        return await answer.json()


async def test_a_gateway_is_let_in_listed_and_closed(open_page: OpenPage, site: Site) -> None:
    begun = await begin(site)
    page = await open_page(**PHONE)
    await page.goto("/device")
    await page.get_by_label("Code").fill("BBBB-BBBB")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("alert")).to_contain_text("not known")
    await page.get_by_label("Code").fill(begun["user_code"].lower())
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text(begun["user_code"])).to_be_visible()
    await expect(page.get_by_text(NAME)).to_be_visible()
    await page.get_by_role("button", name="Let it in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Connected")
    await assert_good(page)
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "paceline-gateway"}
    async with (
        ClientSession(site.address) as client,
        client.post("/api/v1/oauth/token", data=form | {"device_code": begun["device_code"]}) as answer,
    ):
        assert answer.status == 200
    await page.get_by_role("link", name="your account").click()
    row = page.locator(".keys li", has_text=NAME)
    await expect(row).to_have_count(1)
    await expect(page.locator(".keys li", has_text="this one")).to_have_count(1)
    await assert_good(page)
    await row.get_by_role("button").click()
    await expect(row).to_have_count(0)


async def test_it_works_without_scripts_and_after_a_log_in(open_page: OpenPage, site: Site) -> None:
    begun = await begin(site)
    page = await open_page(java_script_enabled=False)
    await page.goto(begun["verification_uri_complete"])
    await page.get_by_role("button", name="Refuse").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Refused")
    stranger = await open_page(logged_in=False)
    await stranger.goto(begun["verification_uri_complete"])
    await expect(stranger.get_by_role("heading", level=1)).to_have_text("Welcome back")
    assert "user_code" in await stranger.locator("[name=next]").first.input_value()


async def test_a_body_is_noted_and_taken_back(open_page: OpenPage) -> None:
    page = await open_page(**PHONE, color_scheme="dark")
    await page.goto("/account")
    await page.get_by_label("Born on").fill("1990-05-04")
    await page.get_by_label("Sex").select_option("female")
    await page.get_by_role("region", name="About you").get_by_role("button", name="Save").click()
    await expect(page.get_by_label("Born on")).to_have_value("1990-05-04")
    await expect(page.get_by_label("Sex")).to_have_value("female")
    await page.get_by_label("Value", exact=True).fill("6150")
    await page.get_by_role("button", name="Note").click()
    await expect(page.get_by_role("alert")).to_contain_text("is from 20 to 400 kg")
    await page.get_by_label("Value", exact=True).fill("61,5")
    await page.get_by_label("Since", exact=True).fill("2024-01-01")
    await page.get_by_role("button", name="Note").click()
    row = page.locator(".keys li", has_text="61.5 kg")
    await expect(row).to_have_count(1)
    await assert_good(page)
    await row.get_by_role("button").click()
    await expect(row).to_have_count(0)


# Chromium on Linux reads no codes by itself, and the test's machine has no camera: what they would say.
CAMERA = """navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  return canvas.captureStream(5);
};
let looks = 0;
window.BarcodeDetector = class {
  async detect() { return looks++ < 2 ? [] : [{ rawValue: "WIFI:x" }, { rawValue: "paceline:00112233AABBCCDD" }]; }
};"""


async def test_a_code_is_scanned_into_the_form_that_claims(open_page: OpenPage) -> None:
    page = await open_page(**PHONE)
    await page.add_init_script(CAMERA)
    await page.goto("/claim")
    await page.get_by_role("button", name="Scan the code").click()
    await expect(page.get_by_label("Code", exact=True)).to_have_value("0011 2233 aabb ccdd")
    await expect(page.get_by_role("button", name="Claim it")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This code alone claims no wearable")
