// The columns of one activity as the server sends them: equal lengths, time ascending, null where nothing was measured.

export type Column = (number | null)[];

export const COLUMN_NAMES = [
  "latitude_deg",
  "longitude_deg",
  "altitude_m",
  "speed_m_s",
  "heart_rate_bpm",
  "cadence_spm",
  "distance_m",
] as const;

export type ColumnName = (typeof COLUMN_NAMES)[number];
export type Streams = { time_s: number[] } & Record<ColumnName, Column>;
export type SentStreams = { time_s: number[] } & { [name in ColumnName]?: Column };

/** Columns without a row. */
export function emptyStreams(): Streams {
  return {
    time_s: [],
    latitude_deg: [],
    longitude_deg: [],
    altitude_m: [],
    speed_m_s: [],
    heart_rate_bpm: [],
    cadence_spm: [],
    distance_m: [],
  };
}

/** Append the sent rows that are newer than what is held, in place; returns how many. A column not sent is null. */
export function append(held: Streams, sent: SentStreams): number {
  const last = held.time_s.at(-1) ?? Number.NEGATIVE_INFINITY;
  const from = sent.time_s.findIndex(time => time > last);
  if (from < 0) return 0;
  for (let row = from; row < sent.time_s.length; row++) {
    held.time_s.push(sent.time_s[row] as number);
    for (const name of COLUMN_NAMES) held[name].push(sent[name]?.[row] ?? null);
  }
  return sent.time_s.length - from;
}

/** Keep only the first rows, in place. */
export function cut(held: Streams, rows: number): void {
  held.time_s.length = Math.min(held.time_s.length, rows);
  for (const name of COLUMN_NAMES) held[name].length = held.time_s.length;
}

/** The row whose x is nearest; xs ascend (equal neighbours allowed) and are not empty. */
export function nearestRow(xs: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  return x - (xs[before] as number) < (xs[low] as number) - x ? before : low;
}
