"""What is run apart (platform/apart/) of every Recording: what an activity shows of it, and its telemetry packed."""

from collections.abc import Mapping
from typing import Any

from paceline_server.activities.deriving import derive
from paceline_server.activities.edits import Edits
from paceline_server.activities.recorded import Recorded
from paceline_server.formats.recording import Column
from paceline_server.telemetry import COLUMN_NAMES, pack_columns


def derived(recorded: Recorded, columns: Mapping[str, Column], edits: Edits) -> tuple[dict[str, Any], bytes]:
    """Return values of an Activity by name, and the telemetry blob, which holds the distance as measured."""
    made = derive(recorded, columns, edits)
    return dict(made.shown), pack_columns({name: made.columns[name] for name in COLUMN_NAMES if name in made.columns})
