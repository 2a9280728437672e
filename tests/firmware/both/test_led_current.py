"""The LED's current finds the level that the skin needs, and the samples that go on hide its steps."""

from wearable.signal.heart_rate import HeartRate
from wearable.signal.led_current import LEAST, MOST, START, LedCurrent

_BATCH = 17
_FULL = 262_143
_WAVE = (0, 6, 12, 17, 20, 21, 20, 17, 12, 6, 0, -6, -12, -17, -20, -21, -20, -17, -12, -6)  # 75 a minute at 25 Hz


class Optics:
    """A LED on skin: `gain` counts a step of current, less of it the more it shines, and a pulse of 1 % on top."""

    def __init__(self, gain: int, droop: int = 0) -> None:
        self.gain = gain
        self.droop = droop  # of 10000 a step
        self.current = START
        self.sampled = 0

    def sample(self) -> int:
        light = self.current * self.gain * (10_000 - self.droop * self.current) // 10_000
        self.sampled += 1
        return min(light + light * _WAVE[self.sampled % 20] // 2100, _FULL)


def shine(led: LedCurrent, optics: Optics, heart: HeartRate, batches: int) -> "tuple[list[int], list[int]]":
    """Return (samples as they go on, currents) of so many batches; the new current holds from the next sample on."""
    out = []
    currents = []
    for _ in range(batches):
        for _ in range(_BATCH):
            value = led.put(optics.sample())
            heart.put(value)
            out.append(value)
        if led.decide(heart.worn):
            optics.current = led.current
        currents.append(led.current)
    return out, currents


def test_any_skin_ends_within_the_range_and_stays_there() -> None:
    for gain in (450, 1000, 1700, 2600, 5200, 20_000):
        led, optics, heart = LedCurrent(), Optics(gain), HeartRate()
        _, currents = shine(led, optics, heart, 120)
        assert len(set(currents[-60:])) == 1, (gain, currents)
        level = currents[-1] * gain
        assert level <= 165_000 and (level >= 45_000 or currents[-1] == MOST), (gain, level)
        assert LEAST <= currents[-1] <= MOST


def test_a_wrist_as_recorded_is_left_alone() -> None:
    led, optics, heart = LedCurrent(), Optics(1700), HeartRate()
    out, currents = shine(led, optics, heart, 60)
    assert set(currents) == {START}
    assert out[0] == 1700 * START + 1700 * START * _WAVE[1] // 2100, "nothing is done to a sample at START"


def test_nobody_wearing_it_needs_the_least_light_and_skin_is_seen_by_it() -> None:
    led, optics, heart = LedCurrent(), Optics(27), HeartRate()
    _, currents = shine(led, optics, heart, 40)
    assert currents[-1] == LEAST and not heart.worn
    assert set(currents[10:]) == {LEAST}, "no light is wasted on looking again"
    optics.gain = 1700
    _, currents = shine(led, optics, heart, 40)
    assert heart.worn and currents[-1] == START


def test_a_change_of_current_is_no_beat() -> None:
    for gain, droop in ((450, 0), (450, 20), (3000, 0), (3300, 20), (3600, 20)):
        led, optics, heart = LedCurrent(), Optics(gain, droop), HeartRate()
        out, currents = shine(led, optics, heart, 120)
        assert len(set(currents)) > 1, "it changed"
        raw_s = [out[i : i + 25] for i in range(50, len(out) - 25, 25)]
        for second in raw_s:
            level = sum(second) // 25
            if level < 200_000:  # not while the sensor itself is blind with light
                assert max(second) - min(second) < level // 25, "a pulse moves it by a fiftieth"
        assert heart.confidence >= 2 and abs(heart.bpm - 75) <= 2


def test_a_blinded_sensor_is_dimmed_within_three_seconds() -> None:
    led, optics, heart = LedCurrent(), Optics(40_000), HeartRate()
    _, currents = shine(led, optics, heart, 4)
    assert currents[-1] <= START // 8 + 1
