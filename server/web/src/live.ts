// The live connection: opens, watches for silence, opens again with a growing pause. No DOM; socket and time are given.

import type { SentStreams } from "./streams.ts";

export interface Activity {
  status: string;
  type: string;
  distance: number | null;
  duration: number | null;
  moving_time_s: number | null;
  ascent_m: number | null;
  heart_rate_avg: number | null;
  heart_rate_max: number | null;
  points_count: number;
  receipt: Receipt | null;
}

export interface Receipt {
  recorded: number | null;
  received: number;
  gaps: { from: number; to: number }[];
  sealed: boolean;
  whole: boolean;
  problems: string[];
}

export interface LiveMessage {
  type: string;
  streams?: SentStreams;
  from_row?: number;
  activity?: Activity;
}

export interface Socket {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  close(): void;
}

export interface Surroundings {
  open(): Socket;
  after(run: () => void, ms: number): number;
  cancel(timer: number): void;
  random(): number;
}

export interface Listener {
  connected(): void;
  lost(): void;
  message(message: LiveMessage): void;
}

/** The server is asked to send something at least so often. */
export const BEAT_S = 10;
const OPENING_MS = 10_000;
const SILENCE_MS = 25_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps one connection until `stop`. A phone that left the network sees nothing close; but the server sends a beat when
 * it has nothing else to say, so a silence of two beats and a half is a lost connection, which is told and made anew.
 */
export class LiveLink {
  #socket: Socket | null = null;
  #timer = 0;
  #failures = 0;
  #stopped = false;
  readonly #around: Surroundings;
  readonly #listener: Listener;

  constructor(around: Surroundings, listener: Listener) {
    this.#around = around;
    this.#listener = listener;
  }

  /** Connect now, dropping what connection there is. */
  start(): void {
    if (this.#stopped) return;
    this.#release();
    const socket = this.#around.open();
    this.#socket = socket;
    this.#wait(() => this.lost(), OPENING_MS);
    socket.onopen = () => {
      this.#failures = 0;
      this.#alive();
      this.#listener.connected();
    };
    socket.onmessage = event => {
      this.#alive();
      const message = parsed(event.data);
      if (message) this.#listener.message(message);
    };
    socket.onclose = () => this.lost();
  }

  /** Close for good. */
  stop(): void {
    this.#stopped = true;
    this.#release();
  }

  #alive(): void {
    this.#wait(() => this.lost(), SILENCE_MS);
  }

  #wait(run: () => void, ms: number): void {
    this.#around.cancel(this.#timer);
    this.#timer = this.#around.after(run, ms);
  }

  /** Take the connection for lost, as when the browser says that there is no network: tell it, and try again. */
  lost(): void {
    if (this.#stopped) return;
    this.#release();
    this.#listener.lost();
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures++;
    this.#wait(() => this.start(), pause * (0.5 + this.#around.random() / 2));
  }

  #release(): void {
    this.#around.cancel(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = null;
    socket.close();
  }
}

function parsed(data: unknown): LiveMessage | null {
  try {
    const message: unknown = JSON.parse(String(data));
    return typeof message === "object" && message !== null && "type" in message
      ? (message as LiveMessage)
      : null;
  } catch {
    return null;
  }
}
