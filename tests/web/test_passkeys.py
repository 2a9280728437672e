"""Passkeys in a real browser, with its virtual authenticator; and how the account's pages look and read."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from web.conftest import PHONE, TIMEOUT_MS, OpenPage
from web.looked_at import assert_good
from web.site import PASSWORD, USERNAME, Site

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
async def named(site: Site, browser: Browser) -> AsyncIterator[Page]:
    """A page of the site by its name, as passkeys are bound to names; with an authenticator."""
    address = site.address.replace("127.0.0.1", "localhost")
    context = await browser.new_context(base_url=address, **PHONE)
    context.set_default_timeout(TIMEOUT_MS)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    await context.close()


async def test_a_passkey_is_added_logs_in_and_is_removed(named: Page) -> None:
    await named.goto("/login?next=/account/security")
    await named.get_by_label("User name").fill(USERNAME)
    await named.get_by_label("Password").fill(PASSWORD)
    await named.get_by_role("button", name="Log in", exact=True).click()
    await named.wait_for_url("**/account/security")
    await named.get_by_label("Name of the new one").fill("my phone")
    await named.get_by_role("button", name="Add a passkey").click()
    row = named.locator(".keys li", has_text="my phone")
    await expect(row).to_contain_text("for localhost, since")
    await assert_good(named)
    await named.goto("/more")
    await named.get_by_role("button", name="Log out").click()
    await named.wait_for_url("**/login")
    await named.goto("/login?next=/account/security")
    await named.get_by_role("button", name="Log in with a passkey").click()
    await named.wait_for_url("**/account/security")
    await expect(row).to_contain_text("used ")
    await named.goto("/account/again?next=/account/security")
    await named.get_by_role("button", name="Go on with a passkey").click()
    await named.wait_for_url("**/account/security")
    await row.get_by_role("button").click()
    await expect(named.get_by_role("status").first).to_have_text("The passkey was removed.")
    await expect(row).to_have_count(0)


async def test_a_browser_without_a_key_of_this_site_says_so(named: Page) -> None:
    await named.goto("/login")
    await named.get_by_role("button", name="Log in with a passkey").click()
    await expect(named.get_by_role("status")).to_have_text("No passkey was used.")


async def test_without_scripts_the_form_says_what_it_needs(open_page: OpenPage) -> None:
    page = await open_page(logged_in=False, java_script_enabled=False)
    await page.goto("/login")
    await expect(page.get_by_role("button", name="Log in with a passkey")).to_be_disabled()
    await expect(page.get_by_role("status")).to_contain_text("need a browser with JavaScript")
