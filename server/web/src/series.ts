// What the charts show: columns smoothed, thinned, and broken where the recording stood still.

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

const SPEED_SMOOTHING_S = 15;
const HEART_SMOOTHING_S = 5;
const BREAK_S = 30;

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

function meanOf(values: Column, from: number, to: number): number | null {
  let sum = 0;
  let known = 0;
  for (let row = from; row < to; row++) {
    const value = values[row] ?? null;
    if (value !== null) {
      sum += value;
      known++;
    }
  }
  return known === 0 ? null : sum / known;
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

/** Rows that the server made ready to draw: smoothed, thinned with their peaks kept, broken in long gaps. */
export function readyRows(streams: Streams, axis: Axis): ChartRows {
  const { speed_m_s, heart_rate_bpm, altitude_m, power_w } = streams;
  const row = streams.time_s.map((_, index) => index);
  return { x: axisOf(streams, axis), row, speed_m_s, heart_rate_bpm, altitude_m, power_w };
}

/** The rows to draw, at most about `limit`: means of equal runs of rows, with an empty row in each long standstill. */
export function chartRows(streams: Streams, axis: Axis, limit: number): ChartRows {
  const xs = axisOf(streams, axis);
  const { time_s } = streams;
  const columns = {
    speed_m_s: rollingMean(time_s, streams.speed_m_s, SPEED_SMOOTHING_S),
    heart_rate_bpm: rollingMean(time_s, streams.heart_rate_bpm, HEART_SMOOTHING_S),
    altitude_m: streams.altitude_m,
    power_w: rollingMean(time_s, streams.power_w, SPEED_SMOOTHING_S),
  };
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const stride = Math.max(1, Math.ceil(xs.length / limit));
  const rows: ChartRows = { x: [], row: [], speed_m_s: [], heart_rate_bpm: [], altitude_m: [], power_w: [] };
  const put = (x: number, row: number, value: (column: Column) => number | null): void => {
    rows.x.push(x);
    rows.row.push(row);
    for (const name of names) rows[name].push(value(columns[name]));
  };
  for (let from = 0; from < xs.length; from += stride) {
    const to = Math.min(xs.length, from + stride);
    const row = (from + to - 1) >> 1;
    const before = from === 0 ? 0 : from - 1;
    if ((time_s[from] as number) - (time_s[before] as number) > BREAK_S) {
      put(((xs[before] as number) + (xs[from] as number)) / 2, before, () => null);
    }
    put(xs[row] as number, row, column => meanOf(column, from, to));
  }
  return rows;
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
