"""What a wearer wants to see and the recorder does not count: the speed of the last seconds and the running lap."""

from array import array

_WINDOW_S = 15
_RING = 16  # a power of two above the window


class Progress:
    """`speed_cm_s`; `lap` with its `lap_elapsed_s` and `lap_distance_cm`; the `done_…` ones of the lap before it."""

    def __init__(self) -> None:
        self._distances = array("i", [0] * _RING)
        self._session = -1
        self._second = 0
        self._seconds_known = 0
        self._lap_start_s = 0
        self._lap_start_cm = 0
        self.speed_cm_s = 0
        self.lap = 1
        self.lap_elapsed_s = 0
        self.lap_distance_cm = 0
        self.done_elapsed_s = 0
        self.done_distance_cm = 0

    def follow(self, session: int, elapsed_s: int, distance_cm: int, lap: int) -> None:
        """Take the recorder's totals, once a second or more often."""
        if session != self._session or elapsed_s < self._second:
            self._begin(session, elapsed_s, distance_cm, lap)
        if lap != self.lap:
            self.done_elapsed_s = elapsed_s - self._lap_start_s
            self.done_distance_cm = distance_cm - self._lap_start_cm
            self.lap = lap
            self._lap_start_s, self._lap_start_cm = elapsed_s, distance_cm
        self.lap_elapsed_s = elapsed_s - self._lap_start_s
        self.lap_distance_cm = distance_cm - self._lap_start_cm
        if elapsed_s > self._second:
            self._pass(elapsed_s, distance_cm)

    def _begin(self, session: int, elapsed_s: int, distance_cm: int, lap: int) -> None:
        self._session = session
        self._second = elapsed_s
        self._seconds_known = 0
        self._distances[elapsed_s % _RING] = distance_cm
        self._lap_start_s, self._lap_start_cm = elapsed_s, distance_cm
        self.lap = lap
        self.speed_cm_s = self.done_elapsed_s = self.done_distance_cm = 0

    def _pass(self, elapsed_s: int, distance_cm: int) -> None:
        before = self._distances[self._second % _RING]
        passed = elapsed_s - self._second
        if passed > _WINDOW_S:
            self._seconds_known = passed = 0
        for i in range(1, passed + 1):
            self._distances[(self._second + i) % _RING] = before + (distance_cm - before) * i // passed
        self._distances[elapsed_s % _RING] = distance_cm
        self._second = elapsed_s
        self._seconds_known = min(self._seconds_known + passed, _WINDOW_S)
        if self._seconds_known:
            oldest = self._distances[(elapsed_s - self._seconds_known) % _RING]
            self.speed_cm_s = (distance_cm - oldest) // self._seconds_known
