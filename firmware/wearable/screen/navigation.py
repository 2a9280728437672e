"""What two buttons mean on which view: a pure machine of views, told by the buttons and by the workout's state.

START begins a workout, pauses it and goes on; held in a workout it ends it. LAP marks a lap. While idle LAP walks on,
LAP held opens the menu and leaves it; during a workout LAP held turns the page. On a dark display LAP only wakes it
while idle; START always means START. A notice is in the place of the clock until LAP dismisses it.
"""

from paceline_protocol.records import SPORTS

from .settings import ROWS

CLOCK, SPORT, SYNC, SETTINGS, CLAIM, PAGE_1, PAGE_2, PLAN, GOALS, LAP, SUMMARY = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
NOTICE = 11

NOTHING, BEGIN, END, MARK, KEEP_SPORT, CHANGE, PAUSE, RESUME, DISMISS = 0, 1, 2, 3, 4, 5, 6, 7, 8  # what a button does

_IDLE, _RUNNING, _PAUSED = 0, 1, 2  # states of the recorder
_LAP_SHOWN_S = 8


class Navigation:
    """`view`, the chosen `sport`, the `row` of the settings; `lit` is kept here by the display's task.

    `seen` tells whether the display was lit when the button went down (without a display it never is), `state` is the
    recorder's. `has_plan` and `has_goals` tell which pages there are, `notice` the number of the one to show, 0 none.
    """

    def __init__(self, sport: int) -> None:
        self.sport = sport
        self.view = CLOCK
        self.row = 0
        self.lit = False
        self.has_plan = self.has_goals = False
        self.notice = self._notice = 0
        self._kept_sport = sport
        self._recording = False
        self._lap = 0
        self._page = PAGE_1
        self._leave_lap_s = 0

    def start(self, seen: bool, state: int) -> int:
        """START went down; in a pause start_released() or start_held() tells what it means."""
        if state:
            return PAUSE if state == _RUNNING else NOTHING
        if self.view == SETTINGS and seen:
            return CHANGE
        self._kept_sport = self.sport
        return BEGIN

    def start_released(self, state: int) -> int:
        """START was let go before it was held, that went down in this state."""
        return RESUME if state == _PAUSED else NOTHING

    def start_held(self, seen: bool, state: int) -> int:
        """START is held, that went down in this state; told again and again."""
        if state:
            return END
        return CHANGE if self.view == SETTINGS and seen else NOTHING

    def lap(self, seen: bool, state: int) -> int:
        """LAP was pressed shortly."""
        if state:
            return MARK
        if not seen:
            return NOTHING
        if self.view == NOTICE:
            self.view = CLOCK
            self.notice = 0
            return DISMISS
        if self.view in (CLOCK, SUMMARY):
            self.view = SPORT
        elif self.view == SPORT:
            self.sport = (self.sport + 1) % len(SPORTS)
        elif self.view == SETTINGS and self.row + 1 < ROWS:
            self.row += 1
        else:
            self.view = {GOALS: SYNC, SYNC: SETTINGS, SETTINGS: CLAIM}.get(self.view, CLOCK)
            self.row = 0
        return NOTHING

    def lap_held(self, seen: bool, state: int) -> int:
        """LAP is held."""
        if not seen:
            return NOTHING
        if state:
            self._turn()
            return NOTHING
        chosen = self.view == SPORT
        menu = GOALS if self.has_goals else SYNC
        self.view = menu if self.view in (CLOCK, SUMMARY, NOTICE) else CLOCK
        self.row = 0
        if not chosen:
            return NOTHING
        self._kept_sport = self.sport
        return KEEP_SPORT

    def follow(self, recording: bool, lap: int, now_s: int) -> bool:
        """Take the workout's state; True when it brought another view, which the wearer should see."""
        if recording != self._recording:
            self._recording = recording
            self._lap = lap
            self._page = PAGE_1
            self.view = PAGE_1 if recording else SUMMARY
            return True
        if recording and lap != self._lap:
            self._lap = lap
            self.view = LAP
            if self.has_plan:
                self.view = self._page = PLAN
            self._leave_lap_s = now_s + _LAP_SHOWN_S
            return True
        if self.view == LAP and now_s >= self._leave_lap_s:
            self.view = self._page
        if self.view == CLOCK:
            return self._notify()
        if self.view == PLAN and not self.has_plan:
            self.view = self._page = PAGE_1
        return self.view == NOTICE and self._notify()

    def _notify(self) -> bool:
        self.view = NOTICE if self.notice else CLOCK
        if self.notice == self._notice:
            return False
        self._notice = self.notice
        return self.notice != 0

    def _turn(self) -> None:
        page = PAGE_1 if self.view == LAP else self.view + 1
        if page == PLAN and not self.has_plan:
            page = GOALS
        if page == GOALS and not self.has_goals:
            page = LAP
        self.view = self._page = PAGE_1 if page == LAP else page

    def darkened(self) -> None:
        """The display went dark: while idle the next look is at the clock, with the sport that was kept."""
        if not self._recording:
            self.view = CLOCK
            self.sport = self._kept_sport
            self.row = 0
