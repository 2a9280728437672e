// The activity page: fetches its rows, follows it while it is live, and loads what draws them.

import type { ActivityView } from "./activity_view.ts";
import { Detail } from "./detail.ts";
import { follow } from "./follow.ts";
import { atMostEvery, browserClock } from "./redraw.ts";
import { emptyStreams, graft, type SentStreams } from "./streams.ts";

const REDRAW_MS = 1000;

class ActivityPage {
  readonly streams = emptyStreams();
  #live: boolean;
  #view: ActivityView | null = null;
  readonly #root: HTMLElement;
  readonly #detail: Detail;
  readonly #redraw = atMostEvery(REDRAW_MS, () => void this.#draw(), browserClock);

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#live = root.dataset.live !== undefined;
    const count = Number(root.dataset.points);
    this.#detail = new Detail(this.streams, root.dataset.streams as string, count, () => void this.#draw());
    if (this.#live) follow(root, this);
    else void this.#detail.start();
  }

  /** Number of rows held. */
  rows(): number {
    return this.streams.time_s.length;
  }

  /** Put rows in from `from_row` on; draws soon, at most once a second. False when rows before them are missing. */
  take(sent: SentStreams, from_row: number): boolean {
    const fits = graft(this.streams, sent, from_row);
    if (fits) this.#redraw();
    return fits;
  }

  /** The recording ended: the head of the route becomes its finish. */
  finish(): void {
    this.#live = false;
    this.#redraw();
  }

  async #draw(): Promise<void> {
    if (this.rows() < 2) return;
    // What draws is not needed to read the page: it comes after it, and while the rows are fetched.
    const { ActivityView } = await drawing;
    const ready = this.#root.dataset.live === undefined;
    this.#view ??= new ActivityView(this.#root, this.streams, ready, {
      look: stretch => {
        if (ready) this.#detail.look(stretch);
      },
    });
    this.#view.draw(this.#live);
    this.#root.dataset.rows = String(this.rows());
  }
}

const drawing = import("./activity_view.ts");
const root = document.querySelector<HTMLElement>("[data-activity]");
if (root) new ActivityPage(root);
