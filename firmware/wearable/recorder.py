"""The workout recorder: one sample a second into the journal, laps, pauses, totals, across resets.

With GPS a sample is made of each solution and stamped with its second. Without, the device's clock makes the seconds,
after the receiver has been silent for some, so that a late solution never finds its second taken by an empty sample.
"""

from paceline_protocol import records
from paceline_protocol.records import pack_fields

from . import totals
from .calendar import UNIX_2020_S
from .errors import Refused
from .journal.last_session import last_session
from .journal.writer import CHUNK_S

IDLE = 0
RECORDING = 1
PAUSED = 2

BY_BUTTON = 1
BY_COMMAND = 2

ALERT_OVERWRITTEN = 1

_GPS_PATIENCE_S = 5
_BACKLOG_S = 25
_SAVE_EVERY_S = 60
_FOLLOWED_CHUNK_S = 5


class Recorder:
    """The workout under way; `state` is IDLE, RECORDING or PAUSED, `session` the number of this workout or the last."""

    def __init__(self, journal, clock, kept) -> None:
        self._journal = journal
        self._clock = clock
        self._kept = kept
        self.state = IDLE
        self.session = 0
        self.sport = 0  # of this workout or the last
        self.user = 0  # slot, of this workout or the last
        self._started_t_s = 0
        self._last_t_s = 0
        self._gps_t_s = -_GPS_PATIENCE_S - 1
        self._saved_t_s = 0
        self._fix = 0  # of the last solution
        self._position = [0, 0, 0]  # latitude, longitude, altitude of the last fix
        self.totals = totals.Totals(0)
        self.heart_rate_bpm = 0
        self.heart_rate_confidence = 0
        self.cadence_spm = 0
        self._lost_told = 0

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
        self.totals.samples = max(last.samples, self.totals.samples) if last.samples == 0 else last.samples
        self.sport, self.user = last.sport, last.user
        self._started_t_s = self._last_t_s = self._clock.t_s()
        self.state = PAUSED if last.paused else RECORDING
        self._write_start(records.CONTINUED)

    def start(self, sport: int, user: int) -> int:
        """Begin a workout and return its number; Refused when one is under way."""
        if self.state != IDLE:
            raise Refused("a workout is under way")
        self.session = self.session % 0xFFFF + 1
        self.totals = totals.Totals(self.session)
        self.sport, self.user = sport, user
        self._started_t_s = self._last_t_s = self._clock.t_s()
        self._write_start(0)
        self.state = RECORDING
        self._save()
        return self.session

    def stop(self) -> int:
        """End the workout, write its totals and seal them; return its number."""
        self._need_workout()
        done = self.totals
        elapsed_s = self.elapsed_s()
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
            0,  # kilocalories: not computed
        )
        self._journal.append(records.SESSION_END, payload)
        done.elapsed_s = elapsed_s
        self.state = IDLE
        self._journal.seal()
        self._save()
        return self.session

    def lap(self, trigger: int) -> int:
        """Mark the end of a lap."""
        self._need_workout()
        payload = pack_fields(records.LAP, self._clock.t_s(), self.totals.lap, trigger)
        self._journal.append(records.LAP, payload)
        self.totals.lap += 1
        return self.session

    def pause(self, reason: int) -> int:
        """Stop taking samples; Refused when not recording."""
        if self.state != RECORDING:
            raise Refused("nothing is being recorded")
        self._journal.append(records.PAUSE, pack_fields(records.PAUSE, self._clock.t_s(), reason))
        self.state = PAUSED
        self._save()
        return self.session

    def resume(self, reason: int) -> int:
        """Take samples again; Refused when not paused."""
        if self.state != PAUSED:
            raise Refused("the workout is not paused")
        now = self._clock.t_s()
        self._journal.append(records.RESUME, pack_fields(records.RESUME, now, reason))
        self._last_t_s = max(now, self._last_t_s)
        self.state = RECORDING
        return self.session

    def solution(self, pvt) -> None:
        """Take a solution that was just read from the receiver: time for the clock, a sample for its second."""
        if not pvt.time_valid:
            return
        self._clock.gps(pvt.time_2020_s)
        self._gps_t_s = self._clock.t_s()
        self._fix = pvt.fix
        if pvt.fix:
            position = self._position
            position[0], position[1], position[2] = pvt.latitude_udeg, pvt.longitude_udeg, pvt.altitude_2dm
        self._sample(self._clock.gps_t_s(pvt.time_2020_s), pvt.fix, pvt.speed_cm_s if pvt.fix else 0)

    def tick(self) -> None:
        """Make the samples of the seconds that the receiver leaves out; to be called once a second or more often.

        The solutions that wait in the UART's buffer must have been taken before.
        """
        now = self._clock.t_s()
        if self.state != RECORDING or now - self._gps_t_s <= _GPS_PATIENCE_S:
            return
        for t_s in range(max(self._last_t_s + 1, now - _BACKLOG_S), now + 1):
            self._sample(t_s, 0, 0)

    def save_when_due(self, followed: bool) -> None:
        """Write what a power cut should not cost: an old chunk of samples, and the totals once a minute.

        While a gateway follows, chunks are closed earlier: about one byte more per sample, and samples arrive as news.
        """
        now = self._clock.t_s()
        self._journal.flush(now, _FOLLOWED_CHUNK_S if followed else CHUNK_S)
        if self.state != IDLE and now - self._saved_t_s >= _SAVE_EVERY_S:
            self._save()

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
        clock = self._clock
        if clock.source:
            now = clock.t_s()
            payload = pack_fields(records.CLOCK, now, clock.utc_2020_s() + UNIX_2020_S, clock.source)
            self._journal.append(records.CLOCK, payload)

    def _sample(self, t_s: int, fix: int, speed_cm_s: int) -> None:
        if self.state != RECORDING or t_s <= self._last_t_s:
            return
        latitude, longitude, altitude = self._position
        self._journal.append_sample(
            t_s,
            fix,
            latitude,
            longitude,
            altitude,
            speed_cm_s,
            self.heart_rate_bpm,
            self.heart_rate_confidence,
            self.cadence_spm,
        )
        self.totals.add(t_s - self._last_t_s, fix, altitude, speed_cm_s, self.heart_rate_bpm, self.cadence_spm)
        self._last_t_s = t_s

    def _head_of_page(self) -> None:
        self.write_clock()
        if self.state != IDLE:
            self._write_start(records.CONTINUED)
            if self.state == PAUSED:
                self._journal.append(records.PAUSE, pack_fields(records.PAUSE, self._clock.t_s(), 0))
        lost = self._journal.lost_pages
        if lost != self._lost_told:
            self._lost_told = lost
            payload = pack_fields(records.ALERT, self._clock.t_s(), ALERT_OVERWRITTEN, min(lost, 0xFFFF))
            self._journal.append(records.ALERT, payload)

    def _write_start(self, flags: int) -> None:
        now = max(self._clock.t_s(), self._last_t_s)
        clock = self._clock
        utc_s = clock.utc_2020_s() + UNIX_2020_S + now - clock.t_s() if clock.source else 0
        payload = pack_fields(records.SESSION_START, now, utc_s, self.session, self.sport, self.user, flags)
        self._journal.append(records.SESSION_START, payload)

    def _need_workout(self) -> None:
        if self.state == IDLE:
            raise Refused("no workout is under way")

    def _save(self) -> None:
        self._saved_t_s = self._clock.t_s()
        self._kept.save("session", self.totals.pack(self.elapsed_s()))
