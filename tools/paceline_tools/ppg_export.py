"""Writes the raw light of a journal as a table, to try filters on (docs/DAILY.md, "Light as it was measured").

    python -m paceline_tools.ppg_export SPOOL_FILE OUT.csv

Columns: `boot` counts the starts of the device in the file, `t_s` its seconds, `light` is empty where counts were lost.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from paceline_gateway.errors import SpoolError
from paceline_gateway.spool import journal_name
from paceline_protocol.errors import JournalError
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import BOOT, PPG, parse_fields

LOST = 0xFFFFFF
_TOGETHER_S = 2.0  # records stamp whole seconds; further apart there is a gap


class Light(NamedTuple):
    """One count, None where it was lost."""

    boot: int
    t_s: float
    light: int | None


def light_of(data: bytes, first_page: int = 0) -> Iterator[Light]:
    """Yield the counts of journal bytes that begin with a page, in order.

    Within a row of records the rate makes the times; a record that ends elsewhere than counted begins a new row.
    """
    boot = 0
    ended_s: float | None = None
    for _, kind, payload in JournalReader(None, first_page=first_page).feed(data):
        if kind == BOOT:
            boot, ended_s = boot + 1, None
        if kind != PPG:
            continue
        try:
            fields = parse_fields(kind, payload)
        except JournalError:
            continue
        if fields is None or not fields.rate_hz:
            continue
        counts = bytes(fields.counts)
        length = len(counts) // 3
        ends_s = float(fields.t_s) if ended_s is None else ended_s + length / fields.rate_hz
        if abs(ends_s - fields.t_s) > _TOGETHER_S:
            ends_s = float(fields.t_s)
        for i in range(length):
            count = int.from_bytes(counts[3 * i : 3 * i + 3], "little")
            yield Light(boot, ends_s - (length - 1 - i) / fields.rate_hz, None if count == LOST else count)
        ended_s = ends_s


def export(journal: Path, out: Path) -> int:
    """Write the table and return its rows; SpoolError or OSError when a file cannot be used."""
    named = journal_name(journal)
    start = named[1] if named else 0
    if start % PAGE_SIZE:
        raise SpoolError(journal, f"starts at {start}, which is not the start of a page of {PAGE_SIZE} bytes")
    data = journal.read_bytes()
    rows = 0
    with out.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(Light._fields)
        for light in light_of(data, start // PAGE_SIZE):
            table.writerow((light.boot, f"{light.t_s:.2f}", "" if light.light is None else light.light))
            rows += 1
    return rows


def main() -> int:
    """Export as the command line says; return 1 when that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m paceline_tools.ppg_export", description="Raw light as a table.")
    parser.add_argument("journal", type=Path, help="a file of a gateway's spool, or of a server's journals")
    parser.add_argument("out", type=Path, help="the table, .csv")
    given = parser.parse_args()
    try:
        rows = export(given.journal, given.out)
    except (SpoolError, OSError) as error:
        print(f"ppg_export: {error}", file=sys.stderr)
        return 1
    print(f"{rows} counts in {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
