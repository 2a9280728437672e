"""What pages say: numbers with units, times, receipts, tables. Pure."""

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from paceline_server.activities.model import Split
from paceline_server.formats.receipt import Gap, Receipt
from paceline_server.formats.recording import Lap
from paceline_server.pages.local_time import day_and_time, local, part_of_day, zone_of
from paceline_server.pages.login import safe_path
from paceline_server.pages.receipt_view import receipt_view
from paceline_server.pages.split_view import lap_rows, split_rows
from paceline_server.words import quantities
from web.site import START_UTC_S

VECTORS = Path(__file__).parents[2] / "server" / "web" / "tests" / "format_vectors.json"


@pytest.fixture(scope="module")
def vectors() -> dict[str, list[list[Any]]]:
    return json.loads(VECTORS.read_text("utf-8"))


@pytest.mark.parametrize("name", ["distance", "duration", "rate", "whole"])
def test_server_and_scripts_write_numbers_alike(vectors: dict[str, list[list[Any]]], name: str) -> None:
    for *values, text in vectors[name]:
        assert str(getattr(quantities, name)(*values)) == text


@pytest.mark.parametrize(
    "name", [None, "", "../../etc/passwd", "/etc/localtime", "Europe", "Nowhere/Atall", "a" * 1000, "Europe/Zürich"]
)
def test_any_bad_zone_is_utc(name: str | None) -> None:
    assert zone_of(name) is UTC


def test_times_are_on_the_readers_clock() -> None:
    assert day_and_time(local(START_UTC_S, zone_of("America/New_York"))) == "Sunday 12 May 2024, 02:14"
    assert day_and_time(local(START_UTC_S, UTC)) == "Sunday 12 May 2024, 06:14 UTC"


def test_the_day_has_parts() -> None:
    parts = [part_of_day(local(START_UTC_S + hours * 3600, UTC)) for hours in range(0, 24, 4)]
    assert parts == ["Morning", "Morning", "Afternoon", "Evening", "Night", "Night"]


@pytest.mark.parametrize("path", ["/", "/activities/x?a=1&b=%20", "/?page=2"])
def test_paths_of_this_site_are_followed(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "x", "//host", "/\\host", "/%5C%5Chost", "https://host/", "/\t/host", "///host", "/" + "a" * 2000],
)
def test_other_sites_are_not(path: str | None) -> None:
    assert safe_path(path) == "/"


@pytest.mark.parametrize(
    ("receipt", "live", "state", "headline"),
    [
        (Receipt(10, 10, sealed=True), False, "whole", "Whole and untampered"),
        (Receipt(None, 10), True, "open", "Recording…"),
        (Receipt(None, 10, gaps=(Gap(1, 2),)), True, "broken", "Something is missing"),
        (Receipt(10, 9, gaps=(Gap(1, 2),)), False, "broken", "Something is missing"),
        (Receipt(10, 10, problems=("Page 3 was changed.",)), False, "broken", "Not in order"),
        (Receipt(None, 10), False, "broken", "The end is missing"),
        (Receipt(10, 9, sealed=True), False, "broken", "The count differs"),
        (Receipt(10, 10), False, "broken", "Not sealed"),
    ],
)
def test_a_receipt_says_what_is_wrong(receipt: Receipt, live: bool, state: str, headline: str) -> None:
    view = receipt_view(receipt, live=live)
    assert view is not None and (view.state, view.headline) == (state, headline)
    assert view.problems == receipt.problems
    assert view.explanation.endswith((".", ":"))


def test_what_no_wearable_recorded_lacks_no_end_and_no_seal() -> None:
    for receipt, state, headline in (
        (Receipt(None, 10), "open", "From a file"),
        (Receipt(None, 10, problems=("The file is damaged.",)), "broken", "From a file with faults"),
        (Receipt(10, 10), "open", "Everything arrived"),
        (Receipt(10, 10, problems=("It was left.",)), "broken", "Not in order"),
        (Receipt(10, 9), "broken", "The count differs"),
    ):
        view = receipt_view(receipt, live=False, of_wearable=False)
        assert view is not None and (view.state, view.headline, view.problems) == (state, headline, receipt.problems)
    assert receipt_view(Receipt(0, 0), live=False, of_wearable=False) is None  # entered by hand


def test_the_fastest_full_kilometre_is_marked_and_the_last_part_named_by_its_length() -> None:
    splits = [
        Split(1000, 310, 300, 12, 150),
        Split(1000, 290, 290, None, None),
        Split(420, 100, 100, 3, 170),
    ]
    rows = split_rows(splits, "running")
    assert [(row.name, row.rate, row.fastest) for row in rows] == [
        ("1", "5:00", False),
        ("2", "4:50", True),
        ("0.42", "3:58", False),
    ]
    assert [row.heart_rate for row in rows] == ["150", "–", "170"]
    assert all(35 <= row.bar_percent <= 100 for row in rows)
    miles = split_rows([Split(1609.344, 480, 480, 12, 150), Split(804.672, 240, 240, 0, 150)], "running", 1609.344)
    assert [row.name for row in miles] == ["1", "0.50"]


def test_a_split_that_stood_still_has_no_rate_and_no_bar() -> None:
    rows = split_rows([Split(0, 30, 0, None, None)], "running")
    assert (rows[0].rate, rows[0].bar_percent, rows[0].fastest) == ("–", 0, False)


def test_one_lap_is_the_whole_and_is_not_listed() -> None:
    assert lap_rows([Lap(0, 60)]) == ()
    assert [(row.start, row.duration) for row in lap_rows([Lap(0, 60), Lap(60, 200)])] == [
        ("0:00", "1:00"),
        ("1:00", "2:20"),
    ]
