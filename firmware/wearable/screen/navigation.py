"""What two buttons mean on which view: a pure machine of views, told by the buttons and by the workout's state.

START begins and ends a workout, LAP marks a lap. While idle LAP walks on, LAP held opens the menu and leaves it; during
a workout LAP held turns the page. On a dark display LAP only wakes it while idle; START always means START.
"""

from paceline_protocol.records import SPORTS

from .settings import ROWS

CLOCK, SPORT, SYNC, SETTINGS, CLAIM, PAGE_1, PAGE_2, LAP, SUMMARY = 0, 1, 2, 3, 4, 5, 6, 7, 8

NOTHING, BEGIN, END, MARK, KEEP_SPORT, CHANGE = 0, 1, 2, 3, 4, 5  # what a button is to do

_LAP_SHOWN_S = 8


class Navigation:
    """`view`, the chosen `sport`, the `row` of the settings; `lit` is kept here by the display's task.

    `seen` tells whether the display was lit when the button went down (without a display it never is), `recording`
    whether a workout is under way, paused or not.
    """

    def __init__(self, sport: int) -> None:
        self.sport = sport
        self.view = CLOCK
        self.row = 0
        self.lit = False
        self._kept_sport = sport
        self._recording = False
        self._lap = 0
        self._page = PAGE_1
        self._leave_lap_s = 0

    def start(self, seen: bool, recording: bool) -> int:
        """START was pressed."""
        if recording:
            return END
        if self.view == SETTINGS and seen:
            return CHANGE
        self._kept_sport = self.sport
        return BEGIN

    def start_held(self, seen: bool, recording: bool) -> int:
        """START is still held; told again and again."""
        return CHANGE if self.view == SETTINGS and seen and not recording else NOTHING

    def lap(self, seen: bool, recording: bool) -> int:
        """LAP was pressed shortly."""
        if recording:
            return MARK
        if not seen:
            return NOTHING
        if self.view in (CLOCK, SUMMARY):
            self.view = SPORT
        elif self.view == SPORT:
            self.sport = (self.sport + 1) % len(SPORTS)
        elif self.view == SETTINGS and self.row + 1 < ROWS:
            self.row += 1
        else:
            self.view = {SYNC: SETTINGS, SETTINGS: CLAIM}.get(self.view, CLOCK)
            self.row = 0
        return NOTHING

    def lap_held(self, seen: bool, recording: bool) -> int:
        """LAP is held."""
        if not seen:
            return NOTHING
        if recording:
            self._page = PAGE_2 if self.view == PAGE_1 else PAGE_1
            self.view = self._page
            return NOTHING
        chosen = self.view == SPORT
        self.view = SYNC if self.view in (CLOCK, SUMMARY) else CLOCK
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
            self._leave_lap_s = now_s + _LAP_SHOWN_S
            return True
        if self.view == LAP and now_s >= self._leave_lap_s:
            self.view = self._page
        return False

    def darkened(self) -> None:
        """The display went dark: while idle the next look is at the clock, with the sport that was kept."""
        if not self._recording:
            self.view = CLOCK
            self.sport = self._kept_sport
            self.row = 0
