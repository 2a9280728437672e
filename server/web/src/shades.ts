// The route in the colours of a value along it: which line has which class. Pure.

import { type Point, pointAt } from "./route.ts";
import type { Column, ColumnName, Streams } from "./streams.ts";

export interface Shading {
  key: string;
  column: ColumnName;
  bounds: number[];
}

/** The class of a value, 0 the lowest: how many bounds it has reached; null for what is not known. */
export function shadeOf(value: number | null, bounds: readonly number[]): number | null {
  return value === null ? null : bounds.filter(bound => value >= bound).length;
}

/**
 * The lines of each class, the last of those without a known value: each step has the class of the value at its end.
 * Neighbours share a point; a row without a place ends a line.
 */
export function shadedLines(streams: Streams, values: Column, bounds: readonly number[]): Point[][][] {
  const classes: Point[][][] = Array.from({ length: bounds.length + 2 }, () => []);
  let before: Point | null = null;
  let last = -1;
  for (let row = 0; row < streams.time_s.length; row++) {
    const point = pointAt(streams, row);
    if (point && before) {
      const shade = shadeOf(values[row] ?? null, bounds) ?? bounds.length + 1;
      const lines = classes[shade] as Point[][];
      if (shade === last) lines.at(-1)?.push(point);
      else lines.push([before, point]);
      last = shade;
    } else last = -1;
    before = point;
  }
  return classes;
}
