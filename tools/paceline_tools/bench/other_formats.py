"""What the same samples cost in other formats: gzip'd GPX, and pcodec of the same integer columns."""

import gzip
from datetime import UTC, datetime

from pcodec import ChunkConfig, standalone  # pyright: ignore[reportAttributeAccessIssue] (an extension module)

from paceline_tools.bench.corpus import Columns

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Paceline" '
    'xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"><trk><trkseg>\n'
)
_TAIL = "</trkseg></trk></gpx>\n"
_START_S = 1_700_000_000


def gzipped_gpx_bytes(columns: Columns) -> int:
    """Return the size of the samples as GPX with Garmin's track point extension, gzip'd at level 9."""
    names = (
        "t_s",
        "fix",
        "latitude_udeg",
        "longitude_udeg",
        "altitude_2dm",
        "speed_cm_s",
        "heart_rate_bpm",
        "cadence_spm",
    )
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    points = [
        f'<trkpt lat="{latitude / 1e6:.6f}" lon="{longitude / 1e6:.6f}"><ele>{altitude / 5:.1f}</ele>'
        f"<time>{datetime.fromtimestamp(_START_S + t_s, UTC):%Y-%m-%dT%H:%M:%SZ}</time><extensions>"
        f"<gpxtpx:TrackPointExtension><gpxtpx:hr>{bpm}</gpxtpx:hr><gpxtpx:cad>{cadence}</gpxtpx:cad>"
        f"<gpxtpx:speed>{speed / 100:.2f}</gpxtpx:speed></gpxtpx:TrackPointExtension></extensions></trkpt>\n"
        for t_s, fix, latitude, longitude, altitude, speed, bpm, cadence in rows
        if fix
    ]
    return len(gzip.compress((_HEAD + "".join(points) + _TAIL).encode(), 9, mtime=0))


def pcodec_bytes(columns: Columns) -> int:
    """Return the size of all integer columns, each as one pcodec stream at level 8."""
    config = ChunkConfig(compression_level=8)
    return sum(len(standalone.simple_compress(column.astype("int32"), config)) for column in columns.values())
