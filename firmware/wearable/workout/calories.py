"""Energy of a workout, second by second, gross: what the body burns at rest is part of it (docs/WORKOUTS.md).

From a sure heart rate of 90 bpm and more: Keytel et al., J Sports Sci 23 (2005) 289-297, the equations without oxygen
uptake, of people of 18 to 45 at 57 to 90 % of their highest heart rate; beside a steady effort they say too much. Else
MET × body mass, by speed where it is known: Ainsworth et al., Compendium of Physical Activities 2011.
"""

from micropython import const

from . import sports

UNITS = const(2_510_400)  # of 1/600,000 kJ, in a kilocalorie of 4.184 kJ

_LOWEST_BPM = const(90)
_SURE = const(2)
_STANDING_MET10 = const(13)  # 07040
_AGE = const(35)  # these two where nothing is known
_WEIGHT_HG = const(700)

# Speed in dm/s and tenths of a MET: walking at 2.0 to 4.5 mph (17152-17231), running at 5 to 12 mph (12030-12134);
# riding at 5.5, 9.4, 11, 13, 15, 17.5 and 20 mph (01018, 01019, 01020-01050).
_ON_FOOT = (
    b"\x09\x1c\x0b\x1e\x0d\x23\x10\x2b\x12\x32\x14\x46\x16\x53\x1b\x62\x1f\x6e\x24\x76\x28\x80\x2d\x91\x31\xa0\x36\xbe"
)
_RIDING = b"\x19\x23\x2a\x3a\x31\x44\x3a\x50\x43\x64\x4e\x78\x59\x9e"
_TABLES = (None, _ON_FOOT, _ON_FOOT, None, _RIDING)  # by sport


class Calories:
    """One wearer in one sport; sex 0 (the mean of both), 1 female, 2 male; age, mass 0: 35 years and 70 kg."""

    def __init__(self, sport: int, sex: int, age: int, weight_hg: int) -> None:
        age = age or _AGE
        weight_hg = weight_hg or _WEIGHT_HG
        self._weight_hg = weight_hg
        self._met10 = sports.of(sport, sports.MET10)
        self._by_speed = _TABLES[sport] if sport < len(_TABLES) else None
        # 1/10,000 kJ a minute: base + slope × bpm.
        female = -204_022 + 740 * age - 1_263 * weight_hg // 10
        male = -550_969 + 2_017 * age + 1_988 * weight_hg // 10
        self._base = (female, male, (female + male) // 2)[sex - 1]
        self._slope = (4_472, 6_309, 5_390)[sex - 1]

    def second(self, moving: bool, fix: int, speed_cm_s: int, heart_bpm: int, confidence: int) -> int:
        """Return what a second took, in UNITS of a kilocalorie."""
        met10 = _STANDING_MET10
        if moving:
            met10 = _by_speed(self._by_speed, speed_cm_s) if fix and self._by_speed else self._met10
            if heart_bpm >= _LOWEST_BPM and confidence >= _SURE:
                return max(self._base + self._slope * heart_bpm, self._units(_STANDING_MET10))
        return self._units(met10)

    def _units(self, met10: int) -> int:
        # A MET is a kilocalorie an hour and kilogram: UNITS / 3,600 / 100 = 223 / 32.
        return met10 * self._weight_hg * 223 >> 5


def _by_speed(table: bytes, speed_cm_s: int) -> int:
    last = len(table) - 2
    if speed_cm_s <= 10 * table[0]:
        return table[1]
    at = 2
    while at < last and speed_cm_s > 10 * table[at]:
        at += 2
    slow, fast = 10 * table[at - 2], 10 * table[at]
    return table[at - 1] + (table[at + 1] - table[at - 1]) * (min(speed_cm_s, fast) - slow) // (fast - slow)
