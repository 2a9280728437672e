"""Sound telemetry blobs of both versions (docs/TELEMETRY.md)."""

import base64

import numpy as np
from paceline_server.formats.recording import Column
from paceline_server.telemetry import pack_columns

FIRST_VERSION = base64.b85decode(
    "P)t+-1^@s61poj50000d000010SN#A0384T00IFC0000T000050SN#A02%-Q00;m80000b0001RV{ah?0D=Jo0R#mA000mG0000000000bN~PV^a1+7"
    "T|ghi2>^JUQvd(}Apjw8V{ah?073x-0Rsd8000mG0E2ZFJOF@7P)h~?c$`xJ001EXA#h`FAp-zH0R#a91ONa45C8y~4Fp6003Kv`$N+ep6951J5daZz"
    "V{ah?073x-0Rsd8000mG7y|$R6aXmz0B~b(Ap-z{0R#aA1poj55C8xG00000003M705}JBc;&rh0ss"
)
"""A blob that an older server wrote."""


def sound_blobs() -> list[bytes]:
    """Return blobs small enough to be read thousands of times a second."""
    return [pack_columns(sound_columns(kind)) for kind in range(4)] + [FIRST_VERSION]


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
