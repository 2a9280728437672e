// What the recorder shows: the parts that belong to what it does, and its figures.

import { distance, duration, rate } from "../format.ts";
import type { Workout } from "./workout.ts";

const DASH = "–";

export class Face {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Show the parts of what a workout, if any, is doing. */
  show(workout: Workout | null): void {
    const state = workout?.kept.state ?? "ready";
    for (const part of this.#root.querySelectorAll<HTMLElement>("[data-in]")) {
      part.hidden = !(part.dataset["in"] as string).split(" ").includes(state);
    }
    this.figures(workout, Date.now());
  }

  figures(workout: Workout | null, now_ms: number): void {
    if (!workout) return;
    const { sport, laps, state, started_ms, ended_s } = workout.kept;
    const at_ms = state === "ended" ? started_ms + 1000 * (ended_s ?? 0) : now_ms;
    this.put("time", duration(workout.timer_s(at_ms)));
    this.put("distance", distance(workout.track.distance_m).value);
    const speed = rate(state === "recording" ? workout.track.speed_m_s(now_ms) : null, sport);
    this.put("rate", speed.value);
    this.put("rate-unit", speed.unit);
    this.put("heart", String(workout.bpm(now_ms) ?? DASH));
    this.put("laps", String(laps.length + (state === "ended" ? 0 : 1)));
  }

  put(name: string, text: string): void {
    for (const element of this.#root.querySelectorAll(`[data-figure="${name}"]`)) {
      if (element.textContent !== text) element.textContent = text;
    }
  }
}
