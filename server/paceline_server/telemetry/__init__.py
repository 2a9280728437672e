"""The telemetry of an activity: named columns ⇄ one blob, exact at the journal's precision (docs/TELEMETRY.md)."""

from paceline_server.telemetry.blob import TelemetryError, column_sizes, pack_columns, row_count, unpack_columns
from paceline_server.telemetry.columns import COLUMN_NAMES, as_kept, no_columns, without

__all__ = [
    "COLUMN_NAMES",
    "TelemetryError",
    "as_kept",
    "column_sizes",
    "no_columns",
    "pack_columns",
    "row_count",
    "unpack_columns",
    "without",
]
