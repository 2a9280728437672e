"""An invented workout for `make run`: a run on a trail over the hills of an empty steppe, nobody's real track."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from paceline_server.formats.recording import Column, Lap, Recording

# A spot in the Mongolian steppe, far from any house: nobody's front door.
CENTRE_LATITUDE_DEG, CENTRE_LONGITUDE_DEG, CENTRE_ALTITUDE_M = 46.8730, 103.4210, 1435.0
METRES_PER_DEGREE = 111_320.0
# Metres east and north of the centre, in the order of the run: a winding trail around the hills, 5.4 km a round.
TRAIL_M = np.array(
    [
        *((0, 0), (166, 97), (210, 262), (122, 414), (192, 579), (411, 662), (577, 579), (735, 648), (875, 814)),
        *((1120, 883), (1330, 786), (1382, 593), (1575, 455), (1628, 262), (1487, 110), (1260, 83), (1138, -55)),
        *((1208, -235), (1068, -373), (822, -345), (700, -207), (507, -179), (402, -317), (192, -359)),
        *((52, -262), (-105, -179), (-122, -69)),
    ],
    dtype=np.float64,
)
EASY_SPEED_M_S = 3.05
REST_AT_S, REST_S = 1500, 25
RESTING_HEART_RATE_BPM = 62.0


def sample_recording(seed: int = 1, minutes: float = 40, start_utc_s: float = 1_700_000_000) -> Recording:
    """Return an invented run at 1 Hz; the same seed gives the same run, a shorter one the beginning of a longer one."""
    dice = np.random.default_rng(seed)
    time_s = np.arange(max(int(minutes * 60), 2), dtype=np.float64)
    noise = {name: _wandering(dice, len(time_s), *strength) for name, strength in _NOISE.items()}
    angle, speed = _run(time_s, noise["effort"])
    east, north = _place(angle)
    altitude = _height(east, north)
    cadence = np.where(speed > 0.5, 166 + 9 * (speed - EASY_SPEED_M_S) + noise["cadence"], 0)
    latitude = CENTRE_LATITUDE_DEG + (north + noise["north"]) / METRES_PER_DEGREE
    longitude_scale = METRES_PER_DEGREE * math.cos(math.radians(CENTRE_LATITUDE_DEG))
    columns = {
        "time_s": time_s,
        "latitude_deg": latitude,
        "longitude_deg": CENTRE_LONGITUDE_DEG + (east + noise["east"]) / longitude_scale,
        "altitude_m": CENTRE_ALTITUDE_M + altitude + noise["altitude"],
        "speed_m_s": np.clip(speed + noise["doppler"] * (speed > 0.5), 0, None),
        "heart_rate_bpm": np.rint(_heart(time_s, speed, np.diff(altitude, prepend=altitude[0]), noise["heart"])),
        "cadence_spm": np.rint(cadence),
    }
    return Recording.of("running", "invented", start_utc_s, columns, laps=_laps(angle))


# Name → standard deviation and how many seconds it takes to forget.
_NOISE = {
    "east": (1.1, 40),
    "north": (1.1, 40),
    "altitude": (0.8, 60),
    "doppler": (0.06, 2),
    "effort": (0.12, 30),
    "heart": (1.2, 15),
    "cadence": (1.5, 6),
}


def _wandering(dice: np.random.Generator, length: int, deviation: float, memory_s: float) -> Column:
    """Noise that forgets with exp(−t / memory_s), as errors of receivers do."""
    keep = math.exp(-1 / memory_s)
    steps = dice.normal(0, deviation * math.sqrt(1 - keep * keep), 6 * 3600)[:length]
    steps = np.concatenate([steps, np.zeros(length - len(steps))])
    values = np.empty(length)
    value = 0.0
    for second, step in enumerate(steps.tolist()):
        value = value * keep + step
        values[second] = value
    return values


def _place(angle: Column) -> tuple[Column, Column]:
    """Metres east and north of the centre: a smooth closed curve through TRAIL_M (Catmull–Rom), 2π a round."""
    along = angle / (2 * math.pi) * len(TRAIL_M)
    corner = np.floor(along).astype(np.int64)
    part = (along - corner)[:, None]
    before, here, there, beyond = (TRAIL_M[(corner + step) % len(TRAIL_M)] for step in (-1, 0, 1, 2))
    bend = 2 * before - 5 * here + 4 * there - beyond + part * (3 * (here - there) + beyond - before)
    place = here + part / 2 * (there - before + part * bend)
    return place[:, 0], place[:, 1]


def _height(east: Column, north: Column) -> Column:
    """Metres above the centre: two long hills and small waves."""
    return (
        17 * np.sin(east / 260 + 0.4) * np.cos(north / 310)
        + 6 * np.sin((east + north) / 140)
        + 1.5 * np.cos((east - 2 * north) / 60)
    )


def _run(time_s: Column, effort: Column) -> tuple[Column, Column]:
    """Angle on the loop and speed at each second: slower uphill, a warm-up, a fade, and one rest at the well."""
    angles, speeds = np.empty(len(time_s)), np.empty(len(time_s))
    angle, speed = 0.0, 0.0
    for second in range(len(time_s)):
        east, north = _place(np.array([angle, angle + 0.01]))
        step = math.hypot(*np.diff([east, north]).ravel())
        grade = float(np.diff(_height(east, north))[0]) / step
        form = 0.25 * (1 - math.exp(-second / 240)) - 0.00008 * second
        wanted = (EASY_SPEED_M_S + form + effort[second]) * (1 - 2.6 * grade if grade > 0 else 1 - 0.9 * grade)
        resting = REST_AT_S <= second < REST_AT_S + REST_S
        speed += ((0.0 if resting else wanted) - speed) * (0.6 if resting else 0.25)
        speed = 0.0 if speed < 0.3 else speed
        angle += speed / step * 0.01
        angles[second], speeds[second] = angle, speed
    return angles, speeds


def _heart(time_s: Column, speed: Column, climb: Column, noise: Column) -> Column:
    """A heart that follows the load within a minute and drifts upwards over the run."""
    load = 24.0 * speed + 190 * np.clip(climb, 0, None) + 9 * (time_s / 2400)
    values = np.empty(len(time_s))
    rate = RESTING_HEART_RATE_BPM + 18
    for second, demand in enumerate((RESTING_HEART_RATE_BPM + 5 + load).tolist()):
        rate += (demand - rate) / (28 if demand > rate else 45)
        values[second] = rate
    return np.clip(values + noise, 50, 195)


def _laps(angle: NDArray[np.float64]) -> tuple[Lap, ...]:
    """One lap for each round of the loop."""
    rounds = np.floor((angle - angle[0]) / (2 * math.pi))
    starts = [0, *(np.flatnonzero(np.diff(rounds) > 0) + 1).tolist(), len(angle) - 1]
    return tuple(Lap(begin, end, "distance") for begin, end in pairwise(starts) if end > begin)
