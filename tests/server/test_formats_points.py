"""Points that are lifted out of a document give what its elements give one by one.

A comment in the document is enough for nothing to be lifted: so every file is read both ways.
"""

import gzip
from pathlib import Path

import numpy as np
import pytest
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Recording
from paceline_server.formats.xml_points import lift

HEAD = '<?xml version="1.0"?><gpx creator="test"><trk><type>running</type><trkseg>\n'
TAIL = "</trkseg></trk></gpx>"
POINT = '<trkpt lat="1.5" lon="{at}"><ele>3</ele><time>2024-05-01T10:00:{at:02}Z</time></trkpt>\n'


def slowly(data: bytes) -> bytes:
    """Return the same document, with a comment."""
    return data.rstrip() + b"<!-- one by one -->"


def same(quick: list[Recording], slow: list[Recording]) -> None:
    assert len(quick) == len(slow)
    for ours, other in zip(quick, slow, strict=True):
        assert (ours.sport, ours.source, ours.start_utc_s) == (other.sport, other.source, other.start_utc_s)
        assert (ours.laps, ours.pauses) == (other.laps, other.pauses)
        assert ours.columns.keys() == other.columns.keys()
        for name, column in other.columns.items():
            np.testing.assert_array_equal(ours.columns[name], column, err_msg=name)


def test_every_recorded_document_is_the_same_both_ways(recordings: Path) -> None:
    lifted = 0
    for path in sorted([*(recordings / "activities").glob("gpx/*"), *(recordings / "activities").glob("tcx/*")]):
        data = path.read_bytes()
        content = gzip.decompress(data) if path.suffix == ".gz" else data
        try:
            slow = read_recording(slowly(content), path.name)
        except FormatError as error:
            with pytest.raises(FormatError) as caught:
                read_recording(content, path.name)
            assert caught.value.what == error.what
            continue
        same(read_recording(content, path.name), slow)
        tag, fields = ("Trackpoint", {"Trackpoint/Time": "time_s"}) if "tcx" in path.name else ("trkpt", {})
        lifted += bool(lift(content, tag, fields).runs)
    assert lifted > 30


def test_points_of_many_shapes_stay_in_their_order() -> None:
    points = [POINT.format(at=at) for at in range(9)]
    points[3] = points[3].replace("<ele>3</ele>", "")
    points[4] = points[4].replace("</time>", "</time><extensions><x:hr>61</x:hr></extensions>")
    points[6] = points[6].replace('lat="1.5"', "lat='2.5'")  # is not lifted: it is read where it stands
    points[7] = points[7].replace("<ele>3</ele>", "<ele>3</ele><name>Zürich</name>")
    text = (HEAD + "".join(points) + TAIL).encode()
    (recording,) = read_recording(text, "test.gpx")
    same([recording], read_recording(slowly(text), "test.gpx"))
    assert recording.columns["latitude_deg"].tolist() == [1.5] * 6 + [2.5] + [1.5] * 2
    assert np.isnan(recording.columns["altitude_m"]).tolist() == [at == 3 for at in range(9)]
    assert np.nansum(recording.columns["heart_rate_bpm"]) == 61


def test_a_document_cannot_name_a_run_itself() -> None:
    text = HEAD + '<trkpt run="0" lat="7" lon="8"/>' + "".join(POINT.format(at=at) for at in range(3)) + TAIL
    (recording,) = read_recording(text.encode(), "test.gpx")
    assert recording.columns["latitude_deg"].tolist() == [1.5] * 3


@pytest.mark.parametrize(
    ("wrong", "what", "line"),
    [
        ("<ele>3 m</ele>", "'3 m' in <ele> is no number", "line 4"),
        ("<time>2024-02-30T10:00:02Z</time>", "is no time", "line 4"),
        ("<ele>3</oops>", "Not well-formed XML", "line 4"),
        ("<ele>\x01</ele>", "Not well-formed XML", "line 4"),
    ],
)
def test_an_error_names_the_line_of_the_document(wrong: str, what: str, line: str) -> None:
    points = [POINT.format(at=at) for at in range(4)]
    points[2] = points[2].replace("<ele>3</ele>", wrong)
    with pytest.raises(FormatError, match=what) as caught:
        read_recording((HEAD + "".join(points) + TAIL).encode(), "test.gpx")
    assert caught.value.where == line
