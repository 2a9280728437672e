"""A FIT activity file (Garmin FIT protocol; Profile.xlsx 21), written in the order in which devices write."""

import numpy as np

from paceline_server.formats.fit.checksum import crc16
from paceline_server.formats.recording import Lap
from paceline_server.formats.writing import fit_messages as fit
from paceline_server.formats.writing.fit_messages import FitWriter, Message
from paceline_server.formats.writing.workout import Workout

SPORTS = {"running": 1, "cycling": 2, "swimming": 5, "walking": 11, "hiking": 17, "indoor": 4, "strength": 10}
SUB_SPORTS = {"strength": 20}
LAP_SWIMMING = 17
TRIGGERS = {"manual": 0, "time": 1, "distance": 2, "end": 7}
FOOT_SPORTS = frozenset({"running", "walking", "hiking"})
PROTOCOL, PROFILE = 0x20, 21_00


def write_fit(workout: Workout) -> bytes:
    """Return one session with its records, pauses, laps, lengths and sets.

    FIT stamps whole seconds: of rows within one second the first stays.
    """
    recording = workout.recording
    start = round(recording.start_utc_s)
    writer = FitWriter()
    writer.add(fit.FILE_ID, type=4, manufacturer=255, product=1, time_created=start)
    _timeline(writer, workout, start)
    end = start + round(recording.duration_s)
    for number, length in enumerate(recording.lengths):
        elapsed_s = length.end_s - length.start_s
        writer.add(
            fit.LENGTH, timestamp=start + length.end_s, message_index=number, event=28, event_type=1,
            start_time=start + length.start_s, total_elapsed_time=elapsed_s, total_timer_time=elapsed_s,
            total_strokes=length.strokes, length_type=1,
        )  # fmt: skip
    for number, one in enumerate(recording.sets):
        writer.add(
            fit.SET, timestamp=start + one.end_s, duration=one.end_s - one.start_s, repetitions=one.repetitions or None,
            set_type=1, start_time=start + one.start_s, message_index=number,
        )  # fmt: skip
    laps = recording.laps or (Lap(0.0, recording.duration_s, "end"),)
    for number, lap in enumerate(laps):
        _lap(writer, workout, lap, number, start)
    pool_m = recording.lengths[0].pool_m if recording.lengths else None
    writer.add(
        fit.SESSION, timestamp=end, message_index=0, event=8, event_type=1, start_time=start,
        sport=SPORTS.get(recording.sport, 0),
        sub_sport=LAP_SWIMMING if pool_m else SUB_SPORTS.get(recording.sport, 0),
        total_elapsed_time=recording.duration_s, total_timer_time=workout.timer_s,
        total_distance=float(workout.distance_m[-1]) if recording.points else 0.0,
        total_calories=workout.calories_kcal, avg_heart_rate=workout.heart_rate_avg_bpm,
        max_heart_rate=workout.heart_rate_max_bpm, total_ascent=workout.ascent_m, total_descent=workout.descent_m,
        first_lap_index=0, num_laps=len(laps), pool_length=pool_m,
    )  # fmt: skip
    away_s = recording.utc_offset_s
    writer.add(
        fit.ACTIVITY, timestamp=end, total_timer_time=workout.timer_s, num_sessions=1, type=0, event=26, event_type=1,
        local_timestamp=None if away_s is None else end + away_s,
    )  # fmt: skip
    body = writer.body()
    head = bytes([14, PROTOCOL]) + PROFILE.to_bytes(2, "little") + len(body).to_bytes(4, "little") + b".FIT"
    head += crc16(head).to_bytes(2, "little")
    return head + body + crc16(head + body).to_bytes(2, "little")


def _timeline(writer: FitWriter, workout: Workout, start: int) -> None:
    recording = workout.recording
    powered = not np.isnan(workout.power_w).all()
    message = fit.POWERED_RECORD if powered else fit.RECORD
    records = _records(workout, start, message)
    steps = [(0.0, 0), (recording.duration_s, 4)]  # timer: start, stop all
    for pause in recording.pauses:
        steps += [(pause.start_s, 4), (pause.end_s, 0)]
    steps.sort(key=lambda step: step[0])
    at = 0
    for time_s, event_type in steps:
        upto = int(
            np.searchsorted(
                records["timestamp"], start + round(time_s) - fit.EPOCH, "left" if event_type == 0 else "right"
            )
        )
        writer.add_rows(message, records[at:upto])
        at = max(at, upto)
        writer.add(fit.EVENT, timestamp=start + time_s, event=0, event_type=event_type)
    writer.add_rows(message, records[at:])


def _records(workout: Workout, start: int, message: Message) -> np.ndarray:
    recording = workout.recording
    columns = recording.columns
    seconds = np.rint(columns["time_s"]).astype(np.int64)
    _, first = np.unique(seconds, return_index=True)
    rows = fit.rows(message, len(first))
    rows["timestamp"] = seconds[first] + start - fit.EPOCH
    strides = columns["cadence_spm"] / (2 if recording.sport in FOOT_SPORTS else 1)
    values = {
        "position_lat": columns["latitude_deg"],
        "position_long": columns["longitude_deg"],
        "enhanced_altitude": columns["altitude_m"],
        "distance": workout.distance_m,
        "enhanced_speed": columns["speed_m_s"],
        "heart_rate": workout.sure_heart_rate_bpm,
        "cadence": np.floor(strides),
        "fractional_cadence": strides - np.floor(strides),
    }
    if message is fit.POWERED_RECORD:
        values["power"] = workout.power_w
    for name, column in values.items():
        fit.fill(rows, message, name, column[first])
    return rows


def _lap(writer: FitWriter, workout: Workout, lap: Lap, number: int, start: int) -> None:
    recording = workout.recording
    end_s = min(lap.end_s, recording.duration_s)
    paused_s = sum(max(0.0, min(pause.end_s, end_s) - max(pause.start_s, lap.start_s)) for pause in recording.pauses)
    ways = (
        np.interp([lap.start_s, end_s], recording.columns["time_s"], workout.distance_m) if recording.points else [0, 0]
    )
    writer.add(
        fit.LAP, timestamp=start + end_s, message_index=number, event=9, event_type=1, start_time=start + lap.start_s,
        total_elapsed_time=end_s - lap.start_s, total_timer_time=end_s - lap.start_s - paused_s,
        total_distance=float(ways[1] - ways[0]), lap_trigger=TRIGGERS.get(lap.trigger, 0),
    )  # fmt: skip
