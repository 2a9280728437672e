// The lines of the shipped coastline, as coast.mjs tells them. Pure.

import type { Point } from "./route.ts";

/** Lines of the file: hundredths of a degree, latitude and longitude in turn, each told by its distance from the last. */
export function coastLines(told: number[][]): Point[][] {
  return told.map(line => {
    let [latitude, longitude] = [0, 0];
    const points: Point[] = [];
    for (let at = 0; at + 1 < line.length; at += 2) {
      latitude += line[at] as number;
      longitude += line[at + 1] as number;
      points.push([latitude / 100, longitude / 100]);
    }
    return points;
  });
}
