"""All day: steps, energy, resting heart rate, active and worn minutes, a DAY record each quarter of an hour.

What is said of energy and minutes, and what a day costs: docs/DAILY.md. Counts since the last record are only in RAM: a
reset loses them and counts nothing twice. `steps_today` is kept in NVS with each record.
"""

import struct

from micropython import const
from paceline_protocol.records import DAY, SPORTS, pack_fields

from .calendar import DAY_S, UNIX_2020_S
from .signal.resting_heart_rate import RestingHeartRate
from .workout.calories import UNITS, Calories

_GROUP_S = const(900)  # zones differ by as much: a local day ends with a group
_NAME = "today"
_SLOTS = const(8)
_FORMAT = "<H8I"  # local day since 2020, steps of each user
_SIZE = const(34)

_SURE = const(2)
_HALF_MINUTE_S = const(30)
_RAISED_S = const(10)  # all day the rate is known for some seconds in five minutes only
_RAISED_PERCENT = const(64)  # of the highest rate: moderate effort begins (CDC, Target Heart Rate)
_RECORDING = const(1)
_LONGEST_S = const(60)  # a silence is not filled
_YEAR_S = const(31_556_952)
_AGE, _WEIGHT_HG, _HEIGHT_CM, _HIGHEST_BPM = const(35), const(700), const(170), const(190)


class Daily:
    """Counts for the user of the moment; `steps_today` is theirs, since local midnight."""

    def __init__(self, journal, clock, kept, users) -> None:
        self._journal = journal
        self._clock = clock
        self._kept = kept
        self._users = users
        self._today = list(struct.unpack(_FORMAT, kept.load(_NAME, _SIZE) or bytes(_SIZE)))
        self._resting = RestingHeartRate()
        self._last_t_s = self._began_t_s = clock.t_s()
        self._group = (clock.utc_2020_s() or self._last_t_s) // _GROUP_S
        self._total = self._workout_kcal = 0  # as last seen
        self._minute_s = self._worn_s = self._moving_s = self._raised_s = 0  # of the minute under way
        self._units = 0  # less than a kilocalorie
        self._steps = self._kilocalories = self._active = self._worn = 0  # of the group
        self._slot = -1
        self._meet()

    @property
    def steps_today(self) -> int:
        """Steps of the user of the moment since local midnight, as far as the time is known."""
        return self._today[1 + (self._slot & 7)] + self._steps

    def tick(self, recorder, steps: int, worn: bool, still: bool) -> None:
        """Look at the wearer; `steps` since boot. To be called once a second or more often."""
        now = self._clock.t_s()
        passed = min(now - self._last_t_s, _LONGEST_S)
        if passed <= 0:
            return
        self._last_t_s = now
        stepped = steps - self._total
        self._total = steps
        if stepped > 0:
            self._steps += stepped
        bpm = recorder.heart_rate_bpm if recorder.heart_rate_confidence >= _SURE else 0
        recording = recorder.state == _RECORDING and not recorder.auto_paused
        walking = recorder.cadence_spm > 0
        self._resting.second(bpm if still and not recording else 0, stepped > 0 or walking)
        self._minute_s += passed
        if worn:
            self._worn_s += passed
        if walking or recording:
            self._moving_s += passed
        if bpm >= self._raised_bpm:
            self._raised_s += passed
        self._burn(recorder, passed, worn, walking, bpm)
        if self._minute_s >= 60:
            self._minute()
        utc = self._clock.utc_2020_s()
        group = (utc or now) // _GROUP_S
        if group != self._group or self._users.current.slot != self._slot:
            self._close(now, utc, group)

    def _burn(self, recorder, passed: int, worn: bool, walking: bool, bpm: int) -> None:
        # A workout counts its own.
        if recorder.state:
            burnt = recorder.kilocalories - self._workout_kcal
            self._workout_kcal = recorder.kilocalories
            self._kilocalories += max(burnt, 0)
            return
        self._workout_kcal = 0
        if walking or bpm >= self._raised_bpm:
            self._units += passed * self._calories.second(True, 0, 0, bpm, _SURE)
        elif worn:
            self._units += passed * self._basal
        self._kilocalories += self._units // UNITS
        self._units %= UNITS

    def _minute(self) -> None:
        worn = self._worn_s >= _HALF_MINUTE_S
        if worn:
            self._worn += 1
        if self._moving_s >= _HALF_MINUTE_S or (worn and self._raised_s >= _RAISED_S):
            self._active += 1
        self._minute_s = self._worn_s = self._moving_s = self._raised_s = 0

    def _close(self, now: int, utc: int, group: int) -> None:
        # The record first: a power cut behind it costs the wrist a quarter of an hour, never the server.
        if self._minute_s >= _HALF_MINUTE_S:
            self._minute()
        if self._steps or self._worn:
            minutes = min((now - self._began_t_s + 30) // 60, 0xFFFF)
            payload = pack_fields(
                DAY,
                now,
                utc + UNIX_2020_S if utc else 0,
                self._steps,
                min(self._kilocalories, 0xFFFF),
                min(self._resting.take(), 255),
                self._slot,
                minutes,
                min(self._active, minutes),
                min(self._worn, minutes),
            )
            self._journal.append(DAY, payload)
            self._today[1 + (self._slot & 7)] += self._steps
            self._steps = 0  # told: whatever fails below, not again
            self._kept.save(_NAME, struct.pack(_FORMAT, *self._today))
        self._steps = self._kilocalories = self._active = self._worn = 0
        self._began_t_s = now
        self._group = group
        if self._users.current.slot != self._slot:
            self._meet()
        day = (utc + self._users.zone_quarters * _GROUP_S) // DAY_S if utc else self._today[0]
        if day != self._today[0]:
            self._today = [day] + [0] * _SLOTS

    def _meet(self) -> None:
        # Get to know the user of the moment.
        user = self._users.current
        self._slot = user.slot
        self._minute_s = self._worn_s = self._moving_s = self._raised_s = self._units = 0
        utc = self._clock.utc_2020_s()
        age = 2020 + utc // _YEAR_S - user.birth_year if utc and user.birth_year else 0
        self._calories = Calories(SPORTS.index("walking"), user.sex, age, user.weight_hg)
        self._basal = basal_units(user.sex, age or _AGE, user.weight_hg or _WEIGHT_HG, user.height_cm or _HEIGHT_CM)
        self._raised_bpm = (user.max_heart_rate_bpm or _HIGHEST_BPM) * _RAISED_PERCENT // 100


def basal_units(sex: int, age: int, weight_hg: int, height_cm: int) -> int:
    """Return what a body at rest burns a second, in UNITS; sex 0 is the mean of both.

    Mifflin et al., Am J Clin Nutr 51 (1990) 241-247: 10 kg + 6.25 cm − 5 years, + 5 (male) or − 161 (female) a day.
    """
    kilocalories = weight_hg + height_cm * 25 // 4 - 5 * age + (-78, -161, 5)[sex]
    return max(kilocalories, 0) * 523 // 18  # UNITS / 86,400
