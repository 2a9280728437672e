// Redrawing on live data, at most once per interval, the last state always drawn.

export interface Clock {
  now(): number;
  later(run: () => void, ms: number): void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  later: (run, ms) => void setTimeout(run, ms),
};

/** A function that runs `draw` at once, or, within `interval_ms` of the last run, once at the interval's end. */
export function atMostEvery(interval_ms: number, draw: () => void, clock: Clock): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let planned = false;
  const run = (): void => {
    planned = false;
    last = clock.now();
    draw();
  };
  return () => {
    if (planned) return;
    const wait = last + interval_ms - clock.now();
    if (wait <= 0) return run();
    planned = true;
    clock.later(run, wait);
  };
}
