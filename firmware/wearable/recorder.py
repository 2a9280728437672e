"""The workout recorder: one sample a second into the journal, laps, pauses, totals, across resets.

With GPS a sample is made of each solution and stamped with its second. Without, the device's clock makes the seconds,
after the receiver has been silent for some, so that a late solution never finds its second taken by an empty sample;
in a sport without GPS it makes them at once. What the sport makes of them: workout/ and docs/WORKOUTS.md.
"""

from paceline_protocol import records
from paceline_protocol.records import pack_fields

from . import totals
from .errors import Refused
from .journal.last_session import last_session
from .journal.writer import CHUNK_S
from .session_head import write_clock, write_pause, write_start
from .workout import sports
from .workout.auto_lap import begin_lap, lap_due
from .workout.auto_pause import BEGAN
from .workout.exercise import exercise_of
from .workout.figures import WorkoutFigures
from .workout.rules import Anybody, Rules

IDLE = 0
RECORDING = 1
PAUSED = 2

# Who asked for a lap, as in LAP_TRIGGERS; for a pause they are the same, but for the command.
BY_BUTTON = 1
BY_COMMAND = 4
BY_PLAN = 5

BY_ITSELF = 2  # of PAUSE_REASONS
_PAUSE_BY_COMMAND = 3

ALERT_OVERWRITTEN = 1

_GPS_PATIENCE_S = 5
_BACKLOG_S = 25
_SAVE_EVERY_S = 20
_LONGEST_STEP_S = 5
_BUSY_SPM = 255
_YEAR_S = 31_556_952
_FOLLOWED_CHUNK_S = 5


