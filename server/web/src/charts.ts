// Pace, heart rate and elevation over one x axis, moved and zoomed together.

import uPlot from "uplot";
import { plotOptions } from "./chart_options.ts";
import { listen } from "./gestures.ts";
import { type Axis, type ChartRows, chartRows, rateColumn } from "./series.ts";
import { type Column, nearestRow, type Streams } from "./streams.ts";
import { inside, isWhole, type Span } from "./zoom.ts";

export type Measure = "rate" | "heart" | "altitude";

export interface Watcher {
  /** The row of the streams under the cursor; null when it left. */
  row(row: number | null): void;
  zoomed(zoomed: boolean): void;
}

const MOST_ROWS = 3600;

interface Chart {
  measure: Measure;
  element: HTMLElement;
  plot: uPlot;
}

export class Charts {
  #charts: Chart[] = [];
  #rows: ChartRows;
  #span: Span | null = null;
  #moving = false;
  #axis: Axis;
  readonly #shown = { axis: () => this.#axis, span: () => this.#span ?? this.#whole() };
  readonly #elements: Map<Measure, HTMLElement>;
  readonly #sport: string;
  readonly #watcher: Watcher;

  constructor(
    elements: Map<Measure, HTMLElement>,
    streams: Streams,
    sport: string,
    axis: Axis,
    watcher: Watcher,
  ) {
    this.#elements = elements;
    this.#sport = sport;
    this.#axis = axis;
    this.#watcher = watcher;
    this.#rows = chartRows(streams, axis, MOST_ROWS);
    this.paint();
    new ResizeObserver(() => this.#resize()).observe([...elements.values()][0] as HTMLElement);
  }

  /** Make the charts anew, in the colours of the current scheme. */
  paint(): void {
    for (const chart of this.#charts) chart.plot.destroy();
    this.#charts = [...this.#elements].map(([measure, element]) => this.#make(measure, element));
    this.#apply();
  }

  /** New rows or another axis; another axis shows the whole. */
  draw(streams: Streams, axis: Axis): void {
    if (axis !== this.#axis) this.#span = null;
    this.#axis = axis;
    this.#rows = chartRows(streams, axis, MOST_ROWS);
    for (const { measure, plot } of this.#charts) plot.setData(this.#data(measure), false);
    this.#apply();
  }

  /** Show one stretch of x in all charts; null is the whole. */
  zoom(span: Span | null): void {
    this.#span = span && !isWhole(span, this.#whole()) ? inside(span, this.#whole()) : null;
    this.#apply();
  }

  /** Put the cursor of all charts on a row of the streams; null takes it away. */
  point(row: number | null): void {
    this.#moving = true;
    for (const { plot } of this.#charts) {
      const at = row === null ? null : (this.#rows.x[nearestRow(this.#rows.row, row)] ?? null);
      const left = at === null ? -10 : plot.valToPos(at, "x");
      plot.setCursor({ left, top: at === null ? -10 : 0 }, false);
    }
    this.#moving = false;
  }

  #whole(): Span {
    const first = this.#rows.x[0] ?? 0;
    return { min: first, max: Math.max(first + 0.001, this.#rows.x.at(-1) ?? 0) };
  }

  #apply(): void {
    const span = this.#shown.span();
    for (const { plot } of this.#charts) plot.setScale("x", span);
    this.#watcher.zoomed(this.#span !== null);
  }

  #data(measure: Measure): uPlot.AlignedData {
    const rows = this.#rows;
    const columns: Record<Measure, () => Column> = {
      rate: () => rateColumn(rows.speed_m_s, this.#sport),
      heart: () => rows.heart_rate_bpm,
      altitude: () => rows.altitude_m,
    };
    return [rows.x, columns[measure]()];
  }

  #make(measure: Measure, element: HTMLElement): Chart {
    element.replaceChildren();
    const options = plotOptions(measure, this.#sport, this.#shown, element);
    const plot = new uPlot(
      {
        ...options,
        hooks: {
          setCursor: [self => this.#cursorMoved(self)],
          setSelect: [self => this.#selected(self)],
          ready: [self => this.#listen(self)],
        },
      },
      this.#data(measure),
      element,
    );
    return { measure, element, plot };
  }

  #listen(plot: uPlot): void {
    plot.over.addEventListener("dblclick", () => this.zoom(null));
    listen(plot.over, {
      cursor: fraction => this.#pointAt(plot, plot.posToVal(fraction * plot.over.clientWidth, "x")),
      span: this.#shown.span,
      whole: () => this.#whole(),
      zoom: span => this.zoom(span),
    });
  }

  #pointAt(plot: uPlot, x: number): void {
    const row = this.#rows.row[nearestRow(plot.data[0], x)];
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
        other.plot.setCursor({ left: left ?? -10, top: row === null ? -10 : 0 }, false);
    }
    this.#moving = false;
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
