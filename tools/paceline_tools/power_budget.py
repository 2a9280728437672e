"""A modelled budget: what each state of the wearable draws, from datasheets and the firmware's own duty cycles.

`python -m paceline_tools.power_budget` prints the tables of docs/POWER.md. Nothing here was measured on hardware.
"""

import sys
from dataclasses import dataclass

from paceline_tools.hardware.description import read_board

# Duty cycles and paces of the firmware (wearable/power.py, heart_sense.py, motion_sense.py; a test compares them).
HEART_WINDOW_S, HEART_EVERY_S = 25, 300
ADVERTISE_FAST_MS, ADVERTISE_SLOW_MS = 200, 1000
CPU_MHZ, CPU_PULLED_MHZ = 80, 240
LED_STEPS, LED_STEP_MA = 63, 0.2
HEART_CALL_S, MOTION_IDLE_CALL_S = 17 / 25, 260 / 26
BEATS_PER_S, DARK_LOOKS_PER_S, GPS_WAKES_PER_S = 2, 5, 3
# Processor per second of recording at 240 MHz (make bench-firmware), and with the accelerometer alone.
RECORDING_CPU, MOTION_CPU, PULL_CPU = 0.05, 0.0165, 0.5

CAPACITIES_MAH = (500, 1000)
USABLE = 0.9  # of a cell's capacity, until the battery is critical and with some age

# Milliampere at 3.3 V; behind a linear regulator the cell gives the same. Figures and sources: hardware/board.toml.
_BOARD = read_board()
_MA = {name: current.ma for name, current in _BOARD.currents.items()}
IDLE_MA = {80: _MA["processor_idle_80"], 240: _MA["processor_idle_240"]}  # WAITI
BUSY_MA = {80: _MA["processor_busy_80"], 240: _MA["processor_busy_240"]}  # one core at work
_GPS_MA, _GPS_SAVED_MA, _MOTION_MA = _MA["gps_full"], _MA["gps_saved"], _MA["motion_high"]
WAKE_S = 0.001  # from light sleep until it sleeps again, besides the work
ADVERTISE_SEND_S, ADVERTISE_LISTEN_S = 3 * 0.000376, 3 * 0.00035
LED_ON = 0.000411 * 100  # pulse width x pulses a second
LED_SUPPLY = 5.0 / 3.7 / 0.85  # green LEDs need 5 V: a boost converter with 85 %


@dataclass(frozen=True)
class State:
    """One state: which parts run in it, and how much of the processor's time (at 240 MHz) is work."""

    name: str
    gps_ma: float = _MA["gps_standby"]
    heart: float = 0.0  # share of the time
    motion_ma: float = _MA["motion_low"]
    lit: bool = False
    advertise_ms: int = ADVERTISE_SLOW_MS
    radio_ma: float = 0.0  # of a connection
    cpu: float = MOTION_CPU
    mhz: int = CPU_MHZ
    wakes_per_s: float = BEATS_PER_S + DARK_LOOKS_PER_S + 1 / MOTION_IDLE_CALL_S


_WORKOUT_WAKES = BEATS_PER_S + DARK_LOOKS_PER_S + 1 / HEART_CALL_S
_WINDOWS = HEART_WINDOW_S / HEART_EVERY_S
STATES = (
    State("lies about"),
    State("worn, no workout", heart=_WINDOWS, cpu=MOTION_CPU + _WINDOWS * (RECORDING_CPU - MOTION_CPU)),
    State(
        "outdoor workout", _GPS_MA, 1, _MOTION_MA, advertise_ms=ADVERTISE_FAST_MS, cpu=RECORDING_CPU,
        wakes_per_s=_WORKOUT_WAKES + GPS_WAKES_PER_S,
    ),
    State(
        "outdoor workout, always lit", _GPS_MA, 1, _MOTION_MA, True, ADVERTISE_FAST_MS, cpu=RECORDING_CPU,
        wakes_per_s=_WORKOUT_WAKES + GPS_WAKES_PER_S,
    ),
    State(
        "outdoor workout, battery low", _GPS_SAVED_MA, 1, _MOTION_MA, advertise_ms=ADVERTISE_FAST_MS, cpu=RECORDING_CPU,
        wakes_per_s=_WORKOUT_WAKES + GPS_WAKES_PER_S,
    ),
    State("indoor workout", heart=1, motion_ma=_MOTION_MA, advertise_ms=ADVERTISE_FAST_MS, cpu=RECORDING_CPU,
          wakes_per_s=_WORKOUT_WAKES),
    State("followed at home", radio_ma=_MA["radio_followed"], advertise_ms=ADVERTISE_FAST_MS),
    State("pulled", radio_ma=_MA["radio_pulled"], advertise_ms=ADVERTISE_FAST_MS, cpu=PULL_CPU, mhz=CPU_PULLED_MHZ),
)  # fmt: skip
DAY = (("worn, no workout", 21.75), ("outdoor workout", 1.0), ("followed at home", 1.0), ("pulled", 0.25))  # hours


