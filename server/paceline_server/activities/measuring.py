"""What is run apart (platform/apart/) of every Recording: what an activity shows of it, and its telemetry packed."""

from collections.abc import Mapping
from typing import Any

from paceline_server.activities.deriving import derive
from paceline_server.activities.edits import Edits
from paceline_server.activities.recorded import Recorded
from paceline_server.formats.recording import Column
from paceline_server.telemetry import COLUMN_NAMES, pack_columns, unpack_columns


def derived(recorded: Recorded, columns: Mapping[str, Column], edits: Edits) -> tuple[dict[str, Any], bytes]:
    """Return values of an Activity by name, and the telemetry blob, which holds the distance as measured."""
    made = derive(recorded, columns, edits)
    return dict(made.shown), pack_columns({name: made.columns[name] for name in COLUMN_NAMES if name in made.columns})


def measured_anew(recorded: Recorded, blob: bytes, edits: Edits) -> dict[str, Any]:
    """Return values of an Activity by name, of its telemetry: what its source would give, as it was read."""
    columns = unpack_columns(blob)
    if not recorded.own_distance:  # it was reckoned, and is again
        del columns["distance_m"]
    return dict(derive(recorded, columns, edits).shown)
