"""Who may import whom, and who owns which outside world."""

import pytest
from policy.imports import (
    domains_know_no_page,
    firmware_runs_on_the_board,
    floors_know_no_domain,
    parts_are_apart,
    protocol_is_pure,
    server_calls_nobody,
    worlds_have_one_owner,
)
from policy.tree import Rule, Source, assert_holds, select, violations

PARTS = ("protocol/", "firmware/", "gateway/", "server/", "tools/", "tests/")


def test_no_part_imports_another_that_it_may_not() -> None:
    assert_holds(parts_are_apart, select(".py", under=PARTS))


def test_the_protocol_imports_three_modules() -> None:
    assert_holds(protocol_is_pure, select(".py", under=("protocol/",)))


def test_the_firmware_imports_what_the_board_has() -> None:
    assert_holds(firmware_runs_on_the_board, select(".py", under=("firmware/",)))


def test_each_outside_world_has_one_owner() -> None:
    assert_holds(worlds_have_one_owner, select(".py", under=PARTS))


def test_the_servers_floors_know_no_domain() -> None:
    assert_holds(floors_know_no_domain, select(".py", under=("server/",)))


def test_no_domain_uses_a_page() -> None:
    assert_holds(domains_know_no_page, select(".py", under=("server/",)))


def test_the_server_has_no_http_client() -> None:
    assert_holds(server_calls_nobody, select(".py", under=("server/",)))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (parts_are_apart, "gateway/paceline_gateway/x.py", "from paceline_server.app import run"),
        (parts_are_apart, "server/paceline_server/x.py", "import paceline_tools.track"),
        (parts_are_apart, "firmware/wearable/x.py", "def f():\n    import paceline_gateway"),
        (protocol_is_pure, "protocol/paceline_protocol/x.py", "import struct, os"),
        (firmware_runs_on_the_board, "firmware/wearable/x.py", "import numpy"),
        (worlds_have_one_owner, "firmware/wearable/clock.py", "from machine import RTC"),
        (worlds_have_one_owner, "firmware/boards/esp32s3/board.py", "import bluetooth"),
        (worlds_have_one_owner, "gateway/paceline_gateway/spool.py", "from bleak import BleakClient"),
        (worlds_have_one_owner, "gateway/paceline_gateway/radio/x.py", "import aiohttp.client"),
        (worlds_have_one_owner, "server/paceline_server/activities/service.py", "import sqlalchemy as sa"),
        (worlds_have_one_owner, "server/paceline_server/pages/view.py", "import numpy as np"),
        (worlds_have_one_owner, "server/paceline_server/maps/tiles.py", "import urllib.request"),
        (floors_know_no_domain, "server/paceline_server/platform/x.py", "from paceline_server.users import store"),
        (floors_know_no_domain, "server/paceline_server/formats/x.py", "import paceline_server.platform.ids"),
        (domains_know_no_page, "server/paceline_server/gear/x.py", "from paceline_server.pages import view"),
        (server_calls_nobody, "server/paceline_server/x.py", "import aiohttp\naiohttp.ClientSession()"),
    ],
)
def test_a_crossing_is_found(rule: Rule, path: str, text: str) -> None:
    (said,) = violations(rule, [Source(path, text)])
    assert said.startswith(f"{path}:{text.count(chr(10)) + 1} ")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("firmware/boards/esp32s3/board.py", "import machine, esp32"),
        ("firmware/wearable/link/gatt.py", "import bluetooth"),
        ("gateway/paceline_gateway/radio/scan.py", "import bleak"),
        ("gateway/paceline_gateway/uplink/client.py", "import aiohttp"),
        ("server/paceline_server/activities/store.py", "import sqlalchemy"),
        ("server/paceline_server/telemetry/blob.py", "import numpy"),
        ("server/paceline_server/app.py", "from aiohttp import web"),
        ("tools/paceline_tools/radio/x.py", "import bleak, numpy"),
    ],
)
def test_an_owner_may(path: str, text: str) -> None:
    assert violations(worlds_have_one_owner, [Source(path, text)]) == []
