"""Goals on the wrist: what their maker counted, the workouts since, and the one under way (docs/WRIST.md).

The last workouts are kept in the NVS with their place in the journal, so that each counts once, whether
the maker of the goals had read it or not.
"""

import struct

from paceline_protocol.wrist_settings import ANY_SPORT, GOALS

from ..calendar import UNIX_2020_S

DISTANCE, TIME, COUNT, STEPS, KILOCALORIES, CLIMB = 1, 2, 3, 4, 5, 6  # GOAL_KINDS

_NAME = "workouts"
_FORMAT = "<IIBBIIHH"  # epoch, position, user, sport, metres, seconds, kilocalories, metres of climb
_SIZE = 22
_NO_GOALS = bytes(GOALS)
_KEPT = 8  # more than a gateway that comes home once a week leaves


class Goals:
    """Goals of the current user: `kinds`, `periods`, `targets`, `progress` by place; a kind of 0 is no goal.

    `users` knows them (users.py). begin() whenever the user, the settings or the kept workouts have changed.
    """

    def __init__(self, users, kept, epoch: int) -> None:
        self._users = users
        self._kept = kept
        self._epoch = epoch
        self.kinds = bytearray(GOALS)
        self.periods = bytearray(GOALS)
        self._sports = bytearray(GOALS)
        self._numbers = [0] * GOALS
        self.targets = [0] * GOALS
        self._before = [0] * GOALS
        self._until_2020_s = [0] * GOALS
        self.progress = [0] * GOALS
        self._reached = bytearray(GOALS)

    @property
    def any(self) -> bool:
        """Whether there is a goal."""
        return self.kinds != _NO_GOALS

    def begin(self) -> None:
        """Read the goals; those that are reached already are told no more."""
        users = self._users
        user = users.current.slot
        place = users.place(user)
        for i in range(GOALS):
            self.kinds[i] = 0
            self._reached[i] = 2  # not looked at yet
            if place < 0:
                continue
            number, kind, period, sport, target, done, until_s = users.goal(place, i)
            self.kinds[i], self.periods[i], self._sports[i] = kind, period, sport
            self._numbers[i], self.targets[i] = number, target
            self._until_2020_s[i] = max(0, until_s - UNIX_2020_S)
            self._before[i] = done + self._since(user, kind, sport)

    def end(self, position: int, user: int, sport: int, figures) -> None:
        """Keep a workout that has ended behind a position; `figures` are metres, seconds, kilocalories, climb."""
        metres, seconds, kilocalories, climb_m = figures
        entry = struct.pack(
            _FORMAT,
            self._epoch,
            position,
            user,
            sport,
            metres,
            seconds,
            min(kilocalories, 0xFFFF),
            min(climb_m, 0xFFFF),
        )
        self._kept.save(_NAME, (self._workouts() + entry)[-_KEPT * _SIZE :])

    def second(self, now_2020_s: int, recording: bool, sport: int, figures, steps_today: int) -> int:
        """Take the figures of the workout under way; return the number of a goal that was just reached, or −1."""
        for i in range(GOALS):
            kind = self.kinds[i]
            if kind == 0 or (self._until_2020_s[i] and now_2020_s >= self._until_2020_s[i]):
                self.kinds[i] = 0
                continue
            now = self._before[i]
            if kind == STEPS:
                now += steps_today
            elif recording and (self._sports[i] == sport or self._sports[i] == ANY_SPORT):
                now += _part(kind, figures)
            self.progress[i] = now
            fresh, self._reached[i] = self._reached[i] == 0, now >= self.targets[i]
            if fresh and self._reached[i]:
                return self._numbers[i]
        return -1

    def _since(self, user: int, kind: int, sport: int) -> int:
        epoch, position = self._users.counted
        total = 0
        workouts = self._workouts()
        for at in range(0, len(workouts), _SIZE):
            entry = struct.unpack_from(_FORMAT, workouts, at)
            counted = entry[0] == epoch and entry[1] < position
            if not counted and entry[2] == user and sport in (entry[3], ANY_SPORT):
                total += 1 if kind == COUNT else _part(kind, entry[4:])
        return total

    def _workouts(self) -> bytes:
        for count in range(_KEPT, 0, -1):
            data = self._kept.load(_NAME, count * _SIZE)
            if data:
                return data
        return b""


def _part(kind: int, figures) -> int:
    if kind == DISTANCE:
        return figures[0]
    if kind == TIME:
        return figures[1]
    if kind == KILOCALORIES:
        return figures[2]
    return figures[3] if kind == CLIMB else 0
