"""What is run apart (platform/apart/) of every Recording: its metrics, and its telemetry packed."""

from paceline_server.analysis.metrics import Metrics, measure
from paceline_server.formats.recording import Recording
from paceline_server.telemetry import COLUMN_NAMES, pack_columns


def measured(recording: Recording) -> tuple[Metrics, bytes]:
    """Return the metrics and the telemetry blob, which holds the distance as measured."""
    metrics = measure(recording)
    columns = dict(recording.columns) | {"distance_m": metrics.cumulative_distance_m}
    return metrics, pack_columns({name: columns[name] for name in COLUMN_NAMES})
