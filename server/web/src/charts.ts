// Pace, heart rate, elevation and power over one x axis, moved and zoomed together.

import uPlot from "uplot";
import { type KeyTarget, takeKeys, tell } from "./chart_keys.ts";
import { drawMarks, type Marks, placeOn, type Stretch } from "./chart_marks.ts";
import { markColours, plotData, plotOptions } from "./chart_options.ts";
import { listen } from "./gestures.ts";
import { type Axis, axisOf, type ChartRows, rowsOf } from "./series.ts";
import { nearestRow, type Streams } from "./streams.ts";
import { inside, isWhole, type Span } from "./zoom.ts";

export type Measure = "rate" | "heart" | "altitude" | "power";

export interface Watcher {
  /** The row of the streams under the cursor; null when it left. */
  row(row: number | null): void;
  /** The stretch that is shown, in seconds since the start; null is the whole. */
  zoomed(stretch: { from_s: number; to_s: number } | null): void;
  /** What there is to say of a row. */
  words(row: number | null): string;
}

/** What the charts are of: rows that are smoothed and thinned. */
export interface Source {
  streams: Streams;
  sport: string;
  marks: Marks;
}

const AWAY_PX = -10;

interface Chart {
  measure: Measure;
  element: HTMLElement;
  plot: uPlot;
}

export class Charts {
  #charts: Chart[] = [];
  #rows!: ChartRows;
  #span: Span | null = null;
  #at: number | null = null;
  #moving = false;
  #stretch: Stretch | null = null;
  #axis: Axis;
  readonly #shown = { axis: () => this.#axis, span: () => this.#span ?? this.#whole() };
  readonly #elements: Map<Measure, HTMLElement>;
  readonly #source: Source;
  readonly #watcher: Watcher;

