// A workout under way: what its buttons and sensors do to it. Pure; times are given, what it becomes is kept by others.

import { type Point, type Recording, newId } from "../phone/kept.ts";
import { type Fix, Track } from "./track.ts";

const BEAT_FRESH_MS = 5_000;
const FIX_FRESH_MS = 2_500;
const MS_OFF = 10_000; // a receiver's time that is farther off than this is not believed

export class Workout {
  kept: Recording;
  readonly track: Track;
  #fix_ms = 0;
  #row_ms: number;
  #beat: { bpm: number; at_ms: number } | null = null;

  /** Begin one, or go on with one that was kept when the page was closed, at `now_ms`. */
  constructor(kept: Recording, now_ms: number) {
    this.kept = kept;
    this.track = new Track(kept.distance_m);
    this.#row_ms = kept.points ? now_ms : kept.started_ms - 1;
  }

  static begin(owner_id: string, owner: string, sport: string, now_ms: number): Workout {
    const fresh = { points: 0, distance_m: 0, laps: [], pauses: [], paused_at_s: null, ended_s: null };
    const said = { title: "", notes: "", state: "recording" as const };
    return new Workout(
      { id: newId(now_ms), owner_id, owner, sport, started_ms: now_ms, ...fresh, ...said },
      now_ms,
    );
  }

  /** Seconds since the start; those of the pauses left out. */
  elapsed_s(now_ms: number): number {
    return Math.max(0, now_ms - this.kept.started_ms) / 1000;
  }

  timer_s(now_ms: number): number {
    const { paused_at_s, pauses } = this.kept;
    const paused_s = pauses.reduce((sum, one) => sum + one.end_s - one.start_s, 0);
    return (paused_at_s ?? this.elapsed_s(now_ms)) - paused_s;
  }

  bpm(now_ms: number): number | null {
    return this.#beat && now_ms - this.#beat.at_ms <= BEAT_FRESH_MS ? this.#beat.bpm : null;
  }

  /** Take a fix; return the point to keep, null when it is none. */
  fix(fix: Fix, now_ms: number): Point | null {
    const at_ms = Math.abs(fix.at_ms - now_ms) > MS_OFF ? now_ms : fix.at_ms;
    if (this.kept.state !== "recording" || at_ms <= this.#row_ms || !this.track.take({ ...fix, at_ms }))
      return null;
    this.#fix_ms = now_ms;
    const point: Point = this.#point(at_ms, now_ms);
    point.lat = rounded(fix.lat, 7);
    point.lng = rounded(fix.lng, 7);
    if (fix.altitude_m !== null) point.altitude = rounded(fix.altitude_m, 1);
    if (fix.speed_m_s !== null && fix.speed_m_s >= 0) point.speed = rounded(fix.speed_m_s, 2);
    this.kept = { ...this.kept, points: this.kept.points + 1, distance_m: this.track.distance_m };
    return point;
  }

  /** Take a heart rate; it goes with the next fix, or by itself where there are none. */
  beat(bpm: number, now_ms: number): void {
    this.#beat = { bpm, at_ms: now_ms };
  }

  /** A second passes: return a point of the heart rate alone where no fix brings it. */
  tick(now_ms: number): Point | null {
    const alone = this.bpm(now_ms) !== null && now_ms - this.#fix_ms > FIX_FRESH_MS && now_ms > this.#row_ms;
    if (this.kept.state !== "recording" || !alone) return null;
    this.kept = { ...this.kept, points: this.kept.points + 1 };
    return this.#point(now_ms, now_ms);
  }

  pause(now_ms: number): void {
    if (this.kept.state !== "recording") return;
    this.kept = { ...this.kept, state: "paused", paused_at_s: rounded(this.elapsed_s(now_ms), 3) };
  }

  resume(now_ms: number): void {
    if (this.kept.state !== "paused") return;
    this.track.lift();
    this.kept = { ...this.kept, state: "recording", ...this.#pausesUntil(now_ms) };
  }

  lap(now_ms: number): void {
    const start_s = this.kept.laps.at(-1)?.end_s ?? 0;
    const end_s = rounded(this.elapsed_s(now_ms), 3);
    if (this.kept.state === "recording")
      this.kept = { ...this.kept, laps: [...this.kept.laps, { start_s, end_s }] };
  }

  /** End it; a pause in which it ends is no part of it. The last lap is what was behind the last press. */
  end(now_ms: number): void {
    const ended_s = this.kept.paused_at_s ?? rounded(this.elapsed_s(now_ms), 3);
    const start_s = this.kept.laps.at(-1)?.end_s;
    const laps = start_s === undefined ? [] : [...this.kept.laps, { start_s, end_s: ended_s }];
    this.kept = { ...this.kept, state: "ended", ended_s, laps, paused_at_s: null };
  }

  #pausesUntil(now_ms: number): Pick<Recording, "pauses" | "paused_at_s"> {
    const start_s = this.kept.paused_at_s ?? this.elapsed_s(now_ms);
    const pause = { start_s, end_s: rounded(this.elapsed_s(now_ms), 3) };
    return { pauses: [...this.kept.pauses, pause], paused_at_s: null };
  }

  #point(at_ms: number, now_ms: number): Point {
    this.#row_ms = at_ms;
    const bpm = this.bpm(now_ms);
    const time = rounded((at_ms - this.kept.started_ms) / 1000, 3);
    return bpm === null ? { time } : { time, heart_rate: bpm };
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
