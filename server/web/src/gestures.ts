// Touch on a chart: one finger moves the cursor, two fingers zoom and move the visible stretch; up and down scroll the page.

import { pinched, type Span } from "./zoom.ts";

export interface GestureTarget {
  /** Fraction 0…1 of the plot's width under the finger. */
  cursor(fraction: number): void;
  span(): Span;
  whole(): Span;
  zoom(span: Span): void;
}

/** Listen on the plotting area of a chart. */
export function listen(area: HTMLElement, target: GestureTarget): void {
  const fingers = new Map<number, number>();
  let start: { span: Span; at: [number, number] } | null = null;
  const fraction = (event: PointerEvent): number => {
    const box = area.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  const pair = (): [number, number] | null => {
    const [a, b] = [...fingers.values()].sort((left, right) => left - right);
    return a === undefined || b === undefined ? null : [a, b];
  };
  area.addEventListener("pointerdown", event => {
    if (event.pointerType === "mouse") return;
    fingers.set(event.pointerId, fraction(event));
    const at = pair();
    start = at && { span: target.span(), at };
    if (!at) target.cursor(fraction(event));
  });
  area.addEventListener("pointermove", event => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, fraction(event));
    const at = pair();
    if (start && at) target.zoom(pinched(start.span, start.at, at, target.whole()));
    else target.cursor(fraction(event));
  });
  const lift = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    start = null;
  };
  area.addEventListener("pointerup", lift);
  area.addEventListener("pointercancel", lift);
}
