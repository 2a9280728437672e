// All rows fetched once per connection, new rows pushed: joined without a hole and without a row twice.

import { append, cut, type SentStreams, type Streams } from "./streams.ts";

export interface Push {
  streams: SentStreams;
  /** Number of the first row sent: rows from there on are new, or anew. Absent: rows newer than the last are new. */
  from_row?: number;
}

/** What a push did: the streams grew, it waits for a fetch, or rows before it are missing and must be fetched. */
export type Outcome = "grew" | "same" | "waits" | "hole";

export class Feed {
  readonly streams: Streams;
  #early: Push[] | null = null;

  constructor(streams: Streams) {
    this.streams = streams;
  }

  /** A fetch of all rows begins: what is pushed from now on waits for it. */
  begin(): void {
    this.#early ??= [];
  }

  /** Take in pushed rows. */
  pushed(push: Push): Outcome {
    if (!this.#early) return this.#graft(push);
    this.#early.push(push);
    return "waits";
  }

  /** All rows, as fetched, take the place of what was held; then come the pushes that waited. */
  fetched(all: SentStreams): void {
    cut(this.streams, 0);
    append(this.streams, all);
    const early = this.#early ?? [];
    this.#early = null;
    for (const push of early) this.#graft(push);
  }

  #graft(push: Push): Outcome {
    if (push.from_row !== undefined) {
      if (push.from_row > this.streams.time_s.length) return "hole";
      cut(this.streams, push.from_row);
    }
    return append(this.streams, push.streams) > 0 ? "grew" : "same";
  }
}
