// How each chart looks: colours of the tokens, axes in the athlete's units.

import type uPlot from "uplot";
import type { Colours } from "./chart_marks.ts";
import type { Measure } from "./charts.ts";
import { duration, rateName, UNITS } from "./format.ts";
import { stepLabel } from "./route.ts";
import { type Axis, type ChartRows, middleRange, rateColumn } from "./series.ts";
import type { Column } from "./streams.ts";
import type { Span } from "./zoom.ts";

const GUTTER_PX = 46;
const PLOT_PX = 108;
const RIGHT_PX = 20; // half the last label of the x axis
const X_AXIS_PX = 26;
const COLOURS: Record<Measure, string> = {
  rate: "--pace",
  heart: "--heart",
  altitude: "--climb",
  power: "--power",
};
const PACE_STEPS_S = [5, 10, 15, 20, 30, 60, 120, 300, 600];
const TIME_STEPS_S = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
const SMALLEST_SPREAD: Record<Measure, number> = { rate: 40, heart: 20, altitude: 20, power: 50 };

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Colours of what stands behind the curves. */
export function markColours(): Colours {
  return { lap: token("--soft"), pause: token("--line"), stretch: token("--stretch") };
}

/** What a chart draws: x and the values in the athlete's units. */
export function plotData(measure: Measure, rows: ChartRows, sport: string): uPlot.AlignedData {
  const columns: Record<Measure, () => Column> = {
    rate: () => rateColumn(rows.speed_m_s, sport),
    heart: () => rows.heart_rate_bpm,
    altitude: () => rows.altitude_m.map(metres => (metres === null ? null : metres / UNITS.height.si)),
    power: () => rows.power_w,
  };
  return [rows.x, columns[measure]()];
}

/** The y range of the visible stretch, asked of the caller: while a new stretch is set, uPlot still holds the old one. */
function yRange(measure: Measure, byPace: boolean, span: () => Span): (plot: uPlot) => [number, number] {
  return plot => {
    const { min, max } = span();
    const xs = plot.data[0];
    const values = (plot.data[1] as Column).filter((_, row) => {
      const x = xs[row] as number;
      return x >= min && x <= max;
    });
    const [low, high] = middleRange(values) ?? [0, 1];
    const smallest = measure === "rate" && !byPace ? 8 : SMALLEST_SPREAD[measure];
    const spread = Math.max(high - low, smallest);
    const middle = (low + high) / 2;
    return [Math.max(measure === "altitude" ? -500 : 0, middle - spread * 0.58), middle + spread * 0.58];
  };
}

function xLabel(axis: Axis, value: number): string {
  const { name, si } = UNITS.distance;
  if (axis === "time") return duration(value);
  return si === 1000 ? stepLabel(Math.round(value * si)) : `${Math.round(value * 100) / 100} ${name}`;
}

/** What the page shows at the moment, asked whenever a chart draws. */
export interface Shown {
  axis(): Axis;
  span(): Span;
}

/** Options of one chart; the lowest one carries the x axis for all. Sizes follow the element's width. */
export function plotOptions(
  measure: Measure,
  sport: string,
  shown: Shown,
  element: HTMLElement,
): uPlot.Options {
  const font = `500 12px ${token("--sans")}`;
  const byPace = measure === "rate" && rateName(sport) === "Pace";
  const shared = { stroke: token("--soft"), font, ticks: { show: false } };
  const grid = { stroke: token("--grid"), width: 1 };
  const withX = element.dataset.last !== undefined;
  return {
    width: element.clientWidth,
    height: PLOT_PX + (withX ? X_AXIS_PX : 0),
    padding: [6, RIGHT_PX, withX ? 0 : 10, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 9, width: 2 } },
    scales: {
      x: { time: false },
      y: { range: yRange(measure, byPace, shown.span), dir: byPace ? -1 : 1 },
    },
    axes: [
      {
        ...shared,
        grid,
        show: true,
        size: withX ? X_AXIS_PX : 0,
        gap: 6,
        space: 48,
        values: (_, ticks) => (withX ? ticks.map(tick => xLabel(shown.axis(), tick)) : ticks.map(() => "")),
        incrs: () =>
          shown.axis() === "time" ? TIME_STEPS_S : [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100],
      },
      {
        ...shared,
        grid,
        size: GUTTER_PX,
        gap: 8,
        space: 24,
        ...(byPace ? { incrs: PACE_STEPS_S } : {}),
        values: (_, ticks) =>
          ticks.map(tick => (byPace ? duration(tick) : String(Math.round(tick * 10) / 10))),
      },
    ],
    series: [
      {},
      {
        stroke: token(COLOURS[measure]),
        width: 1.75,
        fill: token(`${COLOURS[measure]}-wash`),
        fillTo: self => (byPace ? (self.scales.y?.max ?? 0) : (self.scales.y?.min ?? 0)),
        spanGaps: false,
        points: { show: false },
      },
    ],
  };
}