  constructor(elements: Map<Measure, HTMLElement>, source: Source, axis: Axis, watcher: Watcher) {
    this.#elements = elements;
    this.#source = source;
    this.#axis = axis;
    this.#watcher = watcher;
    this.#take();
    this.paint();
    for (const element of elements.values()) takeKeys(element, this.#keys());
    new ResizeObserver(() => this.#resize()).observe([...elements.values()][0] as HTMLElement);
  }

  /** Make the charts anew, in the colours of the current scheme. */
  paint(): void {
    for (const chart of this.#charts) chart.plot.destroy();
    this.#charts = [...this.#elements].map(([measure, element]) => this.#make(measure, element));
    this.#apply();
  }

  /** Other rows or another axis; another axis shows the whole. */
  draw(axis: Axis): void {
    if (axis !== this.#axis) this.#span = null;
    this.#axis = axis;
    this.#take();
    for (const { measure, plot } of this.#charts) {
      plot.setData(plotData(measure, this.#rows, this.#source.sport), false);
    }
    this.#apply();
  }

  /** Show one stretch of x in all charts; null is the whole. */
  zoom(span: Span | null): void {
    this.#span = span && !isWhole(span, this.#whole()) ? inside(span, this.#whole()) : null;
    this.#apply();
    this.#watcher.zoomed(this.#span && this.#seconds(this.#span));
  }

  /** Put the cursor of all charts on a row of the streams; null takes it away. */
  point(row: number | null): void {
    this.#at = row === null ? null : (this.#rows.x[nearestRow(this.#rows.row, row)] ?? null);
    this.#moving = true;
    for (const { plot } of this.#charts) {
      const left = this.#at === null ? AWAY_PX : plot.valToPos(this.#at, "x");
      plot.setCursor({ left, top: this.#at === null ? AWAY_PX : 0 }, false);
    }
    this.#moving = false;
    this.#tell(row);
  }

  /** Shade a stretch; null shades nothing. */
  shade(stretch: Stretch | null): void {
    this.#stretch = stretch;
    for (const { plot } of this.#charts) plot.redraw(false);
  }

  #take(): void {
    this.#rows = rowsOf(this.#source.streams, this.#axis);
  }

  #whole(): Span {
    const first = this.#rows.x[0] ?? 0;
    return { min: first, max: Math.max(first + 0.001, this.#rows.x.at(-1) ?? 0) };
  }

  #seconds(span: Span): { from_s: number; to_s: number } {
    const { streams } = this.#source;
    const xs = axisOf(streams, this.#axis);
    const at = (x: number): number => streams.time_s[nearestRow(xs, x)] ?? 0;
    return { from_s: at(span.min), to_s: at(span.max) };
  }

  #apply(): void {
    for (const { plot } of this.#charts) plot.setScale("x", this.#shown.span());
  }

  #tell(row: number | null): void {
    for (const element of this.#elements.values()) {
      tell(element, this.#whole(), this.#at, this.#watcher.words(row));
    }
  }

  #make(measure: Measure, element: HTMLElement): Chart {
    element.replaceChildren();
    const { sport } = this.#source;
    const options = plotOptions(measure, sport, this.#shown, element);
    const hooks: uPlot.Hooks.Arrays = {
      setCursor: [self => this.#cursorMoved(self)],
      setSelect: [self => this.#selected(self)],
      drawClear: [self => this.#marks(self)],
      ready: [self => this.#listen(self)],
    };
    const plot = new uPlot({ ...options, hooks }, plotData(measure, this.#rows, sport), element);
    return { measure, element, plot };
  }

  #marks(plot: uPlot): void {
    const { streams, marks } = this.#source;
    const place = (unit: "s" | "m", value: number): number => placeOn(this.#axis, streams, unit, value);
    const bands = marks.pauses_s.map(([from, to]): [number, number] => [place("s", from), place("s", to)]);
    const { from = 0, to = 0, unit = "s" } = this.#stretch ?? {};
    const stretch: [number, number] | null = this.#stretch && [place(unit, from), place(unit, to)];
    drawMarks(
      plot,
      markColours(),
      marks.laps_s.map(lap => place("s", lap)),
      bands,
      stretch,
    );
  }

  #keys(): KeyTarget {
    return {
      at: () => this.#at,
      span: this.#shown.span,
      whole: () => this.#whole(),
      move: x => this.#pointAt(x),
      zoom: span => this.zoom(span),
    };
  }

  #listen(plot: uPlot): void {
    plot.over.addEventListener("dblclick", () => this.zoom(null));
    listen(plot.over, {
      cursor: fraction => this.#pointAt(plot.posToVal(fraction * plot.over.clientWidth, "x")),
      span: this.#shown.span,
      whole: () => this.#whole(),
      zoom: span => this.zoom(span),
    });
  }

  #pointAt(x: number): void {
    const row = this.#rows.row[nearestRow(this.#rows.x, x)];
    if (row === undefined) return;
    this.point(row);
    this.#watcher.row(row);
  }

  #cursorMoved(plot: uPlot): void {
    if (this.#moving) return;
    const { left, idx } = plot.cursor;
    const row = left === undefined || left < 0 ? null : (this.#rows.row[idx ?? 0] ?? null);
    this.#moving = true;
    for (const other of this.#charts) {
      if (other.plot !== plot)
        other.plot.setCursor({ left: left ?? AWAY_PX, top: row === null ? AWAY_PX : 0 }, false);
    }
    this.#moving = false;
    this.#at = row === null ? null : (this.#rows.x[idx ?? 0] ?? null);
    this.#watcher.row(row);
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    const span = { min: plot.posToVal(left, "x"), max: plot.posToVal(left + width, "x") };
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.zoom(span);
  }

  #resize(): void {
    for (const { element, plot } of this.#charts) {
      if (element.clientWidth > 0 && element.clientWidth !== plot.width) {
        plot.setSize({ width: element.clientWidth, height: plot.height });
      }
    }
  }
}
