// Zooming and moving along one axis: where the visible stretch comes to lie. Pure; gestures.ts feeds it.

export interface Span {
  min: number;
  max: number;
}

/** A span kept inside the whole, with its width kept (up to the whole's). */
export function inside(span: Span, whole: Span): Span {
  const width = Math.min(span.max - span.min, whole.max - whole.min);
  const min = Math.min(Math.max(span.min, whole.min), whole.max - width);
  return { min, max: min + width };
}

/** Two fingers: the values under them at the start stay under them now (fractions 0…1 of the plot's width). */
export function pinched(start: Span, from: [number, number], to: [number, number], whole: Span): Span {
  const width = start.max - start.min;
  const apart = Math.max(0.02, Math.abs(to[1] - to[0]));
  const scale = Math.abs(from[1] - from[0]) / apart;
  const smallest = (whole.max - whole.min) / 500;
  const zoomed = Math.min(Math.max(width * scale, smallest), whole.max - whole.min);
  const middle = start.min + ((from[0] + from[1]) / 2) * width;
  const min = middle - ((to[0] + to[1]) / 2) * zoomed;
  return inside({ min, max: min + zoomed }, whole);
}

/** Whether a span shows the whole, up to rounding. */
export function isWhole(span: Span, whole: Span): boolean {
  const slack = (whole.max - whole.min) * 1e-6;
  return span.min <= whole.min + slack && span.max >= whole.max - slack;
}
