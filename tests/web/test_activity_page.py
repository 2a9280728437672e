"""The activity page in a browser: map, charts, figures and receipt of a run that came through the ingest API."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect
from web.conftest import DESKTOP, FINISHED_S, PHONE, OpenPage
from web.pixels import coloured_pixels
from web.site import FIRST_DAY


async def open_run(page: Page) -> None:
    await page.locator(".card", has_text=FIRST_DAY).locator("a").first.click()
    await page.wait_for_selector("[data-rows]")
    await page.locator(".charts").scroll_into_view_if_needed()
    await page.wait_for_selector("[data-charts]")


async def next_frames(page: Page) -> None:
    """Leaflet draws with the next frame."""
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def test_the_map_shows_the_route_with_its_marks(open_page: OpenPage) -> None:
    page = await open_page()
    await open_run(page)
    shades = [await coloured_pixels(page, "[data-map]", f"--shade-{number}") for number in (0, 3, 6)]
    assert min(shades) > 100
    await page.get_by_role("link", name="Plain").click()
    await expect(page).to_have_url(re.compile("colour=plain"))
    await next_frames(page)
    assert await coloured_pixels(page, "[data-map]", "--route") > 1000
    for kind in ("start", "finish"):
        await expect(page.locator(f".pin-{kind}")).to_have_count(1)
    marks = await page.locator(".pin-distance").all_inner_texts()
    assert marks == [str(number) for number in range(1, len(marks) + 1)]
    assert len(marks) >= 9
    await expect(page.locator(".scale")).to_have_text(re.compile(r"^\d+ k?m$"))


@pytest.mark.parametrize(("measure", "token"), [("rate", "--pace"), ("heart", "--heart"), ("altitude", "--climb")])
async def test_each_chart_is_drawn(open_page: OpenPage, measure: str, token: str) -> None:
    page = await open_page()
    await open_run(page)
    assert await coloured_pixels(page, f"[data-chart={measure}]", token) > 500


async def test_the_cursor_of_one_chart_moves_the_others_and_the_map(open_page: OpenPage) -> None:
    page = await open_page()
    await open_run(page)
    assert await coloured_pixels(page, "[data-map]", "--ink") == 0
    await page.locator("[data-chart=heart] .u-over").hover(position={"x": 200, "y": 40})
    await expect(page.locator("[data-at=rate]")).to_have_text(re.compile(r"^\d:\d\d /km$"))
    await expect(page.locator("[data-at=heart]")).to_have_text(re.compile(r"^\d+ bpm$"))
    await expect(page.locator("[data-at=altitude]")).to_have_text(re.compile(r"^\d+ m$"))
    await expect(page.locator("[data-readout] input")).not_to_have_value("0")
    places = await page.locator(".u-cursor-x").evaluate_all("all => all.map(one => one.style.transform)")
    assert len(places) == 3
    assert len(set(places)) == 1
    await next_frames(page)
    assert await coloured_pixels(page, "[data-map]", "--ink") > 20


async def test_the_slider_moves_the_cursor_by_keyboard_and_says_where(open_page: OpenPage) -> None:
    page = await open_page()
    await open_run(page)
    slider = page.get_by_role("slider", name="Position along the activity")
    await slider.fill(str(int(await page.locator("[data-rows]").get_attribute("data-rows") or 0) // 2))
    before = await slider.get_attribute("aria-valuetext")
    await slider.press("ArrowRight")
    said = await slider.get_attribute("aria-valuetext")
    assert said is not None and said != before
    assert re.fullmatch(r"[\d.]+ km, 2\d:\d\d, \d:\d\d /km, \d+ bpm, \d+ m", said)
    await expect(page.locator("[data-at=time]")).to_have_text(said.split(", ")[1])


async def test_a_chart_by_keyboard_moves_the_cursor_reads_out_and_zooms_to_every_row(open_page: OpenPage) -> None:
    page = await open_page()
    await open_run(page)
    rows = int(await page.locator("[data-rows]").get_attribute("data-rows") or 0)
    assert rows < FINISHED_S
    chart = page.get_by_role("slider", name="Heart rate")
    await chart.focus()
    await chart.press("Home")
    await chart.press("ArrowRight")
    await expect(chart).to_have_attribute("aria-valuetext", re.compile(r"^0\.\d\d km, 0:\d\d, .* bpm, \d+ m$"))
    assert len({await page.locator(".u-cursor-x").nth(n).get_attribute("style") for n in range(3)}) == 1
    async with page.expect_response("**/streams?*from_s*"):
        for _ in range(3):
            await chart.press("+")
    await page.wait_for_function("rows => Number(document.querySelector('[data-rows]').dataset.rows) > rows", arg=rows)
    await chart.press("Escape")
    await expect(page.get_by_role("button", name="Show all")).to_be_hidden()


async def test_a_kilometre_shows_where_it_lies(open_page: OpenPage) -> None:
    page = await open_page()
    await open_run(page)
    button = page.locator(".splits .stretch", has_text="3").first
    before = await coloured_pixels(page, "[data-map]", "--ink")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "true")
    await next_frames(page)
    assert await coloured_pixels(page, "[data-map]", "--ink") > before + 500


async def test_charts_run_over_time_when_asked(open_page: OpenPage) -> None:
    page = await open_page()
    await open_run(page)
    await page.get_by_role("radio", name="Time").check()
    await expect(page.get_by_role("radio", name="Distance")).not_to_be_checked()
    assert await coloured_pixels(page, "[data-chart=heart]", "--heart") > 500


async def test_a_drag_zooms_all_charts_and_a_button_shows_all_again(open_page: OpenPage) -> None:
    page = await open_page()
    await open_run(page)
    area = page.locator("[data-chart=rate] .u-over")
    await area.scroll_into_view_if_needed()
    box = await area.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 200, box["y"] + 40)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 300, box["y"] + 40, steps=4)
    await page.mouse.up()
    button = page.get_by_role("button", name="Show all")
    await expect(button).to_be_visible()
    await button.click()
    await expect(button).to_be_hidden()


async def test_two_fingers_zoom_the_charts(open_page: OpenPage) -> None:
    page = await open_page(**PHONE)
    await open_run(page)
    area = page.locator("[data-chart=heart] .u-over")
    await area.scroll_into_view_if_needed()
    box = await area.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    touch = await page.context.new_cdp_session(page)

    async def fingers(kind: str, *fractions: float) -> None:
        points: list[dict[str, Any]] = [
            {"x": box["x"] + fraction * box["width"], "y": y, "id": number} for number, fraction in enumerate(fractions)
        ]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    await fingers("touchStart", 0.4, 0.6)
    for spread in (0.05, 0.1, 0.2):
        await fingers("touchMove", 0.4 - spread, 0.6 + spread)
    await fingers("touchEnd")
    await expect(page.get_by_role("button", name="Show all")).to_be_visible()


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_receipt_says_that_all_is_there_untouched(open_page: OpenPage, options: dict[str, Any]) -> None:
    page = await open_page(**options)
    await open_run(page)
    receipt = page.locator(".receipt")
    await expect(receipt.get_by_role("heading")).to_have_text("Whole and untampered")
    lines = await receipt.locator("dl div").all_inner_texts()
    assert [line.split() for line in lines] == [
        ["Recorded", "3,000"],
        ["Received", "3,000"],
        ["Gaps", "0"],
        ["Sealed", "yes"],
        ["Untampered", "✓"],
    ]


async def test_the_page_does_not_scroll_sideways(open_page: OpenPage) -> None:
    for options in (PHONE, PHONE | {"viewport": {"width": 320, "height": 700}}, DESKTOP):
        page = await open_page(**options)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await open_run(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
