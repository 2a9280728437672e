"""GPX and TCX are read without trusting them."""

import gzip

import pytest
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import LARGEST_BYTES, read_recording
from paceline_server.formats.xml_walk import DEEPEST

GPX = """<?xml version="1.0"?><gpx creator="test"><trk><type>running</type><trkseg>
<trkpt lat="1" lon="2"><ele>3</ele><time>2024-05-01T10:00:00Z</time>
<extensions><x:hr>60</x:hr><x:cad>80</x:cad></extensions></trkpt>
<trkpt lat="1.5" lon="2.5"><time>2024-05-01T12:00:02+02:00</time></trkpt></trkseg><trkseg>
<trkpt lat="1.5" lon="2.5"><time>2024-05-01T10:00:09.5</time></trkpt></trkseg></trk></gpx>"""


def refused(text: str) -> FormatError:
    with pytest.raises(FormatError) as caught:
        read_recording(text.encode(), "test.gpx")
    return caught.value


def test_a_gpx_point_becomes_a_row() -> None:
    (run,) = read_recording(GPX.encode(), "test.gpx")
    assert (run.sport, run.source, run.start_utc_s) == ("running", "test", 1714557600)
    assert run.columns["time_s"].tolist() == [0, 2, 9.5]
    assert run.columns["latitude_deg"].tolist() == [1, 1.5, 1.5]
    assert run.columns["cadence_spm"][0] == 160
    assert [(pause.start_s, pause.end_s) for pause in run.pauses] == [(2, 9.5)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_encoding_may_differ(encoding: str) -> None:
    text = GPX.replace('version="1.0"', f'version="1.0" encoding="{encoding.removesuffix("-sig")}"')
    assert read_recording(text.encode(encoding), "test.gpx")[0].points == 3


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for declaration in (bomb, outside):
        assert "entity 'a'" in refused(GPX.replace("<gpx", declaration + "<gpx")).what


def test_what_is_wrong_and_the_line_are_named() -> None:
    assert refused(GPX.replace("<ele>3<", "<ele>3 m<")).args == ("'3 m' in <ele> is no number (line 2)",)
    assert "is no time" in refused(GPX.replace("2024-05-01T10:00:00Z", "yesterday")).what
    assert refused(GPX.replace("</trkseg>", "</oops>", 1)).where == "line 4"
    assert "Not well-formed" in refused(GPX[:200]).what
    for encoding in ("klingon", "UTF-7"):
        assert "unknown encoding" in refused(GPX.replace('"1.0"?', f'"1.0" encoding="{encoding}"?')).what


def test_depth_and_size_are_bounded() -> None:
    assert "deeper" in refused("<gpx>" + "<a>" * DEEPEST).what
    packed = gzip.compress(b"<gpx>" + b" " * LARGEST_BYTES)
    with pytest.raises(FormatError, match="Larger than 64 MiB"):
        read_recording(packed, "bomb.gpx.gz")
    with pytest.raises(FormatError, match="ends in the middle"):
        read_recording(gzip.compress(GPX.encode())[:-4], "cut.gpx.gz")


def test_a_file_of_another_kind_is_named_in_the_error() -> None:
    with pytest.raises(FormatError, match="Neither FIT nor GPX nor TCX") as caught:
        read_recording(b"BM some picture", "photo.bmp")
    assert caught.value.where == "photo.bmp"


def test_infinity_and_absurd_values_are_missing() -> None:
    (run,) = read_recording(GPX.replace("<ele>3<", "<ele>inf<").replace(">60<", ">9999<").encode(), "test.gpx")
    assert run.columns["altitude_m"].tolist() != [3]
    assert run.columns["heart_rate_bpm"][0] != run.columns["heart_rate_bpm"][0]
