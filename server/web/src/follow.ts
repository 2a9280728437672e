// Following a live activity: connection, status in words, numbers that tick, and the finished page taken in at the end.

import { duration } from "./format.ts";
import { type Activity, BEAT_S, LiveLink, type LiveMessage, type Socket } from "./live.ts";
import { refreshParts, showFigures } from "./page_parts.ts";
import type { SentStreams } from "./streams.ts";

const FRESH_S = 5;

export interface Grower {
  /** Number of rows held. */
  rows(): number;
  /** Put rows in; false when rows before them are missing. */
  take(sent: SentStreams, from_row: number): boolean;
  finish(): void;
}

function openSocket(path: string, rows: number): Socket {
  const url = new URL(`${path}?rows=${rows}&beat_s=${BEAT_S}`, location.href);
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
        open: () => openSocket(root.dataset.liveUrl as string, view.rows()),
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
    window.addEventListener("offline", () => this.#link.lost());
    window.addEventListener("online", () => this.#link.start());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !this.#connected) this.#link.start();
    });
  }

  #connection(connected: boolean): void {
    this.#connected = connected;
    this.#status();
  }

  #message(message: LiveMessage): void {
    const { streams, from_row } = message;
    if (streams && !this.#view.take(streams, from_row ?? this.#view.rows())) this.#link.start();
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
    // The words are the page's: data-live-word and data-lost-word of the badge, data-now and data-ago of the age.
    const word = this.#root.querySelector<HTMLElement>("[data-status]");
    const text = (this.#connected ? word?.dataset.liveWord : word?.dataset.lostWord) ?? "";
    if (word && word.textContent !== text) word.textContent = text;
    word?.classList.toggle("is-lost", !this.#connected);
    const age = this.#root.querySelector<HTMLElement>("[data-age]");
    const seconds = Math.round((Date.now() - this.#newsAt_ms) / 1000);
    if (!age) return;
    const ago = (age.dataset.ago ?? "").replace("%", duration(seconds));
    age.textContent = seconds < FRESH_S ? (age.dataset.now ?? "") : ago;
  }
}

/** Keep the page growing until the activity is finished; each connection says how many rows the page holds. */
export function follow(root: HTMLElement, view: Grower): void {
  new Follower(root, view);
}
