// The rows of a workout that grows, and the few of them that are drawn: as the server thins a finished one
// (analysis/thinning.py), but run by run, so that a draw costs what is new, not what ten hours have brought.

import { rollingMean } from "./series.ts";
import { COLUMN_NAMES, type Column, emptyStreams, graft, type SentStreams, type Streams } from "./streams.ts";

export const MOST_ROWS = 2000;
const MEAN_S = 15;
const SHORTEST_GAP_S = 30;
const USUAL_STEPS = 5;
const SERIES = ["speed_m_s", "heart_rate_bpm", "altitude_m", "power_w", "cadence_spm"] as const;
const SMOOTHED = ["speed_m_s", "power_w"] as const;
const STAND = new Set<string>(["latitude_deg", "longitude_deg", "distance_m"]); // known in a gap as well
const MOST_RUNS = Math.floor(MOST_ROWS / (2 + 2 * SERIES.length));
const FIRST_RUN = 16;

export class LiveRows {
  #before = emptyStreams(); // drawn already: few rows for the first #first ones, which are not held
  #first = 0;
  #held = emptyStreams();
  #smooth = { speed_m_s: [] as Column, power_w: [] as Column };
  #changed = 0; // the first row that is new since the last draw
  #runs: number[][] = []; // the rows that stay of each whole run
  #length = FIRST_RUN;

  /** Begin with what the server thinned of the first `count` rows. */
  begin(drawn: SentStreams, count: number): void {
    graft(this.#before, drawn, 0);
    this.#first = count;
  }

  /** How many rows there are, with those that are only there as few. */
  get count(): number {
    return this.#first + this.#held.time_s.length;
  }

  /** Put rows in from `from_row` on; false when rows before them are missing, and then all are wanted anew. */
  take(sent: SentStreams, from_row: number): boolean {
    if (from_row < this.#first) {
      this.#first = 0;
      this.#before = emptyStreams();
      graft(this.#held, { time_s: [] }, 0);
      this.#changed = 0;
    }
    const row = from_row - this.#first;
    if (!graft(this.#held, sent, row)) return false;
    this.#changed = Math.min(this.#changed, row);
    return true;
  }

  /** Make `shown`, in place, what is drawn: smoothed, at most about MOST_ROWS, peaks kept, broken in long gaps. */
  draw(shown: Streams): void {
    const { time_s } = this.#held;
    const start = this.#smoothed();
    const usual_s = ((time_s.at(-1) ?? 0) - (time_s[0] ?? 0)) / Math.max(1, time_s.length);
    const gap_s = Math.max(SHORTEST_GAP_S, USUAL_STEPS * usual_s);
    const rows = time_s.length > MOST_ROWS ? this.#kept(start, gap_s) : time_s.map((_, row) => row);
    this.#changed = time_s.length;
    const begin_s = time_s[0] ?? Number.POSITIVE_INFINITY;
    graft(shown, this.#before, 0);
    graft(shown, { time_s: [] }, this.#before.time_s.filter(time => time < begin_s).length);
    const columns = { ...this.#held, ...this.#smooth };
    rows.forEach((row, at) => {
      const last = rows[at - 1];
      const now_s = time_s[row] as number;
      if (last === row - 1 && now_s - (time_s[last] as number) > gap_s) {
        shown.time_s.push((now_s + (time_s[last] as number)) / 2);
        for (const name of COLUMN_NAMES)
          shown[name].push(STAND.has(name) ? (columns[name][last] ?? null) : null);
      }
      shown.time_s.push(now_s);
      for (const name of COLUMN_NAMES) shown[name].push(columns[name][row] ?? null);
    });
  }

  /** Smooth what is new and what it reaches back to; return the first row of it. */
  #smoothed(): number {
    const { time_s } = this.#held;
    const back = (row: number): number => {
      const from_s = (time_s[row] ?? 0) - MEAN_S / 2;
      while (row > 0 && (time_s[row - 1] as number) >= from_s) row--;
      return row;
    };
    const start = back(Math.max(0, Math.min(this.#changed, time_s.length - 1)));
    const around = back(start);
    for (const name of SMOOTHED) {
      const means = rollingMean(time_s.slice(around), this.#held[name].slice(around), MEAN_S);
      this.#smooth[name].length = start;
      for (const mean of means.slice(start - around)) this.#smooth[name].push(mean);
    }
    return start;
  }

  /** The rows that stay, ascending; those of runs that end before `start` are known. */
  #kept(start: number, gap_s: number): number[] {
    const count = this.#held.time_s.length;
    if (Math.ceil(count / this.#length) > MOST_RUNS) {
      this.#runs = [];
      while (Math.ceil(count / this.#length) > MOST_RUNS) this.#length *= 2;
    }
    const length = this.#length;
    this.#runs.length = Math.min(this.#runs.length, Math.floor(Math.max(0, start - 1) / length));
    for (let from = this.#runs.length * length; from < count; from += length)
      this.#runs.push(this.#ofRun(from, Math.min(count, from + length), gap_s));
    return [...new Set([...this.#runs.flat(), count - 1])];
  }

  /** Of a run: its first row, lowest and highest of each series, the longest way round, and both sides of gaps. */
  #ofRun(from: number, to: number, gap_s: number): number[] {
    const { time_s, latitude_deg, longitude_deg } = this.#held;
    const found = new Set([from]);
    for (const name of SERIES) {
      const values = name === "speed_m_s" || name === "power_w" ? this.#smooth[name] : this.#held[name];
      found.add(peak(from, to, row => values[row] ?? null));
      found.add(peak(from, to, row => negative(values[row] ?? null)));
    }
    const shrink = Math.cos(((latitude_deg[from] ?? 0) * Math.PI) / 180);
    const way = (row: number, end: number): number =>
      Math.hypot(
        (latitude_deg[row] as number) - (latitude_deg[end] ?? 0),
        ((longitude_deg[row] as number) - (longitude_deg[end] ?? 0)) * shrink,
      );
    found.add(peak(from, to, row => (latitude_deg[row] == null ? null : way(row, from) + way(row, to - 1))));
    for (let row = from; row < to; row++) {
      if ((time_s[row + 1] ?? 0) - (time_s[row] as number) <= gap_s) continue;
      found.add(row);
      if (row + 1 < to) found.add(row + 1);
    }
    return [...found].sort((a, b) => a - b);
  }
}

const negative = (value: number | null): number | null => (value === null ? null : -value);

/** The first row with the highest value; the first of all where none is known. */
function peak(from: number, to: number, value: (row: number) => number | null): number {
  let best = Number.NEGATIVE_INFINITY;
  let found = from;
  for (let row = from; row < to; row++) {
    const now = value(row);
    if (now === null || now <= best) continue;
    best = now;
    found = row;
  }
  return found;
}
