// The activity page: fetches its rows, follows it while it is live, and loads what draws them.

import type { ActivityView } from "./activity_view.ts";
import { addressOf, Detail, fetched } from "./detail.ts";
import type { LiveRows } from "./live_rows.ts";
import { atMostEvery, browserClock } from "./redraw.ts";
import { emptyStreams, type SentStreams } from "./streams.ts";

const REDRAW_MS = 1000;

class ActivityPage {
  readonly streams = emptyStreams(); // what is drawn
  #growing: LiveRows | null = null;
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
    if (this.#live) void this.#follow(count);
    else void this.#detail.start();
  }

  /** Number of rows that the page has, also those that are not drawn. */
  rows(): number {
    return this.#growing?.count ?? this.streams.time_s.length;
  }

  /** Follow a workout; of one that is long already the first hours come as few rows. */
  async #follow(count: number): Promise<void> {
    const [{ LiveRows, MOST_ROWS }, { follow }] = await Promise.all([
      import("./live_rows.ts"),
      import("./follow.ts"),
    ]);
    const growing = new LiveRows();
    const drawn =
      count > MOST_ROWS ? await fetched(addressOf(this.#root.dataset.streams as string, null)) : null;
    if (drawn) growing.begin(drawn, count);
    this.#growing = growing;
    follow(this.#root, this);
  }

  /** Put rows in from `from_row` on; draws soon, at most once a second. False when rows before them are missing. */
  take(sent: SentStreams, from_row: number): boolean {
    const fits = this.#growing?.take(sent, from_row) ?? false;
    if (fits) this.#redraw();
    return fits;
  }

  /** The recording ended: the head of the route becomes its finish. */
  finish(): void {
    this.#live = false;
    this.#redraw();
  }

  async #draw(): Promise<void> {
    this.#growing?.draw(this.streams);
    if (this.streams.time_s.length < 2) return;
    // What draws is not needed to read the page: it comes after it, and while the rows are fetched.
    const { ActivityView } = await drawing;
    this.#view ??= new ActivityView(this.#root, this.streams, {
      look: stretch => {
        if (!this.#growing) this.#detail.look(stretch);
      },
    });
    this.#view.draw(this.#live);
    this.#root.dataset.rows = String(this.rows());
  }
}

const drawing = import("./activity_view.ts");
const root = document.querySelector<HTMLElement>("[data-activity]");
if (root) new ActivityPage(root);
