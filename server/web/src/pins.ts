// The pins of a route: start, finish or head, full kilometres, and where one paused.

import L from "leaflet";
import type { Marks } from "./chart_marks.ts";
import { distanceMarks, markStep, nearestFix, type Point } from "./route.ts";
import { nearestRow, type Streams } from "./streams.ts";

const SIZES_PX: Record<string, number> = { start: 18, here: 18, pause: 14 };
const MOST_PAUSES = 30; // at every traffic light is nowhere

function pin(point: Point, kind: string, text = ""): L.Marker {
  const size = SIZES_PX[kind] ?? 22;
  const icon = L.divIcon({ className: `pin pin-${kind}`, html: text, iconSize: [size, size] });
  const zIndexOffset = kind === "distance" ? 0 : kind === "pause" ? 500 : 1000;
  return L.marker(point, { icon, zIndexOffset, interactive: false, keyboard: false });
}

/** All pins, the last on top. */
export function pinsOf(streams: Streams, marks: Marks, live: boolean): L.Marker[] {
  const pins: L.Marker[] = [];
  const length = streams.distance_m.findLast(metres => metres !== null) ?? 0;
  for (const mark of distanceMarks(streams, markStep(length))) {
    pins.push(pin(mark.point, "distance", String(mark.far)));
  }
  const longest = [...marks.pauses_s].sort((a, b) => b[1] - b[0] - (a[1] - a[0])).slice(0, MOST_PAUSES);
  for (const [from_s] of longest) {
    const place = nearestFix(streams, nearestRow(streams.time_s, from_s), -1);
    if (place) pins.push(pin(place, "pause"));
  }
  const start = nearestFix(streams, 0, 1);
  const end = nearestFix(streams, streams.time_s.length - 1, -1);
  if (end) pins.push(pin(end, live ? "here" : "finish"));
  if (start) pins.push(pin(start, "start"));
  return pins;
}
