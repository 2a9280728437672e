"""How well the receiver receives: time to the first fix, losses, recoveries; told on the screen and in the status.

A loss is counted when there was no fix for four seconds, be it that solutions say so or that none come: a bridge is
not a loss, a tunnel is.
"""

NO_RECEIVER = 0
SEARCHING = 1  # no fix yet since the start
FIXED = 2
LOST = 3

_LOSS_S = 4


class Reception:
    """Fed with every solution and, once a second or more often, with the time. All times are device seconds."""

    def __init__(self, now_t_s: int = 0) -> None:
        self.state = NO_RECEIVER
        self.first_fix_s = -1  # seconds from start() to the first fix, -1 before
        self.solutions = 0
        self.fixes = 0
        self.refused = 0  # fixes that the receiver reported and the accuracy rule took back
        self.losses = 0
        self.recoveries = 0
        self.longest_loss_s = 0
        self.satellites = 0
        self.horizontal_accuracy_dm = 0
        self._started_t_s = now_t_s
        self._last_fix_t_s = now_t_s

    def start(self, now_t_s: int) -> None:
        """The receiver was found; begins the search, unless it was found before."""
        if self.state == NO_RECEIVER:
            self.state = SEARCHING
            self._started_t_s = now_t_s

    def take(self, solution, now_t_s: int) -> None:
        """Take a solution."""
        self.solutions += 1
        self.satellites = solution.satellites
        self.horizontal_accuracy_dm = solution.horizontal_accuracy_dm
        if not solution.fix:
            if solution.reported_fix:
                self.refused += 1
            self.tick(now_t_s)
            return
        self.fixes += 1
        if self.first_fix_s < 0:
            self.first_fix_s = now_t_s - self._started_t_s
        if self.state == LOST:
            self.recoveries += 1
            self.longest_loss_s = max(self.longest_loss_s, now_t_s - self._last_fix_t_s)
        self.state = FIXED
        self._last_fix_t_s = now_t_s

    def tick(self, now_t_s: int) -> None:
        """Notice a loss."""
        if self.state == FIXED and now_t_s - self._last_fix_t_s >= _LOSS_S:
            self.state = LOST
            self.losses += 1
