// What stands behind the curves: laps as lines, pauses as bands, and the stretch that is pointed at in a table.

import type uPlot from "uplot";
import { UNITS } from "./format.ts";
import { type Axis, axisOf } from "./series.ts";
import { nearestRow, type Streams } from "./streams.ts";

export interface Marks {
  laps_s: number[];
  pauses_s: [number, number][];
}

/** A stretch of the activity, in seconds since the start or in metres of the way. */
export type Stretch = { unit: "s" | "m"; from: number; to: number };

/** The marks in the attributes of the page; pairs are "from-to". */
export function marksOf(data: DOMStringMap): Marks {
  const words = (text: string | undefined): string[] => (text ? text.split(" ") : []);
  return {
    laps_s: words(data.laps).map(Number),
    pauses_s: words(data.pauses).map(pair => pair.split("-").map(Number) as [number, number]),
  };
}

/** Where a moment or a place lies on the axis of the charts. */
export function placeOn(axis: Axis, streams: Streams, unit: "s" | "m", value: number): number {
  if (axis === "distance" && unit === "m") return value / UNITS.distance.si;
  const along =
    unit === "s" ? streams.time_s : axisOf(streams, "distance").map(far => far * UNITS.distance.si);
  const row = nearestRow(along, value);
  return axisOf(streams, axis)[row] ?? 0;
}

export interface Colours {
  lap: string;
  pause: string;
  stretch: string;
}

/** Draw the marks of a plot behind its curves; spans and lines are of its x axis. */
export function drawMarks(
  plot: uPlot,
  colours: Colours,
  lines: number[],
  bands: [number, number][],
  stretch: [number, number] | null,
): void {
  const { ctx, bbox } = plot;
  const at = (x: number): number =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(x, "x", true)));
  const band = ([from, to]: [number, number], colour: string): void => {
    const left = at(from);
    ctx.fillStyle = colour;
    ctx.fillRect(left, bbox.top, Math.max(2 * devicePixelRatio, at(to) - left), bbox.height);
  };
  ctx.save();
  for (const pair of bands) if (seen(plot, pair)) band(pair, colours.pause);
  if (stretch && seen(plot, stretch)) band(stretch, colours.stretch);
  ctx.strokeStyle = colours.lap;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  for (const x of lines) {
    if (!seen(plot, [x, x])) continue;
    ctx.moveTo(at(x), bbox.top);
    ctx.lineTo(at(x), bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

function seen(plot: uPlot, [from, to]: [number, number]): boolean {
  const { min, max } = plot.scales.x ?? {};
  return min != null && max != null && to >= min && from <= max;
}
