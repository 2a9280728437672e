"""Zips and KML: what is in them, and what is refused."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from paceline_server.formats.containers import Bounds, ZipMembers, shown
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_recording

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Placemark><gx:MultiTrack>
<gx:Track><when>2024-05-01T10:00:00Z</when><when>2024-05-01T10:00:05Z</when><when>2024-05-01T10:00:06Z</when>
<gx:coord>8.5 47.3 400</gx:coord><gx:coord></gx:coord><gx:coord>8.6 47.4</gx:coord>
<ExtendedData><SchemaData>
<gx:SimpleArrayData name="heartrate"><gx:value>90</gx:value><gx:value>91</gx:value><gx:value>92</gx:value>
</gx:SimpleArrayData><gx:SimpleArrayData name="power"><gx:value>1</gx:value></gx:SimpleArrayData>
</SchemaData></ExtendedData></gx:Track>
<gx:Track><when>2024-05-01T10:01:00Z</when><gx:coord>8.7 47.5 410</gx:coord></gx:Track>
</gx:MultiTrack></Placemark></kml>
"""


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_track_of_kml_is_times_and_places_in_pairs() -> None:
    (recording,) = read_recording(KML.encode(), "track.kml")
    assert recording.start_utc_s == 1714557600
    assert recording.columns["time_s"].tolist() == [0, 5, 6, 60]
    assert np.isnan(recording.columns["latitude_deg"]).tolist() == [False, True, False, False]
    assert recording.columns["heart_rate_bpm"][:3].tolist() == [90, 91, 92]
    assert [(pause.start_s, pause.end_s) for pause in recording.pauses] == [(6, 60)]
    kmz = zipped({"doc.kml": KML.encode(), "files/icon.png": b"\x89PNG"})
    assert read_recording(kmz, "track.kmz")[0].points == 4


def test_a_line_without_times_is_no_recording() -> None:
    line = "<kml><Placemark><LineString><coordinates>8,47,1 8,48,1</coordinates></LineString></Placemark></kml>"
    with pytest.raises(FormatError, match=r"No place has a time \(of 2\)"):
        read_recording(line.encode(), "line.kml")
    with pytest.raises(FormatError, match="is no place"):
        read_recording(KML.replace("8.6 47.4", "8.6").encode(), "track.kml")


def test_all_recordings_of_a_zip_are_read(recordings: Path) -> None:
    names = ["gpx/gpsbabel__fit-sample.gpx", "tcx/gpsbabel__bike.tcx.gz", "fit/gpsbabel__fit-sample.fit"]
    members = {name: (recordings / "activities" / name).read_bytes() for name in names}
    found = read_recording(zipped(members | {"readme.txt": b"hello"}), "all.zip")
    assert len(found) == 3


def test_a_zip_with_nothing_to_read_says_why() -> None:
    for data, what in [
        (zipped({"a.txt": b"hello"}), "Neither FIT nor GPX"),
        (zipped({}), "The zip is empty"),
        (zipped({"a.zip": zipped({"b.kml": KML.encode()})}), "A zip in a zip"),
        (zipped({"a.gz": gzip.compress(zipped({"b.kml": KML.encode()}))}), "A zip in a zip"),
        (zipped({"a.kml": KML.encode()})[:-30], "Damaged zip"),
        (zipped({f"{number}.txt": b"" for number in range(51)}), "More than 50 files"),
    ]:
        with pytest.raises(FormatError, match=what):
            read_recording(data, "x.zip")


def test_a_bomb_is_unpacked_no_further_than_its_bounds() -> None:
    bomb = zipped({"zeros.gpx": bytes(3 << 20), "more.gpx": bytes(3 << 20)})
    assert len(bomb) < 20_000
    small = ZipMembers(io.BytesIO(bomb), Bounds(member_bytes=1 << 20))
    with pytest.raises(FormatError, match=r"Larger than 1 MiB \(zeros.gpx\)"):
        small.read("zeros.gpx")
    together = ZipMembers(io.BytesIO(bomb), Bounds(all_bytes=5 << 20))
    together.read("zeros.gpx")
    with pytest.raises(FormatError, match="The zip holds more than 5 MiB"):
        together.read("more.gpx")


def test_an_encrypted_or_damaged_member_is_named(recordings: Path) -> None:
    data = bytearray(zipped({"a.kml": KML.encode()}))
    data[60] ^= 0xFF
    with pytest.raises(FormatError, match=r"in its zip.*a\.kml"):
        read_recording(bytes(data), "x.zip")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\files\\run.fit", "C:/files/run.fit"),
        ("/run.fit", "run.fit"),
        ("a\nb\x00.fit", "a?b?.fit"),
        ("..", "?"),
    ],
)
def test_names_are_safe_to_show(name: str, safe: str) -> None:
    assert shown(name) == safe
