// Map and charts of the activity page, joined by one cursor; made once there are two rows to draw.

import { marksOf, type Stretch } from "./chart_marks.ts";
import type { Charts, Measure, Source } from "./charts.ts";
import { shownShading, takeChoice } from "./colour_choice.ts";
import { RouteMap } from "./map.ts";
import { Readout } from "./readout.ts";
import { nearestFix } from "./route.ts";
import type { Axis } from "./series.ts";
import { nearestRow, type Streams } from "./streams.ts";
import { takeStretches } from "./stretches.ts";

export interface Looking {
  /** One looks at this stretch of the activity. */
  look(stretch: { from_s: number; to_s: number }): void;
}

export class ActivityView {
  #axis: Axis = "distance";
  #map: RouteMap | null = null;
  #charts: Charts | null = null;
  #readout: Readout | null = null;
  #at_s: number | null = null;
  #stretch: Stretch | null = null;
  readonly #root: HTMLElement;
  readonly #source: Source;
  readonly #looking: Looking;

  /** The rows are smoothed and few, as the server or live_rows.ts made them to be drawn. */
  constructor(root: HTMLElement, streams: Streams, looking: Looking) {
    this.#root = root;
    const sport = root.dataset.sport ?? "other";
    this.#source = { streams, sport, marks: marksOf(root.dataset) };
    this.#looking = looking;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#map?.paint();
      this.#charts?.paint();
    });
    takeChoice(root, shading => this.#map?.shade(shading));
    takeStretches(root, stretch => this.#shade(stretch));
  }

  /** Draw the rows that are held by now. */
  draw(live: boolean): void {
    const { streams } = this.#source;
    if (streams.time_s.length < 2) return;
    if (nearestFix(streams, 0, 1)) {
      const element = this.#root.querySelector<HTMLElement>("[data-map]");
      if (this.#map) this.#map.draw(live);
      else if (element) {
        const shading = shownShading(this.#root);
        const { marks } = this.#source;
        this.#map = new RouteMap(element, { streams, marks, shading, live }, stretch =>
          this.#looking.look(stretch),
        );
      }
    }
    if (this.#readout) this.#readout.update();
    else this.#begin();
    this.#charts?.draw(this.#axis);
    if (this.#at_s !== null) this.#point(nearestRow(streams.time_s, this.#at_s), "readout");
  }

  /** The first rows are here: what reads them out, and the charts as soon as they are on the screen. */
  #begin(): void {
    const { streams, sport } = this.#source;
    this.#readout = new Readout(this.#root, streams, sport, row => this.#point(row, "readout"));
    if (!streams.distance_m.some(metres => (metres ?? 0) > 0)) this.#axis = "time";
    const section = this.#root.querySelector("[data-chart]")?.closest("section");
    if (!section) return;
    const near = new IntersectionObserver(seen => {
      if (!seen.some(entry => entry.isIntersecting)) return;
      near.disconnect();
      void this.#makeCharts();
    });
    near.observe(section);
  }

  async #makeCharts(): Promise<void> {
    const { Charts } = await import("./charts.ts");
    const found = [...this.#root.querySelectorAll<HTMLElement>("[data-chart]")];
    const elements = new Map(found.map(element => [element.dataset.chart as Measure, element]));
    const all = this.#root.querySelector<HTMLButtonElement>("[data-show-all]");
    this.#charts = new Charts(elements, this.#source, this.#axis, {
      row: row => this.#point(row, "charts"),
      zoomed: stretch => {
        all?.toggleAttribute("hidden", !stretch);
        if (stretch) this.#looking.look(stretch);
      },
      words: row => this.#readout?.words(row) ?? "",
    });
    all?.addEventListener("click", () => this.#charts?.zoom(null));
    this.#root.querySelector("[data-keys]")?.removeAttribute("hidden");
    this.#charts.point(null);
    this.#charts.shade(this.#stretch);
    this.#axisChoice();
    this.#root.dataset.charts = "drawn";
  }

  #axisChoice(): void {
    const choice = this.#root.querySelector<HTMLElement>("[data-axis]");
    if (!choice) return;
    choice.hidden = false;
    for (const input of choice.querySelectorAll("input")) {
      input.checked = input.value === this.#axis;
      input.addEventListener("change", () => {
        this.#axis = input.value as Axis;
        this.#charts?.draw(this.#axis);
      });
    }
  }

  #point(row: number | null, source: "charts" | "readout"): void {
    this.#at_s = row === null ? null : (this.#source.streams.time_s[row] ?? null);
    this.#map?.point(row);
    if (source === "readout") this.#charts?.point(row);
    this.#readout?.show(row);
  }

  #shade(stretch: Stretch | null): void {
    this.#stretch = stretch;
    this.#map?.highlight(stretch);
    this.#charts?.shade(stretch);
  }
}
