"""A workout measured by the heights of tiles: run apart (platform/apart/), pure but for the tiles' files."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from paceline_server.activities.deriving import derive
from paceline_server.activities.edits import Edits
from paceline_server.activities.recorded import Recorded
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.tile_heights import with_heights
from paceline_server.elevation.model import Corner
from paceline_server.formats.hgt import read_tile
from paceline_server.formats.recording import Column

FOLLOWS = ("ascent_m", "splits", "findings")  # from altitudes: splits and laps, the grade-adjusted pace, a ride's power


def measured_by_tiles(
    recorded: Recorded, columns: Mapping[str, Column], edits: Edits, tiles: Mapping[Corner, Path]
) -> dict[str, Any] | None:
    """Return values of an Activity by name, as though the tiles' heights were its altitudes.

    None where its own altitudes are good, or too few of its positions have a height.
    """
    own: Any = derive(recorded, columns, edits).shown
    found: Findings = own["findings"]
    if own["ascent_m"] is not None and not found.rough_altitude:
        return None

    def tile_at(south_deg: int, west_deg: int) -> Any:
        path = tiles.get((south_deg, west_deg))
        return None if path is None else read_tile(path)

    heights = with_heights(columns, tile_at)
    if heights is None:
        return None
    shown: Any = derive(recorded, heights, edits).shown
    if shown["ascent_m"] is None:
        return None
    values = {name: shown[name] for name in FOLLOWS}
    return values | {"findings": replace(values["findings"], by_tiles=True, rough_altitude=found.rough_altitude)}
