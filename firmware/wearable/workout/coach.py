"""What the wearer is told in a workout, once a second: zones, plan, goals, rests; by the motor, a LAP, an ALERT.

It looks at the recorder and tells `alerts`; the screen reads `plan`, `goals` and `zones_bpm` from here.
"""

import struct

from paceline_protocol.code_tables import ALERTS
from paceline_protocol.wrist_plan import check, plan_for, step_at

from .. import alerts
from ..screen.progress import Progress
from . import plan as plans
from .goals import Goals
from .zones import LOWEST_CONFIDENCE, Watch, highest_of, zone_of, zones_of

KIND = 2  # of the plan's blob
GOAL_REACHED = ALERTS.index("goal reached")

_NAME = "plan"
_FORMAT = "<HHBB"  # session, version of the blob, step, round
_SIZE = 6
_BY_PLAN = 5  # LAP_TRIGGERS
_RECORDING = 1
_SLACK_BPM = 2
_REST_S = 60


class Coach:
    """`plan` is the one that is followed or None, `zone` that of the heart rate, `zones_bpm` those of the wearer.

    `progress` that of screen/progress.py. `parts` are recorder, users, blobs, kept, alerts; `tell(code, value)` writes
    an ALERT.
    """

    def __init__(self, parts, journal, clock, settings, tell) -> None:
        self._recorder, self._users, self._blobs, self._kept, self._alerts = parts
        self._journal = journal
        self._clock = clock
        self._settings = settings
        self._tell = tell
        self.progress = Progress()
        self.plan = None
        self.goals = Goals(self._users, self._kept, journal.epoch)
        self.zone = 0
        self.zones_bpm = zones_of(bytes(5), 190)
        self.steps_today = 0
        self._highest_bpm = 0
        self._user = None  # whose zones and goals are read
        self._state = 0
        self._lap = 0
        self._auto_paused = False
        self._marked = False
        self._end = 0  # of the journal, when the workout was last seen
        self._plan_version = 0
        self._last_t_s = -1
        self._zone_watch = Watch()
        self._target_watch = Watch()
        self._figures = [0, 0, 0, 0]

    def marked(self) -> None:
        """The LAP button ended a lap or a set, and so the step of a plan."""
        self._marked = True
        if self.plan:
            self._begin_next(self.plan)

    def second(self) -> None:
        """Look at the workout, once in a second; to be called as often or more, behind the recorder's tick()."""
        now_s = self._clock.t_s()
        passed_s, self._last_t_s = now_s - self._last_t_s, now_s
        if passed_s == 0:
            return
        recorder = self._recorder
        totals = recorder.totals
        if recorder.state:
            self.progress.follow(totals.session, recorder.elapsed_s(), totals.distance_cm, totals.lap)
        self._follow_user()
        sure = recorder.heart_rate_confidence >= LOWEST_CONFIDENCE
        self.zone = zone_of(recorder.heart_rate_bpm, self.zones_bpm)
        figures = self._figures
        figures[0], figures[1] = totals.distance_cm // 100, totals.moving_s
        figures[2], figures[3] = recorder.kilocalories, totals.ascent_2dm // 5
        if recorder.state != self._state:
            self._change_state(recorder.state)
        if recorder.state == _RECORDING:
            self._end = self._journal.end
            self._look(recorder, passed_s, recorder.heart_rate_bpm if sure else 0)
        now = self._clock.utc_2020_s()
        counts = recorder.state != 0 and recorder.user == self._users.current.slot
        reached = self.goals.second(now, counts, recorder.sport, figures, self.steps_today)
        if reached >= 0:
            self._tell(GOAL_REACHED, reached)
            self._alerts.buzz(alerts.GOAL)

    def _look(self, recorder, passed_s: int, bpm: int) -> None:
        lap = recorder.totals.lap
        if lap != self._lap:
            self._lap = lap
            if not self._marked:
                self._alerts.buzz(alerts.LAP)
        self._marked = False
        if recorder.auto_paused != self._auto_paused:
            self._auto_paused = recorder.auto_paused
            self._alerts.buzz(alerts.PAUSE)
        if self._auto_paused:
            return
        user, plan = self._users.current, self.plan
        if user.zone_low and not (plan and plan.target):
            zones = self.zones_bpm
            self._warn(self._zone_watch, bpm, zones[user.zone_low - 1], highest_of(user.zone_high, zones), _SLACK_BPM)
        if plan:
            self._follow_plan(plan, recorder, passed_s, bpm)
        elif recorder.resting and recorder.rest_s and recorder.rest_s % _REST_S == 0:
            self._alerts.buzz(alerts.REST)

    def _follow_plan(self, plan, recorder, passed_s: int, bpm: int) -> None:
        if plan.second(passed_s, self._figures[0], recorder.repetitions):
            recorder.lap(_BY_PLAN)
            self._lap = recorder.totals.lap
            self._alerts.buzz(alerts.STEP)
            self._begin_next(plan)
        elif plan.target == plans.ZONE:
            zones = self.zones_bpm
            self._warn(self._target_watch, bpm, zones[plan.low - 1], highest_of(plan.high, zones), _SLACK_BPM)
        elif plan.target == plans.HEART_RATE:
            self._warn(self._target_watch, bpm, plan.low, plan.high, _SLACK_BPM)
        elif plan.target == plans.PACE:
            speed = self.progress.speed_cm_s if recorder.fix else 0
            self._warn(self._target_watch, speed, 100_000 // plan.high, 100_000 // plan.low, 0)

    def _warn(self, watch: Watch, value: int, low: int, high: int, slack: int) -> None:
        side = watch.second(value, low, high, slack)
        if side:
            self._alerts.buzz(alerts.TOO_LOW if side < 0 else alerts.TOO_HIGH)

    def _begin_next(self, plan) -> None:
        plan.next(self._figures[0])
        self._target_watch.restart()
        self._zone_watch.restart()
        if plan.done:
            self.plan = None
        self._keep(plan)

    def _change_state(self, state: int) -> None:
        recorder = self._recorder
        before, self._state = self._state, state
        if state == 0:
            self.plan = None
            self.goals.end(self._end, recorder.user, recorder.sport, self._figures)
            self.goals.begin()
        elif before == 0:
            self._lap = recorder.totals.lap
            self._auto_paused = False
            self._zone_watch.restart()
            self._target_watch.restart()
            self._end = self._journal.end
            self._open_plan()

    def _open_plan(self) -> None:
        # A workout keeps its plan when a new blob comes; after a reset only the same one goes on.
        recorder = self._recorder
        version, data = self._blobs.get(KIND) or (0, b"")
        at = 0 if check(data) else plan_for(data, recorder.user, recorder.sport)
        if not at:
            return
        kept = self._kept.load(_NAME, _SIZE)
        session, kept_version, step, round_ = struct.unpack(_FORMAT, kept or bytes(_SIZE))
        goes_on = kept and session == recorder.session and recorder.totals.samples
        if goes_on and kept_version != version & 0xFFFF:
            return
        plan = plans.Plan(data[at : step_at(at, data[at + 2])])
        self._plan_version = version & 0xFFFF
        if goes_on:
            plan.begin(step, round_, self._figures[0])
        if not plan.done:
            self.plan = plan
            if not goes_on:
                self._keep(plan)

    def _keep(self, plan) -> None:
        self._kept.save(_NAME, struct.pack(_FORMAT, self._recorder.session, self._plan_version, plan.step, plan.round))

    def _follow_user(self) -> None:
        user = self._users.current
        highest_bpm = user.max_heart_rate_bpm or self._settings.max_heart_rate_bpm
        if user is self._user and highest_bpm == self._highest_bpm:
            return
        self._highest_bpm = highest_bpm
        self.zones_bpm = zones_of(user.zones_bpm, highest_bpm)
        if user is not self._user:
            self._user = user
            self.goals.begin()
