// The route as lines on the ground: stretches with a fix, marks along the way, grid and scale steps.

import type { Stretch } from "./chart_marks.ts";
import { nearestRow, type Streams } from "./streams.ts";

export type Point = [latitude_deg: number, longitude_deg: number];

const METRES_PER_DEGREE = 111_195;

/** The position of a row, or null without a fix. */
export function pointAt(streams: Streams, row: number): Point | null {
  const latitude = streams.latitude_deg[row] ?? null;
  const longitude = streams.longitude_deg[row] ?? null;
  return latitude === null || longitude === null ? null : [latitude, longitude];
}

/** Lines of at least two points from one row to another, both included; a row without a fix ends a line. */
export function lines(streams: Streams, from = 0, to = streams.time_s.length - 1): Point[][] {
  const result: Point[][] = [];
  let line: Point[] = [];
  for (let row = from; row <= to + 1; row++) {
    const point = row <= to ? pointAt(streams, row) : null;
    if (point) line.push(point);
    else {
      if (line.length > 1) result.push(line);
      line = [];
    }
  }
  return result;
}

/** The first known position at or after a row (step 1) or at or before it (step -1). */
export function nearestFix(streams: Streams, row: number, step: 1 | -1): Point | null {
  for (let at = row; at >= 0 && at < streams.time_s.length; at += step) {
    const point = pointAt(streams, at);
    if (point) return point;
  }
  return null;
}

/** The first and the last row of a stretch. */
export function rowsBetween(streams: Streams, stretch: Stretch): [number, number] {
  let highest = 0;
  const metres = (): number[] => streams.distance_m.map(at => (highest = Math.max(highest, at ?? 0)));
  const along = stretch.unit === "s" ? streams.time_s : metres();
  return [nearestRow(along, stretch.from), nearestRow(along, stretch.to)];
}

/** The first and the last row with a position that is seen; null when none is. */
export function rowsWithin(streams: Streams, seen: (point: Point) => boolean): [number, number] | null {
  const isSeen = (row: number): boolean => {
    const point = pointAt(streams, row);
    return point !== null && seen(point);
  };
  const rows = streams.time_s.map((_, row) => row);
  const first = rows.find(isSeen);
  return first === undefined ? null : [first, rows.findLast(isSeen) ?? first];
}

/** Distance between marks, in metres, so that a route carries at most about a dozen. */
export function markStep(distance_m: number): number {
  return [1000, 2000, 5000, 10_000, 20_000, 50_000].find(step => distance_m / step <= 13) ?? 100_000;
}

/** Where each full step of distance was reached: the number of kilometres and the place. */
export function distanceMarks(streams: Streams, step_m: number): { kilometres: number; point: Point }[] {
  const marks: { kilometres: number; point: Point }[] = [];
  let next = step_m;
  streams.distance_m.forEach((metres, row) => {
    if (metres === null || metres < next) return;
    const point = pointAt(streams, row);
    if (point) marks.push({ kilometres: next / 1000, point });
    next = (Math.floor(metres / step_m) + 1) * step_m;
  });
  return marks;
}

/** The smallest of 1, 2, 5 × 10ⁿ that is not below the value. */
export function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find(factor => factor * power >= value * 0.999_999) ?? 10) * power;
}

/** Metres as a label: "200 m", "5 km". */
export function stepLabel(metres: number): string {
  return metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
}

/** Size of a square grid of `step_m` in degrees at a latitude. */
export function gridDegrees(step_m: number, latitude_deg: number): { latitude: number; longitude: number } {
  const latitude = step_m / METRES_PER_DEGREE;
  const shrink = Math.max(0.01, Math.cos((latitude_deg * Math.PI) / 180));
  return { latitude, longitude: latitude / shrink };
}
