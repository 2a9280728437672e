"""Auto-pause: from speed and steps, second by second, when the wearer stopped and when they went on.

Both are known some seconds after they were; `second_s` says when. Samples go on meanwhile: nothing is lost.
"""

from . import sports

BEGAN, ENDED = 1, 2


class AutoPause:
    """The rule of one sport: `paused` after so many seconds without movement, until as few with it."""

    def __init__(self, sport: int, paused: bool = False) -> None:
        self._still_cm_s = sports.of(sport, sports.STILL_CM_S)
        self._moves_cm_s = sports.of(sport, sports.MOVES_CM_S)
        self._moves_spm = sports.of(sport, sports.MOVES_SPM)
        self._pause_s = sports.of(sport, sports.PAUSE_S)
        self._resume_s = sports.of(sport, sports.RESUME_S)
        self.paused = paused
        self.second_s = 0  # the first second of the latest change
        self._run_s = 0

    def second(self, t_s: int, fix: int, speed_cm_s: int, cadence_spm: int) -> int:
        """Take a second; BEGAN or ENDED when it turns out that a pause began or ended at `second_s`, else 0."""
        moving = self._moving(fix, speed_cm_s, cadence_spm)
        if moving < 0 or bool(moving) != self.paused:
            self._run_s = 0
            return 0
        if self._run_s == 0:
            self.second_s = t_s
        self._run_s = t_s - self.second_s + 1
        if self._run_s < (self._resume_s if self.paused else self._pause_s) or not self._pause_s:
            return 0
        self._run_s = 0
        self.paused = not self.paused
        return BEGAN if self.paused else ENDED

    def leave(self) -> None:
        """The pause was ended by hand; the next one begins when the wearer is found still anew."""
        self.paused = False
        self._run_s = 0

    def _moving(self, fix: int, speed_cm_s: int, cadence_spm: int) -> int:
        # 1 moving, 0 still, -1 nobody can tell.
        if self._moves_spm and cadence_spm >= self._moves_spm:
            return 1
        if fix:
            return 1 if speed_cm_s >= (self._moves_cm_s if self.paused else self._still_cm_s) else 0
        return 0 if self._moves_spm else -1
