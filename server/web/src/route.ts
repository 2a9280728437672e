// The route as lines on the ground: stretches with a fix, marks along the way, grid and scale steps.

import type { Stretch } from "./chart_marks.ts";
import { UNITS } from "./format.ts";
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
  const far = distance_m / UNITS.distance.si;
  return UNITS.distance.si * ([1, 2, 5, 10, 20, 50].find(step => far / step <= 13) ?? 100);
}

/** Where each full step of distance was reached: how many kilometres or miles, and the place. */
export function distanceMarks(streams: Streams, step_m: number): { far: number; point: Point }[] {
  const marks: { far: number; point: Point }[] = [];
  let next = step_m;
  streams.distance_m.forEach((metres, row) => {
    if (metres === null || metres < next) return;
    const point = pointAt(streams, row);
    if (point) marks.push({ far: Math.round(next / UNITS.distance.si), point });
    next = (Math.floor(metres / step_m) + 1) * step_m;
  });
  return marks;
}

/** The smallest of 1, 2, 5 × 10ⁿ metres and kilometres, or feet and miles, that is not below so many metres. */
export function niceStep(metres: number): number {
  const { si } = metres > UNITS.distance.si / 2 ? UNITS.distance : UNITS.height;
  const value = metres / si;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find(factor => factor * power >= value * 0.999_999) ?? 10) * power * si;
}

/** Metres of a step as a label: "200 m", "5 km", "500 ft". */
export function stepLabel(metres: number): string {
  const { name, si } = metres < UNITS.distance.si * 0.99 ? UNITS.height : UNITS.distance;
  return `${Math.round(metres / si)} ${name}`;
}

/** Size of a square grid of `step_m` in degrees at a latitude. */
export function gridDegrees(step_m: number, latitude_deg: number): { latitude: number; longitude: number } {
  const latitude = step_m / METRES_PER_DEGREE;
  const shrink = Math.max(0.01, Math.cos((latitude_deg * Math.PI) / 180));
  return { latitude, longitude: latitude / shrink };
}
