// One line of values at the cursor, and a slider that moves it: the charts for fingers, keyboards and screen readers.

import { distance, duration, height, type Quantity, rate, whole } from "./format.ts";
import type { Streams } from "./streams.ts";

function text(quantity: Quantity): string {
  return quantity.unit === "" ? quantity.value : `${quantity.value} ${quantity.unit}`;
}

export class Readout {
  readonly #slider: HTMLInputElement | null;
  readonly #values: Map<string, HTMLElement>;
  readonly #streams: Streams;
  readonly #sport: string;
  #row: number | null = null;

  constructor(root: HTMLElement, streams: Streams, sport: string, moved: (row: number | null) => void) {
    this.#streams = streams;
    this.#sport = sport;
    const panel = root.querySelector<HTMLElement>("[data-readout]");
    if (panel) panel.hidden = false;
    this.#slider = panel?.querySelector("input") ?? null;
    this.#values = new Map(
      [...root.querySelectorAll<HTMLElement>("[data-at]")].map(element => [
        element.dataset.at ?? "",
        element,
      ]),
    );
    for (const element of this.#values.values()) element.dataset.rest = element.textContent ?? "";
    this.#slider?.addEventListener("input", () => moved(Number(this.#slider?.value)));
    this.update();
  }

  /** The streams grew. */
  update(): void {
    if (this.#slider) this.#slider.max = String(this.#streams.time_s.length - 1);
    this.show(this.#row);
  }

  /** Show the values of a row; null shows what the page said before. */
  show(row: number | null): void {
    this.#row = row;
    const values = row === null ? null : this.#at(row);
    for (const [name, element] of this.#values) {
      element.textContent = values?.[name] ?? element.dataset.rest ?? "";
    }
    if (!this.#slider || row === null) return;
    this.#slider.value = String(row);
    this.#slider.setAttribute("aria-valuetext", this.words(row));
  }

  /** What there is to say of a row. */
  words(row: number | null): string {
    if (row === null) return "";
    const { distance, time, rate, heart, altitude, power } = this.#at(row);
    const watts = (this.#streams.power_w[row] ?? null) === null ? "" : `, ${power}`;
    return `${distance}, ${time}, ${rate}, ${heart}, ${altitude}${watts}`;
  }

  #at(row: number): Record<string, string> {
    const streams = this.#streams;
    return {
      distance: text(distance(streams.distance_m[row] ?? null)),
      time: duration((streams.time_s[row] as number) - (streams.time_s[0] as number)),
      rate: text(rate(streams.speed_m_s[row] ?? null, this.#sport)),
      heart: text(whole(streams.heart_rate_bpm[row] ?? null, "bpm")),
      altitude: text(height(streams.altitude_m[row] ?? null)),
      power: text(whole(streams.power_w[row] ?? null, "W")),
    };
  }
}
