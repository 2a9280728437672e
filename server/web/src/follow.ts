// Following a live activity: connection, status in words, numbers that tick, and the finished page taken in at the end.

import type { Push } from "./feed.ts";
import { duration } from "./format.ts";
import { type Activity, LiveLink, type LiveMessage, type Socket } from "./live.ts";
import { refreshParts, showFigures } from "./page_parts.ts";

const FETCH_AGAIN_MS = 5000;
const FRESH_S = 5;

export interface Grower {
  fetchRows(): Promise<boolean>;
  take(push: Push): void;
  finish(): void;
}

function openSocket(path: string): Socket {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url) as unknown as Socket;
}

class Follower {
  readonly #root: HTMLElement;
  readonly #view: Grower;
  readonly #link: LiveLink;
  readonly #ticking: number;
  #newsAt_ms = Date.now();
  #connected = false;
  #kilometres: number | null = null;

  constructor(root: HTMLElement, view: Grower) {
    this.#root = root;
    this.#view = view;
    this.#link = new LiveLink(
      {
        open: () => openSocket(root.dataset.liveUrl as string),
        after: (run, ms) => window.setTimeout(run, ms),
        cancel: timer => window.clearTimeout(timer),
        random: Math.random,
      },
      {
        connected: () => this.#connection(true),
        lost: () => this.#connection(false),
        message: message => this.#message(message),
      },
    );
    this.#ticking = window.setInterval(() => this.#status(), 1000);
    this.#link.start();
    window.addEventListener("online", () => this.#link.start());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !this.#connected) this.#link.start();
    });
  }

  #connection(connected: boolean): void {
    this.#connected = connected;
    this.#status();
    if (connected) void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    if (!(await this.#view.fetchRows()) && this.#connected) setTimeout(() => this.#catchUp(), FETCH_AGAIN_MS);
  }

  #message(message: LiveMessage): void {
    if (message.streams) {
      const { streams, from_row } = message;
      this.#view.take(from_row === undefined ? { streams } : { streams, from_row });
    }
    if (message.activity) this.#activity(message.activity);
    if (message.type === "finished") this.#finish();
  }

  #activity(activity: Activity): void {
    this.#newsAt_ms = Date.now();
    showFigures(this.#root, activity);
    this.#status();
    const full = Math.floor((activity.distance ?? 0) / 1000);
    if (full > (this.#kilometres ?? full)) void refreshParts(this.#root);
    this.#kilometres = full;
  }

  #finish(): void {
    this.#link.stop();
    window.clearInterval(this.#ticking);
    this.#view.finish();
    void refreshParts(this.#root);
  }

  #status(): void {
    const word = this.#root.querySelector("[data-status]");
    const text = this.#connected ? "Live" : "Connecting again…";
    if (word && word.textContent !== text) word.textContent = text;
    const age = this.#root.querySelector("[data-age]");
    const seconds = Math.round((Date.now() - this.#newsAt_ms) / 1000);
    if (age) age.textContent = seconds < FRESH_S ? "updated just now" : `updated ${duration(seconds)} ago`;
  }
}

/** Keep the page growing until the activity is finished: all rows once per connection, then what is pushed. */
export function follow(root: HTMLElement, view: Grower): void {
  new Follower(root, view);
}
