// The rows of a finished activity: first few for the whole of it, then, where one looks closer, all of a stretch.

import { emptyStreams, graft, merge, type SentStreams, type Streams } from "./streams.ts";

export const POINTS = 2000;
const MEAN_S = 15;
const MARGIN = 0.5; // of the stretch, on each side: a little way to move without asking again
const PATIENCE_MS = 200;
const ENOUGH = 0.9;

export interface Stretch {
  from_s: number;
  to_s: number;
}

/** The address of at most POINTS rows of a stretch (null: of the whole). */
export function addressOf(streams: string, stretch: Stretch | null): string {
  const asked = new URLSearchParams({ points: String(POINTS), mean_s: String(MEAN_S) });
  if (stretch) {
    asked.set("from_s", stretch.from_s.toFixed(1));
    asked.set("to_s", stretch.to_s.toFixed(1));
  }
  return `${streams}${streams.includes("?") ? "&" : "?"}${asked}`;
}

/** What to ask for to see a stretch in full; null when the rows held are all there are, or as many as would come. */
export function lacking(held: Streams, count: number, stretch: Stretch): Stretch | null {
  const first = held.time_s[0] ?? 0;
  const last = held.time_s.at(-1) ?? 0;
  const width = stretch.to_s - stretch.from_s;
  if (held.time_s.length >= count || width <= 0 || last <= first) return null;
  const inside = held.time_s.filter(time => time >= stretch.from_s && time <= stretch.to_s).length;
  const whole = Math.min(count * (width / (last - first)), POINTS / (1 + 2 * MARGIN));
  if (inside >= whole * ENOUGH) return null;
  return {
    from_s: Math.max(first, stretch.from_s - width * MARGIN),
    to_s: Math.min(last, stretch.to_s + width * MARGIN),
  };
}

/** Fetches rows into `held`; `changed` is called when there are others. What cannot be fetched stays as it is. */
export class Detail {
  #base: Streams | null = null;
  #timer = 0;
  #asking: AbortController | null = null;
  readonly #held: Streams;
  readonly #address: string;
  readonly #count: number;
  readonly #changed: () => void;

  constructor(held: Streams, address: string, count: number, changed: () => void) {
    this.#held = held;
    this.#address = address;
    this.#count = count;
    this.#changed = changed;
  }

  /** The whole in few rows. */
  async start(): Promise<void> {
    const sent = await this.#fetch(addressOf(this.#address, null));
    if (!sent) return;
    graft(this.#held, sent, 0);
    this.#base = emptyStreams();
    graft(this.#base, sent, 0);
    this.#changed();
  }

  /** One looks at a stretch for a moment: get what is lacking of it. */
  look(stretch: Stretch): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#closer(stretch), PATIENCE_MS);
  }

  async #closer(stretch: Stretch): Promise<void> {
    const asked = this.#base && lacking(this.#held, this.#count, stretch);
    if (!asked) return;
    const sent = await this.#fetch(addressOf(this.#address, asked));
    if (!sent || !this.#base || sent.time_s.length === 0) return;
    merge(this.#held, this.#base, sent);
    this.#changed();
  }

  async #fetch(address: string): Promise<SentStreams | null> {
    this.#asking?.abort();
    this.#asking = new AbortController();
    return fetched(address, this.#asking.signal);
  }
}

/** Rows from the server; null without an answer: its pictures, or the few rows there are, stay. */
export async function fetched(
  address: string,
  signal: AbortSignal | null = null,
): Promise<SentStreams | null> {
  try {
    const answer = await fetch(address, { signal });
    return answer.ok ? ((await answer.json()) as SentStreams) : null;
  } catch {
    return null;
  }
}
