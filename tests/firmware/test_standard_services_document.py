"""docs/STANDARD_SERVICES.md says what the code offers; the code is read as text, since `bluetooth` is MicroPython's."""

import ast
import re
from array import array
from pathlib import Path

from protocol.document_tables import DOCS, table
from wearable.link import measurements

TEXT = (DOCS / "STANDARD_SERVICES.md").read_text()
CODE = (Path(__file__).resolve().parents[2] / "firmware/wearable/link/standard.py").read_text()


class Solution:
    latitude_udeg = longitude_udeg = altitude_2dm = speed_cm_s = 1


def test_every_service_and_characteristic_is_in_the_table() -> None:
    written: dict[int, list[tuple[int, set[str]]]] = {}
    for service, characteristic, *_ in table(TEXT):
        if " 0x1" in service:
            numbers = [int(text, 16) for text in re.findall("0x[0-9A-F]{4}", service + characteristic)]
            properties = set(characteristic.split(", ")[1:])
            written.setdefault(numbers[0], []).append((numbers[1], properties))
    coded: dict[int, list[tuple[int, set[str]]]] = {}
    for statement in ast.parse(CODE).body:
        text = ast.unparse(statement)
        if isinstance(statement, ast.Assign) and " = (bluetooth.UUID(" in text:
            (service, _), *rows = re.findall(r"UUID\((\d+)\)(?:, ([_A-Z| ]+)\))?", text)
            coded[int(service)] = [
                (int(number), {flag.strip(" _").lower() for flag in flags.split("|")}) for number, flags in rows
            ]
    assert {number: sorted(rows) for number, rows in written.items()} == {
        number: sorted(rows) for number, rows in coded.items()
    }


def test_features_are_specified() -> None:
    coded = dict(re.findall(r'^_(\w+)_FEATURES = (b".*")', CODE, re.M))
    for name, service, size in (("RUNNING", "0x1814", 2), ("LOCATION", "0x1819", 4)):
        value = ast.literal_eval(coded[name])
        assert len(value) == size
        (written,) = [row[2] for row in table(TEXT) if service in row[0] and row[1].startswith("Feature")]
        assert int(written, 16) == int.from_bytes(value, "little")


def test_lengths_and_flags_are_specified() -> None:
    buffer = bytearray(measurements.SIZE)
    rows = [(row[1], row[2]) for row in table(TEXT[TEXT.index("| fields |") :])]
    lengths = (
        measurements.pack_location(buffer, 3, Solution, 1),
        measurements.pack_moment(buffer, 3, Solution, (2026, 1, 1), 1),
    )
    assert [int(length) for _, length in rows] == list(lengths)
    measurements.pack_location(buffer, 3, Solution, 1)
    assert int(rows[0][0], 16) == int.from_bytes(buffer[:2], "little")
    measurements.pack_moment(buffer, 3, Solution, (2026, 1, 1), 1)
    assert int(rows[1][0], 16) == int.from_bytes(buffer[:2], "little")
    assert f"at most {measurements.MOST_INTERVALS}" in TEXT and f"at most {measurements.SIZE} bytes" in TEXT
    most = measurements.pack_heart_rate(buffer, 1, True, array("H", [1] * 9), measurements.MOST_INTERVALS)
    assert most == measurements.SIZE
