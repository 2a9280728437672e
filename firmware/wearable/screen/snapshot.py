"""Everything that a screen shows, in plain numbers, read from the parts of the wearable in one place."""

from ..calendar import DAY_S, date_of

UNKNOWN = -1
NO_ALTITUDE = -10_000

ALONE, CONNECTED, TRUSTED = 0, 1, 2  # Snapshot.link: nobody, somebody, a gateway that has proved itself

_QUARTER_S = 900


class Snapshot:
    """One moment of the wearable with this id; a number is UNKNOWN, a heart rate 0, where there is none."""

    def __init__(self, device_id: bytes) -> None:
        self.device_id = device_id
        self.claim_code = bytearray()  # from when it is shown
        self.minute_of_day = UNKNOWN
        self.year = self.month = self.day = self.weekday = 0  # weekday 0 is Monday
        self._days = UNKNOWN
        self.state = 0
        self.sport = 0  # of the workout
        self.chosen_sport = 0
        self.row = 0  # of the settings
        self.elapsed_s = self.moving_s = self.distance_m = self.ascent_m = self.speed_cm_s = 0
        self.altitude_m = NO_ALTITUDE
        self.fix = 0
        self.heart_rate_bpm = self.heart_rate_avg_bpm = self.heart_rate_max_bpm = self.zone = 0
        self.heart_rate_confidence = self.cadence_spm = 0
        self.lap = 1
        self.lap_elapsed_s = self.lap_distance_m = self.done_elapsed_s = self.done_distance_m = 0
        self.battery_percent = UNKNOWN
        self.link = ALONE
        self.held_bytes = self.backlog_bytes = 0
        self.brightness = self.always_on = self.zone_quarters = self.highest_bpm = 0
        self.hours_left = UNKNOWN
        self.steps_today = 0
        self.user = 0  # slot
        self.user_name = b""
        self.many_users = False
        self.auto_paused = False
        self.kilocalories = 0
        self.lengths = self.length_s = self.sets = self.rest_s = self.repetitions = 0
        self.resting = False
        self.plan = None  # workout/plan.py
        self.goals = None  # workout/goals.py
        self.notice = None  # notices.py

    def date(self, days: int) -> None:
        """Set year, month, day and weekday from days since 2020-01-01; the heap is used when the day is another."""
        if days != self._days:
            self._days = days
            self.year, self.month, self.day = date_of(days)
            self.weekday = (days + 2) % 7  # 2020-01-01 was a Wednesday


def snapshot(into: Snapshot, parts, link: int, settings) -> None:
    """Read recorder, clock, battery, journal and coach, the `parts`, into a snapshot; nothing else is changed."""
    recorder, clock, battery, journal, coach = parts
    users = settings.users
    utc = clock.utc_2020_s()
    if utc:
        local = utc + users.zone_quarters * _QUARTER_S
        into.minute_of_day = local % DAY_S // 60
        into.date(local // DAY_S)
    _workout(into, recorder, coach.progress)
    _exercise(into, recorder)
    into.zone, into.steps_today = coach.zone, coach.steps_today
    into.plan, into.goals = coach.plan, coach.goals
    into.battery_percent = battery.percent if battery.millivolt else UNKNOWN
    into.hours_left = battery.hours_left
    into.link = link
    into.held_bytes = journal.end - journal.start
    into.backlog_bytes = journal.end - max(journal.confirmed, journal.start)
    into.brightness, into.always_on = settings.brightness, settings.always_on
    into.zone_quarters, into.highest_bpm = users.zone_quarters, settings.max_heart_rate_bpm
    user = users.current
    into.user, into.user_name, into.many_users = user.slot, user.name, users.many


def _workout(into: Snapshot, recorder, progress) -> None:
    totals = recorder.totals
    into.state, into.sport, into.fix = recorder.state, recorder.sport, recorder.fix
    into.elapsed_s = recorder.elapsed_s()
    into.moving_s, into.distance_m, into.ascent_m = totals.moving_s, totals.distance_cm // 100, totals.ascent_2dm // 5
    into.altitude_m = recorder.altitude_2dm // 5 if recorder.fix else NO_ALTITUDE
    into.heart_rate_bpm, into.heart_rate_confidence = recorder.heart_rate_bpm, recorder.heart_rate_confidence
    into.heart_rate_avg_bpm, into.heart_rate_max_bpm = totals.heart_rate_avg_bpm, totals.heart_rate_max_bpm
    into.cadence_spm = recorder.cadence_spm
    into.speed_cm_s = progress.speed_cm_s
    into.lap, into.lap_elapsed_s = progress.lap, progress.lap_elapsed_s
    into.lap_distance_m = progress.lap_distance_cm // 100
    into.done_elapsed_s, into.done_distance_m = progress.done_elapsed_s, progress.done_distance_cm // 100


def _exercise(into: Snapshot, recorder) -> None:
    into.auto_paused, into.kilocalories = recorder.auto_paused, recorder.kilocalories
    into.lengths, into.length_s = recorder.lengths, recorder.length_s
    into.sets, into.repetitions = recorder.sets, recorder.repetitions
    into.resting, into.rest_s = recorder.resting, recorder.rest_s
