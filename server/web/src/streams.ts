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

/**
 * Put the sent rows in from row `from_row` on, in place: rows held from there on are replaced. A column not sent is null.
 * False, and nothing done, when rows between what is held and `from_row` are missing.
 */
export function graft(held: Streams, sent: SentStreams, from_row: number): boolean {
  if (from_row > held.time_s.length) return false;
  held.time_s.length = from_row;
  for (const time of sent.time_s) held.time_s.push(time);
  for (const name of COLUMN_NAMES) {
    const column = held[name];
    column.length = from_row;
    for (let row = 0; row < sent.time_s.length; row++) column.push(sent[name]?.[row] ?? null);
  }
  return true;
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