def consumers(state: State, light_sleep: bool) -> dict[str, float]:
    """Milliampere by consumer; `light_sleep` for a MicroPython that sleeps between two wake-ups."""
    busy = state.cpu * 240 / state.mhz
    idle_ma = _MA["processor_light_sleep"] if light_sleep else IDLE_MA[state.mhz]
    awake = min(1.0, busy + (state.wakes_per_s * WAKE_S if light_sleep else 0))
    event_mas = ADVERTISE_SEND_S * _MA["radio_send"] + ADVERTISE_LISTEN_S * _MA["radio_listen"]
    led_ma = LED_STEPS * LED_STEP_MA * LED_ON * LED_SUPPLY
    return {
        "processor": awake * BUSY_MA[state.mhz] + (1 - awake) * idle_ma,
        "radio": event_mas * 1000 / state.advertise_ms + state.radio_ma,
        "GPS": state.gps_ma,
        "heart rate": state.heart * (_MA["heart_chip"] + led_ma) + (1 - state.heart) * _MA["heart_shut_down"],
        "motion": state.motion_ma,
        "display": _MA["display_lit"] if state.lit else _MA["display_off"],
        "gauge and supplies": _MA["gauge"] + _MA["regulator"] + _MA["step_up"],
    }


def total_ma(state: State, light_sleep: bool) -> float:
    """Milliampere, which are mAh per hour."""
    return sum(consumers(state, light_sleep).values())


def largest(state: State, light_sleep: bool) -> str:
    """The three largest consumers, as text."""
    parts = sorted(consumers(state, light_sleep).items(), key=lambda part: -part[1])[:3]
    return ", ".join(f"{name} {ma:.1f}" for name, ma in parts)


def day_mah(light_sleep: bool) -> float:
    """What a day takes: an hour's run, an hour near the gateway, a quarter of an hour of fetching, else worn."""
    states = {state.name: state for state in STATES}
    return sum(hours * total_ma(states[name], light_sleep) for name, hours in DAY)


def savings() -> list[tuple[str, float]]:
    """What would lower the three largest consumers of a workout as built, and by how many milliampere each."""
    states = {state.name: state for state in STATES}
    workout = total_ma(states["outdoor workout"], False)
    return [
        ("a MicroPython that sleeps lightly", workout - total_ma(states["outdoor workout"], True)),
        ("a display that is dark between two looks", total_ma(states["outdoor workout, always lit"], False) - workout),
        ("GPS that tracks in cycles", workout - total_ma(states["outdoor workout, battery low"], False)),
    ]


def tables() -> list[str]:
    """The lines of all tables, in Markdown."""
    lines = ["| state | mAh per hour | 500 mAh | 1,000 mAh | the three largest, mA |", "|---|---|---|---|---|"]
    for light_sleep, kind in ((False, "as built"), (True, "with light sleep")):
        for state in STATES:
            ma = total_ma(state, light_sleep)
            lives = " | ".join(f"{capacity * USABLE / ma:.0f} h" for capacity in CAPACITIES_MAH)
            lines.append(f"| {state.name}, {kind} | {ma:.1f} | {lives} | {largest(state, light_sleep)} |")
    lines += ["", "| a day as worn | mAh | 500 mAh | 1,000 mAh |", "|---|---|---|---|"]
    for light_sleep, kind in ((False, "as built"), (True, "with light sleep")):
        mah = day_mah(light_sleep)
        lives = " | ".join(f"{capacity * USABLE / mah:.1f} days" for capacity in CAPACITIES_MAH)
        lines.append(f"| {kind} | {mah:.0f} | {lives} |")
    lines += ["", "| what lowers the three largest | saves in an outdoor workout, mA |", "|---|---|"]
    lines += [f"| {what} | {ma:.1f} |" for what, ma in savings()]
    lines += ["", "| records with GPS and heart rate | hours | by |", "|---|---|---|"]
    return [*lines, *(f"| {name} | {hours:.0f} | {source} |" for name, hours, source in beside_others())]


def beside_others() -> list[tuple[str, float, str]]:
    """How long ours would record outdoors, and how long watches are said to, the longest first."""
    workout = next(state for state in STATES if state.name == "outdoor workout")
    ours = [
        (f"**ours, {capacity} mAh, {kind}**", capacity * USABLE / total_ma(workout, light_sleep), "this model")
        for capacity in CAPACITIES_MAH
        for light_sleep, kind in ((False, "as built"), (True, "with light sleep"))
    ]
    others = [(watch.name, watch.hours, watch.source) for watch in _BOARD.watches]
    return sorted([*ours, *others], key=lambda row: -row[1])


def main() -> int:
    """The command line."""
    sys.stdout.write("\n".join(tables()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
