// The activity page: map and charts in place of the server's pictures, joined by one cursor, growing while it is live.

import { Charts, type Measure } from "./charts.ts";
import { follow } from "./follow.ts";
import { RouteMap } from "./map.ts";
import { Readout } from "./readout.ts";
import { atMostEvery, browserClock } from "./redraw.ts";
import { nearestFix } from "./route.ts";
import type { Axis } from "./series.ts";
import { emptyStreams, graft, type SentStreams } from "./streams.ts";

const REDRAW_MS = 1000;

/** Everything drawn on this page; made once there are two rows to draw. */
class ActivityView {
  readonly streams = emptyStreams();
  live: boolean;
  #axis: Axis = "distance";
  #map: RouteMap | null = null;
  #charts: Charts | null = null;
  #readout: Readout | null = null;
  readonly #root: HTMLElement;
  readonly #redraw = atMostEvery(REDRAW_MS, () => this.#draw(), browserClock);

  constructor(root: HTMLElement) {
    this.#root = root;
    this.live = root.dataset.live !== undefined;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#map?.paint();
      this.#charts?.paint();
    });
  }

  /** Number of rows held. */
  rows(): number {
    return this.streams.time_s.length;
  }

  /** Put rows in from `from_row` on; draws soon, at most once a second. False when rows before them are missing. */
  take(sent: SentStreams, from_row: number): boolean {
    const fits = graft(this.streams, sent, from_row);
    if (fits) this.#redraw();
    return fits;
  }

  /** The recording ended: the head of the route becomes its finish. */
  finish(): void {
    this.live = false;
    this.#redraw();
  }

  #draw(): void {
    if (this.streams.time_s.length < 2) return;
    if (nearestFix(this.streams, 0, 1)) {
      const element = this.#root.querySelector<HTMLElement>("[data-map]");
      if (this.#map) this.#map.draw(this.streams, this.live);
      else if (element) this.#map = new RouteMap(element, this.streams, this.live);
    }
    if (this.#charts) this.#charts.draw(this.streams, this.#axis);
    else this.#makeCharts();
    this.#readout?.update();
    this.#root.dataset.rows = String(this.streams.time_s.length);
  }

  #makeCharts(): void {
    const elements = new Map(
      [...this.#root.querySelectorAll<HTMLElement>("[data-chart]")].map(element => [
        element.dataset.chart as Measure,
        element,
      ]),
    );
    if (elements.size === 0) return;
    const sport = this.#root.dataset.sport ?? "other";
    if (!this.streams.distance_m.some(metres => (metres ?? 0) > 0)) this.#axis = "time";
    const all = this.#root.querySelector<HTMLButtonElement>("[data-show-all]");
    this.#charts = new Charts(elements, this.streams, sport, this.#axis, {
      row: row => this.#point(row, "charts"),
      zoomed: zoomed => all?.toggleAttribute("hidden", !zoomed),
    });
    all?.addEventListener("click", () => this.#charts?.zoom(null));
    this.#readout = new Readout(this.#root, this.streams, sport, row => this.#point(row, "readout"));
    this.#axisChoice();
  }

  #axisChoice(): void {
    const choice = this.#root.querySelector<HTMLElement>("[data-axis]");
    if (!choice) return;
    choice.hidden = false;
    for (const input of choice.querySelectorAll("input")) {
      input.checked = input.value === this.#axis;
      input.addEventListener("change", () => {
        this.#axis = input.value as Axis;
        this.#charts?.draw(this.streams, this.#axis);
      });
    }
  }

  #point(row: number | null, source: "charts" | "readout"): void {
    this.#map?.point(this.streams, row);
    if (source === "readout") this.#charts?.point(row);
    this.#readout?.show(row);
  }
}

/** The rows of a finished activity; without an answer the server's pictures stay. */
async function fetchRows(view: ActivityView, address: string): Promise<void> {
  const answer = await fetch(address);
  if (answer.ok) view.take((await answer.json()) as SentStreams, 0);
}

const root = document.querySelector<HTMLElement>("[data-activity]");
if (root) {
  const view = new ActivityView(root);
  if (view.live) follow(root, view);
  else void fetchRows(view, root.dataset.streams as string);
}
