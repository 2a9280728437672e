// The charts by keyboard: a plot is a slider, whose arrows move the cursor and read it out.

import { inside, type Span } from "./zoom.ts";

const STEP = 0.01;
const PAGE = 0.1;
const ZOOM = 2;

export interface KeyTarget {
  /** Where the cursor is on the x axis; null while it is nowhere. */
  at(): number | null;
  span(): Span;
  whole(): Span;
  move(x: number): void;
  zoom(span: Span | null): void;
}

const STEPS: Record<string, number> = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
  PageDown: -PAGE,
  PageUp: PAGE,
};

/** The span around a place, so many times as close. */
export function closer(span: Span, x: number, times: number, whole: Span): Span {
  const width = Math.max((span.max - span.min) / times, (whole.max - whole.min) / 500);
  const part = (x - span.min) / (span.max - span.min);
  return inside({ min: x - part * width, max: x + (1 - part) * width }, whole);
}

/** Do what a key asks for; false when it asks for nothing. */
export function pressed(key: string, target: KeyTarget): boolean {
  const span = target.span();
  const whole = target.whole();
  const at = Math.min(span.max, Math.max(span.min, target.at() ?? span.min));
  const step = STEPS[key];
  if (step !== undefined) {
    const width = span.max - span.min;
    const x = Math.min(whole.max, Math.max(whole.min, at + step * width));
    if (x > span.max || x < span.min) target.zoom(inside({ min: x - width / 2, max: x + width / 2 }, whole));
    target.move(x);
  } else if (key === "Home" || key === "End") target.move(key === "Home" ? span.min : span.max);
  else if (key === "+" || key === "=") target.zoom(closer(span, at, ZOOM, whole));
  else if (key === "-") target.zoom(closer(span, at, 1 / ZOOM, whole));
  else if (key === "Escape" || key === "0") target.zoom(null);
  else return false;
  return true;
}

/** Make a plot's element take the keys. */
export function takeKeys(element: HTMLElement, target: KeyTarget): void {
  const name = element.dataset.chart ?? "";
  element.tabIndex = 0;
  element.setAttribute("role", "slider");
  element.setAttribute("aria-label", element.dataset.name ?? name);
  element.setAttribute("aria-describedby", `chart-${name}-words charts-keys`);
  element.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(event.key, target)) event.preventDefault();
  });
}

/** Tell where the cursor is, in numbers and in words. */
export function tell(element: HTMLElement, whole: Span, x: number | null, words: string): void {
  element.setAttribute("aria-valuemin", String(whole.min));
  element.setAttribute("aria-valuemax", String(whole.max));
  element.setAttribute("aria-valuenow", String(x ?? whole.min));
  element.setAttribute("aria-valuetext", words);
}
