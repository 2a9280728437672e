"""The ground under routes: from nowhere unless an operator names a tile server, and then from there only."""

from dataclasses import replace
from pathlib import Path

import pytest
from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.pages.map_source import map_source
from paceline_server.platform.headers import PAGE_POLICY


def test_without_a_setting_nobody_is_asked(tmp_path: Path) -> None:
    assert map_source(Config(data=tmp_path)) is None


def test_the_policy_is_opened_for_the_one_origin_and_only_for_pictures(tmp_path: Path) -> None:
    tiles = "https://tiles.example.org:8443/osm/{z}/{x}/{y}.png?key=1"
    source = map_source(Config(data=tmp_path, map_tiles=tiles, map_credit="© OpenStreetMap contributors"))
    assert source is not None
    before, after = (dict(part.split(" ", 1) for part in policy.split("; ")) for policy in (PAGE_POLICY, source.policy))
    assert {name for name in after if after[name] != before[name]} == {"img-src"}
    assert after["img-src"] == "'self' https://tiles.example.org:8443 data: blob:"


@pytest.mark.parametrize(
    "tiles",
    [
        "tiles.example.org/{z}/{x}/{y}",
        "https://tiles.example.org/{z}/{x}",
        "https://{s}.example.org/{z}/{x}/{y}",
        "https://a.org; script-src 'unsafe-inline'/{z}/{x}/{y}",
        "javascript:{z}{x}{y}",
        "file:///{z}/{x}/{y}",
    ],
)
def test_what_is_no_tile_server_is_refused(tmp_path: Path, tiles: str) -> None:
    good = Config(data=tmp_path, map_tiles="http://127.0.0.1:1/{z}/{x}/{y}", map_credit="me")
    assert map_source(good) is not None
    with pytest.raises(UsageError):
        map_source(replace(good, map_tiles=tiles))
    with pytest.raises(UsageError):
        map_source(replace(good, map_credit=None))
