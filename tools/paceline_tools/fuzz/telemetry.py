"""`python -m paceline_tools.fuzz.telemetry [COUNT] [SEED]`: mutated telemetry blobs against their reader.

A blob of either version is made, some of its bytes are changed, cut or doubled; the reader must give columns of as many
rows as the head says, or a TelemetryError. Anything else is printed with the bytes.
"""

import base64
import random
import sys
import time
import traceback

import numpy as np
from paceline_server.formats.recording import Column
from paceline_server.telemetry import TelemetryError, pack_columns, row_count, unpack_columns

COUNT = 200_000
LONGEST_CPU_S = 2.0
MOST_ROWS = 100_000  # a mutated head may say more, which whoever reads asks first
FIRST_VERSION = base64.b85decode(
    "P)t+-1^@s61poj50000d000010SN#A0384T00IFC0000T000050SN#A02%-Q00;m80000b0001RV{ah?0D=Jo0R#mA000mG0000000000bN~PV^a1+7"
    "T|ghi2>^JUQvd(}Apjw8V{ah?073x-0Rsd8000mG0E2ZFJOF@7P)h~?c$`xJ001EXA#h`FAp-zH0R#a91ONa45C8y~4Fp6003Kv`$N+ep6951J5daZz"
    "V{ah?073x-0Rsd8000mG7y|$R6aXmz0B~b(Ap-z{0R#aA1poj55C8xG00000003M705}JBc;&rh0ss"
)
"""A blob that an older server wrote."""


def main() -> int:
    """Run; return 1 when the reader did what it must not."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    read, refused, wrong = run(count, seed)
    print(f"{count:,} telemetry blobs, seed {seed}: {read:,} read, {refused:,} refused, {len(wrong)} wrong")
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


def run(count: int, seed: int) -> tuple[int, int, list[str]]:
    """Return how many were read and refused, and a line for each that went wrong."""
    sound = [pack_columns(sound_columns(kind)) for kind in range(4)] + [FIRST_VERSION]
    read = refused = 0
    wrong: list[str] = []
    for number in range(count):
        dice = random.Random(f"{seed}:{number}")  # noqa: S311 (repeatable, no secret)
        data = _mutated(bytearray(dice.choice(sound)), dice)
        began = time.process_time()
        try:
            rows = row_count(data)
            if rows > MOST_ROWS:
                refused += 1
                continue
            found = unpack_columns(data)
            read += 1
            if any(len(column) != rows for column in found.values()):
                wrong.append(f"{number}: another number of rows: {data.hex()}")
        except TelemetryError:
            refused += 1
        except Exception:  # noqa: BLE001 (the top of a task: kept with what caused it)
            wrong.append(f"{number}: {traceback.format_exc(limit=-1).strip()}: {data.hex()}".replace("\n", " "))
        if time.process_time() - began > LONGEST_CPU_S:
            wrong.append(f"{number}: more than {LONGEST_CPU_S} s: {data.hex()}")
    return read, refused, wrong


def sound_columns(kind: int) -> dict[str, Column]:
    """Return columns of 70 rows: with lists, without, with gaps, of power alone."""
    dice = np.random.default_rng(kind)
    rows = 70
    row = np.arange(rows)
    columns = {
        "time_s": row + (row > 40) * 30.0,
        "latitude_deg": 47 + np.cumsum(dice.normal(20, 5, rows)) / 1e6,
        "longitude_deg": 8 + np.cumsum(dice.normal(30, 5, rows)) / 1e6,
        "altitude_m": 400 + row // 7 * 2.0,
        "speed_m_s": dice.integers(0, 4, rows) * 0.5,
        "heart_rate_bpm": dice.integers(100, 120, rows) * 1.0,
        "cadence_spm": dice.integers(0, 2, rows) * 84.0,
        "distance_m": row * (3.0 if kind == 1 else 3.17),
    }
    if kind == 2:
        for name in ("latitude_deg", "longitude_deg", "heart_rate_bpm"):
            columns[name][10:30] = np.nan
    if kind == 3:
        columns = {"time_s": row, "power_w": dice.integers(0, 400, rows)}
    return {name: column.astype(np.float64) for name, column in columns.items()}


def _mutated(data: bytearray, dice: random.Random) -> bytes:
    for _ in range(dice.choice((1, 1, 2, 4))):
        if not data:
            break
        at = dice.randrange(len(data))
        match dice.randrange(5):
            case 0:
                data[at] ^= 1 << dice.randrange(8)
            case 1:
                data[at] = dice.choice((0, 1, 127, 128, 255))
            case 2:
                data[at : at + dice.randrange(8)] = dice.randbytes(dice.randrange(8))
            case 3:
                del data[at + 1 :]
            case _:
                data[at:at] = data[at : at + dice.randrange(1, 20)]
    return bytes(data)


if __name__ == "__main__":
    sys.exit(main())
