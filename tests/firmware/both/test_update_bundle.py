"""Bundles: what is whole is read, and everything else is refused by its reason."""

import io

from firmware.bundle_maker import BOARD, KEY, MPY, SOUND, entry, header, make, seal, with_entries
from paceline_protocol.bundle import MAX_FILE, MAX_TOTAL, REFUSALS, Bundle, BundleError

RUNS = b"\0\1\0"


def _read(data: bytes, key: bytes = KEY, mpy: int = MPY, runs: bytes = RUNS, before: bytes = b"") -> "dict[str, bytes]":
    """Return the files as an installation reads them; BundleError says what is wrong."""
    file, again = io.BytesIO(before + data), io.BytesIO(before + data)
    file.seek(len(before))
    again.seek(len(before))
    bundle = Bundle(file, bytearray(100))
    bundle.check_tag(key)
    bundle.check_target(BOARD, mpy, runs)
    again.seek(bundle.data_offset())
    return {path: again.read(size) for path, size, _ in bundle.entries()}


def _refusal(data: bytes, key: bytes = KEY, mpy: int = MPY, runs: bytes = RUNS) -> str:
    try:
        _read(data, key, mpy, runs)
    except BundleError as error:
        assert error.code in REFUSALS and len(error.detail) <= 60
        return error.code
    return ""


def test_a_sound_bundle_is_read_wherever_it_begins() -> None:
    assert _read(make(SOUND)) == SOUND
    assert _read(make(SOUND), before=b"12345678") == SOUND


def test_a_bundle_cut_anywhere_or_with_more_behind_it_is_refused() -> None:
    data = make(SOUND)
    for length in range(0, len(data), 7):
        assert _refusal(data[:length]) == "format", length
    assert _refusal(data[:-1]) == "format"
    assert _refusal(data + b"\0") == "format"


def test_a_bit_flipped_anywhere_is_refused() -> None:
    data = make(SOUND)
    for at in range(len(data)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        assert _refusal(bytes(flipped)) in ("format", "forged"), at


def test_another_devices_bundle_is_refused() -> None:
    assert _refusal(make(SOUND), key=bytes(32)) == "forged"
    assert _refusal(seal(make(SOUND)[:-32], b"\1" * 32)) == "forged"


def test_another_board_or_interpreter_is_refused() -> None:
    assert _refusal(make(SOUND, board=b"esp32s3x")) == "board"
    assert _refusal(make(SOUND), mpy=MPY ^ 0x400) == "board"
    assert _refusal(make(SOUND, mpy=MPY ^ 1)) == "board"


def test_an_older_one_needs_the_flag() -> None:
    for runs, code in ((b"\0\2\0", ""), (b"\0\2\1", "older"), (b"\1\0\0", "older")):
        assert _refusal(make(SOUND), runs=runs) == code
    assert _refusal(make(SOUND, flags=1), runs=b"\1\0\0") == ""


def test_headers_that_cannot_be_are_refused_before_anything_is_hashed() -> None:
    data = make(SOUND)
    for bad in (
        header(4, len(data), magic=b"PLFX"),
        header(4, len(data), format=2),
        header(0, len(data)),
        header(201, len(data)),
        header(4, 64),
        header(4, MAX_TOTAL + 1),
        header(4, 0xFFFFFFFF),
    ):
        assert _refusal(bad + data[33:]) == "format"


def test_paths_that_lead_elsewhere_are_refused_though_truly_signed() -> None:
    for path in (
        "wearable/../main.mpy",
        "/wearable/a.mpy",
        "wearable//a.mpy",
        "wearable/.mpy",
        "wearable/a.py",
        "wearable/a.MPY",
        "wearable/A.mpy",
        "wearable/a\\b.mpy",
        "wearable/a.b.mpy",
        "wearable/a\0.mpy",
        "board.mpy",
        "boot.mpy",
        "app_a/wearable/a.mpy",
        "lib/other/a.mpy",
        "wearable",
        "",
        "wearable/" + "a" * 52 + ".mpy",
        b"wearable/\xff.mpy",
        "wearable/ü.mpy",
    ):
        entries = [entry(name, SOUND[name]) for name in sorted(SOUND)] + [entry(path, b"x")]
        for order in (entries, entries[-1:] + entries[:-1]):
            assert _refusal(with_entries(order, b"x" * 4000)) == "format", path


def _with(*more: bytes, data: bytes = b"") -> bytes:
    entries = [entry(name, SOUND[name]) for name in sorted(SOUND)]
    return with_entries(entries + list(more), b"".join([SOUND[name] for name in sorted(SOUND)]) + data)


def test_manifests_that_lie_are_refused_though_truly_signed() -> None:
    assert _refusal(_with()) == ""
    assert _refusal(_with(entry("wearable/zone.mpy", b"z"), data=b"z")) == ""
    assert _refusal(_with(entry("wearable/start.mpy", b"z"), data=b"z")) == "format", "a name twice"
    assert _refusal(_with(entry("wearable/app.mpy", b"z"), data=b"z")) == "format", "out of order"
    assert _refusal(_with(entry("wearable/zone.mpy", b"z"))) == "format", "no bytes for it"
    assert _refusal(_with(data=b"z")) == "format", "bytes for nobody"
    assert _refusal(_with(entry("wearable/zone.mpy", b"z", 0xFFFFFFFF), data=b"z")) == "format"
    large = bytes(MAX_FILE + 1)
    assert _refusal(_with(entry("wearable/zone.mpy", large), data=large)) == "format"


def test_a_bundle_that_could_not_start_is_refused() -> None:
    for name in ("wearable/start.mpy", "wearable/__init__.mpy", "lib/paceline_protocol/__init__.mpy"):
        assert _refusal(make({path: SOUND[path] for path in SOUND if path != name})) == "format"
