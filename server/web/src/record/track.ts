// The way from a phone's fixes: which are good enough, how far and how fast. Pure. The server measures anew from the points.

export interface Fix {
  at_ms: number;
  lat: number;
  lng: number;
  accuracy_m: number;
  altitude_m: number | null;
  speed_m_s: number | null;
}

const WORST_M = 50;
const FASTEST_M_S = 60;
const MOST_JUMPS = 3; // then it is believed: the phone slept, or the first fix was wrong
const STILL_M = 3;
const RECENT_MS = 30_000;
const EARTH_M = 6_371_008.8;

/** Metres between two places on a sphere (haversine). */
export function between_m(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const radians = Math.PI / 180;
  const [dy, dx] = [((b.lat - a.lat) * radians) / 2, ((b.lng - a.lng) * radians) / 2];
  const h = Math.sin(dy) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(dx) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

export class Track {
  distance_m: number;
  #last: Fix | null = null;
  #counted: Fix | null = null;
  #jumps = 0;
  #recent: { at_ms: number; distance_m: number }[] = [];

  constructor(distance_m = 0) {
    this.distance_m = distance_m;
  }

  /** Take a fix; false when it is too vague, of an earlier moment, or farther than one can have come. */
  take(fix: Fix): boolean {
    if (!(fix.accuracy_m <= WORST_M)) return false;
    const last = this.#last;
    if (last) {
      const step_s = (fix.at_ms - last.at_ms) / 1000;
      if (step_s <= 0) return false;
      const jumps = between_m(last, fix) > FASTEST_M_S * step_s + last.accuracy_m + fix.accuracy_m;
      if (jumps && ++this.#jumps < MOST_JUMPS) return false;
      if (jumps) this.#counted = null;
    }
    this.#jumps = 0;
    this.#last = fix;
    this.#count(fix);
    return true;
  }

  /** What lies between here and the next fix is no way of the workout: a pause. */
  lift(): void {
    this.#last = this.#counted = null;
    this.#recent = [];
  }

  /** Metres a second over the last half minute; null while there is too little to tell. */
  speed_m_s(now_ms: number): number | null {
    const [first, last] = [this.#recent.find(one => one.at_ms > now_ms - RECENT_MS), this.#recent.at(-1)];
    if (!first || !last || last.at_ms - first.at_ms < 5000) return null;
    return (1000 * (last.distance_m - first.distance_m)) / (last.at_ms - first.at_ms);
  }

  #count(fix: Fix): void {
    const step_m = this.#counted ? between_m(this.#counted, fix) : 0;
    // Somebody who stands still is moved about by the receiver: small steps wait until they are a way.
    if (!this.#counted || step_m >= Math.max(STILL_M, fix.accuracy_m / 4)) {
      this.distance_m += step_m;
      this.#counted = fix;
    }
    this.#recent.push({ at_ms: fix.at_ms, distance_m: this.distance_m });
    while ((this.#recent[0] as { at_ms: number }).at_ms < fix.at_ms - 2 * RECENT_MS) this.#recent.shift();
  }
}
