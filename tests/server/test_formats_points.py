"""Points that are lifted out of a document give what its elements give one by one.

A comment in the document is enough for nothing to be lifted: so every file is read both ways.
"""

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from paceline_server.formats.ascii_words import AsciiWords, Flags, Floats, Places, moment_of, number_of
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


def test_two_names_of_one_column_are_both_numbers() -> None:
    point = POINT.replace("<ele>", "<heartrate>70</heartrate><hr>{hr}</hr><ele>")
    points = [point.format(at=at, hr="71" if at < 3 else "oops") for at in range(4)]
    with pytest.raises(FormatError, match="'oops' in <hr> is no number"):
        read_recording((HEAD + "".join(points) + TAIL).encode(), "test.gpx")
    (recording,) = read_recording((HEAD + "".join(points[:3]) + TAIL).encode(), "test.gpx")
    assert recording.columns["heart_rate_bpm"].tolist() == [70.0] * 3


@pytest.mark.parametrize(
    "point",
    [
        '<trkpt lat="1" lat="2" lon="{at}"><time>2024-05-01T10:00:{at:02}Z</time></trkpt>',
        '<trkpt lat="1" lon="{at}"><x:ele>5</y:ele><time>2024-05-01T10:00:{at:02}Z</time></trkpt>',
        '<trkpt lat="1" lon="{at}"><desc>a ]]> b</desc><time>2024-05-01T10:00:{at:02}Z</time></trkpt>',
        '<trkpt lat="1" lon="{at}"><desc x="<">b</desc><time>2024-05-01T10:00:{at:02}Z</time></trkpt>',
        '<trkpt lat=" " lon="{at}"><time>2024-05-01T10:00:{at:02}Z</time></trkpt>',
    ],
)
def test_what_is_no_sound_document_is_refused_however_often_it_comes(point: str) -> None:
    with pytest.raises(FormatError):
        read_recording((HEAD + "".join(point.format(at=at) for at in range(4)) + TAIL).encode(), "test.gpx")


@pytest.mark.parametrize(
    "point",
    [
        '<trkpt lon="{at}"><time>2024-05-01T09:00:00Z</time><time>2024-05-01T10:00:{at:02}Z</time></trkpt>',
        '<trkpt lat="1" lon="{at}"><ele/><ele>5</ele><time>2024-05-01T10:00:{at:02}Z</time></trkpt>',
        '<trkpt lat="1" lon="{at}"><ele>5<x/></ele><time> 2024-05-01T10:00:{at:02}.25 </time></trkpt>',
        '<trkpt lon="{at}"><ele>5\n</ele><time>2024-05-01T10:00:{at:02}+02:00</time></trkpt>',
    ],
)
def test_unusual_points_are_the_same_both_ways(point: str) -> None:
    text = (HEAD + "".join(point.format(at=at) for at in range(4)) + TAIL).encode()
    same(read_recording(text, "test.gpx"), read_recording(slowly(text), "test.gpx"))


def told(
    texts: list[str], of: Callable[[str], float], read: Callable[[AsciiWords, Places, Places], tuple[Floats, Flags]]
) -> None:
    """Check that texts read all at once are what each is alone, to the bit."""
    data = "".join(f"{text}<" for text in texts).encode()
    words = AsciiWords(data)
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("<")).astype(np.int64)
    begins = np.append(0, ends[:-1] + 1)
    assert (words.ends(begins) == ends).all()
    values, known = read(words, begins, ends)
    for text, value, good in zip(texts, values, known.tolist(), strict=True):
        try:
            alone = of(text)
        except ValueError:
            assert not good, text
        else:
            assert good, text
            assert np.array_equal(np.array([value]).view(np.uint64), np.array([alone]).view(np.uint64)), text


def test_numbers_read_all_at_once_are_what_float_gives() -> None:
    draw = random.Random(5)
    plain = [repr(draw.uniform(-180, 180)) for _ in range(2000)]
    long = [f"{draw.uniform(-180, 180):.{draw.randrange(60)}f}" for _ in range(2000)]
    middles = [
        f"{2**53 + 2 * draw.randrange(10**6) + 1}"[:1] + "." + f"{draw.randrange(10**30):030}" for _ in range(500)
    ]
    halves = [f"{1 + (2 * draw.randrange(2**52) + 1) / 2**53:.53f}" for _ in range(500)]
    strange = [
        "",
        "-",
        ".",
        "-.5",
        "5.",
        "+3",
        "1e5",
        "-0",
        "00012.50",
        "1_0",
        " 5",
        "nan",
        "1..2",
        "1.2.3",
        "4-5",
        "9007199254740993",
    ]
    strange += [
        "9007199254740992.5",
        "12345678",
        "123456789",
        "12345678.5",
        "1.5e3",
        "1.2345678901234567e9",
        "0." + "3" * 120,
    ]
    told(plain + long + middles + halves + strange, number_of, AsciiWords.numbers)


def test_times_read_all_at_once_are_what_datetime_gives() -> None:
    draw = random.Random(6)
    plain = [
        f"2024-05-{draw.randrange(1, 4):02}T{draw.randrange(26):02}:{draw.randrange(62):02}:{draw.randrange(62):02}Z"
        for _ in range(900)
    ]
    parts = [
        f"1969-12-31T23:59:{draw.randrange(60):02}.{draw.randrange(10**9)}{draw.choice(['', 'Z'])}" for _ in range(300)
    ]
    days = [f"20{draw.randrange(100):02}-{draw.randrange(14):02}-{draw.randrange(33):02}T01:02:03Z" for _ in range(300)]
    strange = [
        "",
        "Z",
        "2024-05-01",
        "2024-05-01T10:00",
        "2024-05-01 10:00:00Z",
        "2024-W18-1T10:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ]
    strange += [
        "2024-05-01T10:00:00+02:00",
        "2024-05-01T10:00:00z",
        "0001-01-01T00:00:00+14:00",
        "2024-05-01T10:00:0Z",
        "2024-05-01T1/:00:00Z",
    ]
    told(plain + parts, moment_of, AsciiWords.moments)
    told(days + strange, moment_of, AsciiWords.moments)
    told(strange, moment_of, AsciiWords.moments)