class Recorder(WorkoutFigures):
    """The workout under way; `state` is IDLE, RECORDING or PAUSED, `session` the number of this workout or the last.

    `users` (users.py) knows the wearers. While `auto_paused` the state is RECORDING: samples go on.
    """

    def __init__(self, journal, clock, kept, users=None) -> None:
        WorkoutFigures.__init__(self)
        self._journal = journal
        self._clock = clock
        self._kept = kept
        self._users = users
        self.state = IDLE
        self.session = 0
        self.user = 0  # slot, of this workout or the last
        self._started_t_s = 0
        self._last_t_s = 0
        self._gps_t_s = -_GPS_PATIENCE_S - 1
        self._saved_t_s = 0
        self._fix = 0  # of the last solution
        self._position = [0, 0, 0]  # latitude, longitude, altitude of the last fix
        self.height = None  # a PressureHeight where a barometer is fitted
        self.heart_rate_bpm = 0
        self.heart_rate_confidence = 0
        self.cadence_spm = 0
        self.speed_cm_s = 0  # of the last sample
        self._pause_reason = 0
        self._lost_told = 0
        self._rules = Rules(0, Anybody, 0, False)

    def boot(self, boot_count: int, cause: int, version: "tuple[int, int, int]") -> None:
        """Write the BOOT record and go on with a workout that a reset interrupted."""
        last = last_session(self._journal)
        kept = self._kept.load("session", totals.SIZE)
        restored = totals.unpack(kept) if kept else totals.Totals(0)
        self.session = max(last.number, restored.session if last.number == 0 else 0)
        self._journal.append(records.BOOT, pack_fields(records.BOOT, boot_count, cause & 0xFF, bytes(version)))
        self._journal.on_page = self._head_of_page
        self.write_clock()
        if not last.open:
            return
        self.totals = restored if restored.session == last.number else totals.Totals(last.number)
        # Totals are saved behind written samples only: what the journal has more came after the last time.
        unsaved = max(0, last.samples - self.totals.samples)
        self.totals.samples += unsaved
        self.totals.elapsed_s += unsaved
        self._pause_reason = last.pause_reason
        by_itself = last.paused and last.pause_reason == BY_ITSELF
        self._begin(last.sport, last.user, by_itself)
        self.state = PAUSED if last.paused and not by_itself else RECORDING
        self._write_start(records.CONTINUED)

    def start(self, sport: int, user: int) -> int:
        """Begin a workout and return its number; Refused when one is under way."""
        if self.state != IDLE:
            raise Refused("a workout is under way")
        self.session = self.session % 0xFFFF + 1
        self.totals = totals.Totals(self.session)
        self._begin(sport, user, False)
        self._write_start(0)
        self.state = RECORDING
        self._save()
        return self.session

    def stop(self) -> int:
        """End the workout, write its totals and seal them; return its number."""
        self._need_workout()
        done = self.totals
        elapsed_s = self.elapsed_s()
        if self.sport == sports.STRENGTH and not done.resting:
            self._end_set()
        payload = pack_fields(
            records.SESSION_END,
            max(self._clock.t_s(), self._last_t_s),
            done.session,
            done.samples,
            elapsed_s,
            done.moving_s,
            done.distance_cm // 100,
            min(done.ascent_2dm // 5, 0xFFFF),
            done.heart_rate_avg_bpm,
            done.heart_rate_max_bpm,
            min(done.kilocalories, 0xFFFF),
        )
        self._journal.append(records.SESSION_END, payload)
        done.elapsed_s = elapsed_s
        self.state = IDLE
        self._journal.seal()
        self._save()
        return self.session

    def lap(self, trigger: int) -> int:
        """Mark the end of a lap; in strength, of a set or of the rest behind it."""
        self._need_workout()
        if self.sport != sports.STRENGTH:
            self._end_lap(trigger)
        elif self.totals.resting:
            self.exercise.begin_set(self.elapsed_s())
        else:
            self._end_set()
        self._save()
        return self.session

    def pause(self, reason: int) -> int:
        """Stop taking samples, by whatever reason they were wanted; Refused when not recording."""
        if self.state != RECORDING:
            raise Refused("nothing is being recorded")
        self._pause_reason = min(reason, _PAUSE_BY_COMMAND)
        write_pause(self._journal, self._clock.t_s(), self._pause_reason)
        self._leave_auto_pause()
        self.state = PAUSED
        self._save()
        return self.session

    def resume(self, reason: int) -> int:
        """Take samples again, or end an auto-pause; Refused when not paused."""
        if self.state != PAUSED and not self.auto_paused:
            raise Refused("the workout is not paused")
        now = self._clock.t_s()
        self._write_resume(now, min(reason, _PAUSE_BY_COMMAND))
        self._leave_auto_pause()
        if self.state == PAUSED:
            self._last_t_s = max(now, self._last_t_s)
            self.state = RECORDING
        return self.session

    def move(self, x: int, y: int, z: int) -> None:
        """Take acceleration at 26 Hz, in LSB of 0.244 mg, for the sports that count by motion."""
        if self.state == RECORDING and self.exercise.move(x, y, z):
            self._journal.append(records.LENGTH, self.exercise.length(self._clock.t_s()))
            self._save()

    def solution(self, pvt) -> None:
        """Take a solution that was just read from the receiver: time for the clock, a sample for its second."""
        if not pvt.time_valid:
            return
        self._clock.gps(pvt.time_2020_s)
        self._gps_t_s = self._clock.t_s()
        self._fix = pvt.fix
        if self.state != IDLE and not self._rules.gps:
            return
        if pvt.fix:
            position = self._position
            position[0], position[1], position[2] = pvt.latitude_udeg, pvt.longitude_udeg, pvt.altitude_2dm
            if self.height and pvt.fix == 3:
                self.height.gps(pvt.altitude_2dm)
        self._sample(self._clock.gps_t_s(pvt.time_2020_s), pvt.fix, pvt.speed_cm_s if pvt.fix else 0)

    def tick(self) -> None:
        """Make the samples of the seconds that the receiver leaves out; to be called once a second or more often.

        The solutions that wait in the UART's buffer must have been taken before.
        """
        now = self._clock.t_s()
        if self.state != RECORDING or (self._rules.gps and now - self._gps_t_s <= _GPS_PATIENCE_S):
            return
        for t_s in range(max(self._last_t_s + 1, now - _BACKLOG_S), now + 1):
            self._sample(t_s, 0, 0)

    def save_when_due(self, followed: bool) -> None:
        """Write what a power cut should not cost: an old chunk of samples, and behind it the totals.

        While a gateway follows, chunks are closed earlier: about one byte more per sample, and samples arrive as news.
        """
        now = self._clock.t_s()
        self._journal.flush(now, _FOLLOWED_CHUNK_S if followed else CHUNK_S)
        self._save_written(now)

    def elapsed_s(self) -> int:
        """Return the seconds of this workout or the last, pauses included, time without power left out."""
        if self.state == IDLE:
            return self.totals.elapsed_s
        return self.totals.elapsed_s + max(self._clock.t_s(), self._last_t_s) - self._started_t_s

    @property
    def fix(self) -> int:
        """The fix of the latest solution, 0 when the receiver has been silent since."""
        return self._fix if self._clock.t_s() - self._gps_t_s <= _GPS_PATIENCE_S else 0

    @property
    def altitude_2dm(self) -> int:
        """The altitude of the last fix."""
        return self._position[2]

    def write_clock(self) -> None:
        """Write the anchor as a CLOCK record, if there is one."""
        write_clock(self._journal, self._clock)

    def _begin(self, sport: int, user: int, auto_paused: bool) -> None:
        self.sport, self.user = sport, user
        self._started_t_s = self._last_t_s = self._clock.t_s()
        wearer = self._users.user(user) if self._users else Anybody
        year = 2020 + self._clock.utc_2020_s() // _YEAR_S
        age = year - wearer.birth_year if wearer.birth_year and self._clock.source else 0
        self._rules = Rules(sport, wearer, max(0, age), auto_paused)
        self.totals.moving_cm_s = max(self.totals.moving_cm_s, self._rules.still_cm_s)
        self.totals.paused = auto_paused
        self.exercise = exercise_of(sport, wearer.pool_cm, self.totals)

    def _sample(self, t_s: int, fix: int, speed_cm_s: int) -> None:
        if self.state != RECORDING or t_s <= self._last_t_s:
            return
        latitude, longitude, altitude = self._position
        climb = altitude
        if self.height and self.height.known:
            climb, altitude = self.height.climb_2dm, self.height.altitude_2dm
        exercise = self.exercise
        cadence_spm = exercise.spm if exercise.counts else self.cadence_spm
        self.speed_cm_s = speed_cm_s
        self._journal.append_sample(
            t_s,
            fix,
            latitude,
            longitude,
            altitude,
            speed_cm_s,
            self.heart_rate_bpm,
            self.heart_rate_confidence,
            cadence_spm,
        )
        step_s = t_s - self._last_t_s
        self._last_t_s = t_s
        now = self.totals
        if exercise.counts:
            cadence_spm = _BUSY_SPM if exercise.busy else 0
        now.add(step_s, fix, climb, speed_cm_s, self.heart_rate_bpm, cadence_spm)
        self._judge(t_s, step_s, fix, cadence_spm)
        self._save_written(t_s)

    def _judge(self, t_s: int, step_s: int, fix: int, cadence_spm: int) -> None:
        # What the rules make of the sample that was just counted.
        now = self.totals
        rules = self._rules
        speed_cm_s = self.speed_cm_s
        step_s = min(step_s, _LONGEST_STEP_S)
        rules.burn(now, step_s, self.exercise.busy, fix, speed_cm_s, self.heart_rate_bpm, self.heart_rate_confidence)
        if rules.auto_pause:
            change = rules.auto_pause.second(t_s, fix, speed_cm_s, cadence_spm)
            if change:
                self._pause_by_itself(change == BEGAN, rules.auto_pause.second_s - 1, t_s)
        trigger = lap_due(now, rules.lap_m, rules.lap_s)
        if trigger:
            self._end_lap(trigger)

    def _pause_by_itself(self, begins: bool, since_t_s: int, t_s: int) -> None:
        # Found out some seconds later: PAUSE and RESUME name the second before the first still or moving one.
        if begins:
            self._pause_reason = BY_ITSELF
            write_pause(self._journal, since_t_s, BY_ITSELF)
        else:
            self._write_resume(since_t_s, BY_ITSELF)
            self.totals.moving_s += t_s - since_t_s
        self.totals.paused = begins
        self._save()

    def _leave_auto_pause(self) -> None:
        self.totals.paused = False
        if self._rules.auto_pause:
            self._rules.auto_pause.leave()

    def _write_resume(self, t_s: int, reason: int) -> None:
        self._journal.append(records.RESUME, pack_fields(records.RESUME, t_s, reason))

    def _end_lap(self, trigger: int) -> None:
        payload = pack_fields(records.LAP, max(self._clock.t_s(), self._last_t_s), self.totals.lap, trigger)
        self._journal.append(records.LAP, payload)
        begin_lap(self.totals, self._rules.lap_m, trigger)

    def _end_set(self) -> None:
        payload = self.exercise.end_set(self._clock.t_s(), self.elapsed_s())
        self._journal.append(records.SET, payload)

    def _head_of_page(self) -> None:
        self.write_clock()
        if self.state != IDLE:
            self._write_start(records.CONTINUED)
            if self.state == PAUSED or self.auto_paused:
                write_pause(self._journal, self._clock.t_s(), self._pause_reason)
        lost = self._journal.lost_pages
        if lost != self._lost_told:
            self._lost_told = lost
            payload = pack_fields(records.ALERT, self._clock.t_s(), ALERT_OVERWRITTEN, min(lost, 0xFFFF))
            self._journal.append(records.ALERT, payload)

    def _write_start(self, flags: int) -> None:
        now = max(self._clock.t_s(), self._last_t_s)
        write_start(self._journal, self._clock, now, self.session, self.sport, self.user, flags)

    def _need_workout(self) -> None:
        if self.state == IDLE:
            raise Refused("no workout is under way")

    def _save_written(self, now: int) -> None:
        # Totals of just the samples that are written: after a power cut they fit the journal.
        if self.state != IDLE and now - self._saved_t_s >= _SAVE_EVERY_S and not self._journal.pending:
            self._save()

    def _save(self) -> None:
        self._saved_t_s = self._clock.t_s()
        self._kept.save("session", self.totals.pack(self.elapsed_s()))
