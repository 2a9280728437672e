// What the charts show: the columns along an axis, in the reader's units.

import type { Column, Streams } from "./streams.ts";
import { UNITS } from "./format.ts";

export type Axis = "distance" | "time";

/** One row per point of the charts; `row` is the row of the streams it stands for. */
export interface ChartRows {
  x: number[];
  row: number[];
  speed_m_s: Column;
  heart_rate_bpm: Column;
  altitude_m: Column;
  power_w: Column;
}

/** Mean over the rows within ± half the window around each row, nulls left out; null where the row itself is null. */
export function rollingMean(time_s: readonly number[], values: Column, window_s: number): Column {
  const result: Column = [];
  let sum = 0;
  let known = 0;
  let first = 0;
  let next = 0;
  for (let row = 0; row < values.length; row++) {
    const now = time_s[row] as number;
    for (; next < values.length && (time_s[next] as number) <= now + window_s / 2; next++) {
      const value = values[next] ?? null;
      if (value !== null) {
        sum += value;
        known++;
      }
    }
    for (; (time_s[first] as number) < now - window_s / 2; first++) {
      const value = values[first] ?? null;
      if (value !== null) {
        sum -= value;
        known--;
      }
    }
    result.push((values[row] ?? null) === null || known === 0 ? null : sum / known);
  }
  return result;
}

/** x of each row: seconds since the start, or kilometres or miles (never falling, a missing distance repeats the one before). */
export function axisOf(streams: Streams, axis: Axis): number[] {
  if (axis === "time") return streams.time_s.map(time => time - (streams.time_s[0] as number));
  let highest = 0;
  return streams.distance_m.map(metres => {
    highest = Math.max(highest, metres ?? 0);
    return highest / UNITS.distance.si;
  });
}

/** Rows that are ready to draw: smoothed, thinned with their peaks kept, broken in long gaps. */
export function rowsOf(streams: Streams, axis: Axis): ChartRows {
  const { speed_m_s, heart_rate_bpm, altitude_m, power_w } = streams;
  const row = streams.time_s.map((_, index) => index);
  return { x: axisOf(streams, axis), row, speed_m_s, heart_rate_bpm, altitude_m, power_w };
}

/** Values as the chart draws them: seconds per distance for a pace (standstill is null), km/h or mph for a speed. */
export function rateColumn(speed_m_s: Column, sport: string): Column {
  if (sport === "cycling" || sport === "other" || sport === "indoor") {
    return speed_m_s.map(speed => (speed === null ? null : speed / UNITS.speed.si));
  }
  const per = (sport === "swimming" ? UNITS.pool : UNITS.pace).si;
  const slowest_m_s = sport === "swimming" ? 0.2 : 0.6;
  return speed_m_s.map(speed => (speed === null || speed < slowest_m_s ? null : per / speed));
}

/** Lowest and highest of the middle 98 % of the values, so that one stray value does not flatten the curve. */
export function middleRange(values: Column): [number, number] | null {
  const known = values.filter((value): value is number => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const cut = Math.floor(known.length / 100);
  return [known[cut] as number, known[known.length - 1 - cut] as number];
}
