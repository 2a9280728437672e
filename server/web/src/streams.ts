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
  "power_w",
  "grade_percent",
] as const;

export type ColumnName = (typeof COLUMN_NAMES)[number];
export type Streams = { time_s: number[] } & Record<ColumnName, Column>;
export type SentStreams = { time_s: number[] } & { [name in ColumnName]?: Column };

/** Columns without a row. */
export function emptyStreams(): Streams {
  const columns = Object.fromEntries(COLUMN_NAMES.map(name => [name, []]));
  return { time_s: [], ...columns } as unknown as Streams;
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

/** Make `held`, in place, the rows of `base` with those of `detail` in place of the ones of the same stretch of time. */
export function merge(held: Streams, base: Streams, detail: SentStreams): void {
  const first = detail.time_s[0] ?? Number.POSITIVE_INFINITY;
  const last = detail.time_s.at(-1) ?? Number.NEGATIVE_INFINITY;
  const before = base.time_s.filter(time => time < first).length;
  const after = base.time_s.filter(time => time <= last).length;
  const joined = <T>(column: T[], sent: T[] | undefined, empty: T): T[] => [
    ...column.slice(0, before),
    ...(sent ?? detail.time_s.map(() => empty)),
    ...column.slice(Math.max(before, after)),
  ];
  for (const name of COLUMN_NAMES) held[name] = joined<number | null>(base[name], detail[name], null);
  held.time_s = joined(base.time_s, detail.time_s, 0);
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
