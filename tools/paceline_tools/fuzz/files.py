"""Small sound files of every format, made here, so that nothing but the program is needed."""

import struct

import numpy as np
from paceline_server.formats.recording import ExerciseSet, Lap, Length, Pause, Recording
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.gpx import write_gpx
from paceline_server.formats.writing.tcx import write_tcx
from paceline_server.formats.writing.workout import Workout

from paceline_tools.fuzz.archives import made_archives
from paceline_tools.fuzz.packing import deflated, fit_packed, gzip_packed

_FIT_EPOCH_S = 631_065_600
START_S = 1_714_557_600


def sound_files() -> list[bytes]:
    """Return small files of every format."""
    workout = made_workout(40)
    fit, gpx, tcx = write_fit(workout), write_gpx(workout), write_tcx(workout)
    zipped = deflated({"run.gpx": gpx, "run.fit": fit})
    return [fit, fit + fit, gpx, tcx, kml_file(), gzip_packed({"": fit}), zipped, *made_archives(fit, gpx, tcx)]


def made_workout(rows: int, sport: str = "running") -> Workout:
    """Return a workout of so many seconds, at least 30, with everything that a recording can have."""
    time_s = np.arange(float(rows))
    columns = {
        "time_s": time_s,
        "latitude_deg": 47 + time_s * 1e-5,
        "longitude_deg": 8 + time_s * 1e-5,
        "altitude_m": 400 + time_s,
        "speed_m_s": np.full(rows, 3.0),
        "heart_rate_bpm": np.full(rows, 140.0),
        "cadence_spm": np.full(rows, 170.0),
    }
    recording = Recording.of(
        sport,
        "fuzz",
        float(START_S),
        columns,
        laps=(Lap(0, 20), Lap(20, rows - 1.0)),
        pauses=(Pause(10, 12),),
        lengths=(Length(0, 9, 7, 25.0),),
        sets=(ExerciseSet(12, 20, 8),),
    )
    return Workout(recording, 3.0 * time_s, 37.0, title="Fuzz", notes="&")


def kml_file() -> bytes:
    """Return a track of nine moments with heart rates."""
    whens = "".join(f"<when>2024-05-01T10:00:{second:02}Z</when>" for second in range(9))
    coords = "".join(f"<gx:coord>8.{second} 47.1 400</gx:coord>" for second in range(9))
    rates = "".join(f"<gx:value>{120 + second}</gx:value>" for second in range(9))
    data = f'<ExtendedData><SchemaData><gx:SimpleArrayData name="heart_rate">{rates}</gx:SimpleArrayData></SchemaData>'
    track = f"<gx:Track>{whens}{coords}{data}</ExtendedData></gx:Track>"
    return f'<?xml version="1.0"?><kml><Placemark>{track}</Placemark></kml>'.encode()


def old_gpx() -> bytes:
    """Return a GPX 1.0 with speeds of its own and Cluetrust's heart rates."""
    point = (
        '<trkpt lat="47.{0}" lon="8.{0}"><ele>400</ele><time>2024-05-01T10:00:{0:02}Z</time><speed>3</speed>{1}</trkpt>'
    )
    rate = "<extensions><gpxdata:hr>140</gpxdata:hr><gpxdata:cadence>80</gpxdata:cadence></extensions>"
    points = "".join(point.format(second, rate if second % 2 else "") for second in range(8))
    head = '<?xml version="1.0"?><gpx version="1.0" xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0">'
    return f"{head}<trk><type>Running</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def unusual_fit() -> bytes:
    """Return a FIT with compressed time stamps, numbers of either order of bytes and fields of a developer."""
    at_s = START_S - _FIT_EPOCH_S
    whole = b"\x40\0\0\x14\0\x03" + bytes((253, 4, 0x86, 3, 1, 2, 5, 4, 0x86))  # record: time, heart rate, distance
    short = b"\x41\0\1\0\x14\x02" + bytes((3, 1, 2, 2, 2, 0x84))  # big-endian: heart rate, altitude; no time
    records = b"".join(struct.pack("<BIBI", 0, at_s + second, 120 + second, 300 * second) for second in range(6))
    packed = b"".join(struct.pack(">BBH", 0xA0 | (at_s + second) % 32, 130, 4500) for second in range(6, 16))
    application = b"\x42\0\0\xcf\0\x02" + bytes((1, 16, 0x0D, 3, 1, 2)) + b"\x02" + bytes(16) + b"\0"
    described = b"\x43\0\0\xce\0\x04" + bytes((0, 1, 2, 1, 1, 2, 2, 1, 2, 3, 6, 7)) + b"\x03\0\0\x84Power\0"
    own = b"\x64\0\0\x14\0\x01" + bytes((253, 4, 0x86)) + b"\x01" + bytes((0, 2, 0))
    power = b"".join(struct.pack("<BIH", 4, at_s + second, 200) for second in range(16, 24))
    return fit_packed({"": whole + records + short + packed + application + described + own + power})
