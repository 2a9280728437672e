// Brings what the server wants onto one wearable, without I/O, after the gateway's push.py (PROTOCOL.md, Blobs): one
// piece is out at a time, and each PUT_OK says where to go on. Firmware stays with the gateways at home.

import type { Bytes } from "./frames.ts";
import type { Heard } from "./messages.ts";

export const KINDS = ["", "settings", "plan", "gps assistance", "firmware", "notices"];
export const FIRMWARE = 4;
export const BUSY = 8;
export const REFUSED = 9;
const PUT_OVERHEAD = 29; // of an ATT MTU: ATT 3, frame 12, kind of message 1, fields of PUT 13
const ANSWER_MS = 3_000;
const BUSY_MS = 60_000;
const MOST_TRIES = 5;

export interface Wish {
  kind: number;
  version: number;
}
export interface Blob extends Wish {
  data: Bytes;
}
export interface Piece extends Wish {
  total: number;
  offset: number;
  data: Bytes;
}

/** Whether a wearable's STATUS lacks what is wanted; it tells no version of notices. */
export function lacks(heard: Heard, { kind, version }: Wish): boolean {
  const held = [0, heard.settings_version, heard.plan_version, heard.assistance_version][kind];
  return kind !== FIRMWARE && kind < KINDS.length && held !== version;
}

export class Push {
  #settled = new Set<string>(); // whole on the wearable, or refused: not offered again in this connection
  #waiting: Blob[] = [];
  #now: Blob | null = null;
  #offset = 0;
  #sent_ms: number | null = null;
  #tries = 0;
  #restUntil_ms = 0;

  get busy(): boolean {
    return (this.#now !== null || this.#waiting.length > 0) && this.#restUntil_ms === 0;
  }

  /** Whether a piece is out, so that an ERROR may be its answer. */
  get expectsAnswer(): boolean {
    return this.#now !== null && this.#sent_ms !== null;
  }

  isSettled({ kind, version }: Wish): boolean {
    return (
      this.#settled.has(`${kind} ${version}`) || (this.#now?.kind === kind && this.#now.version === version)
    );
  }

  /** Take what the wearable lacks, in place of what waited before. */
  offer(blobs: Blob[]): void {
    this.#waiting = blobs.filter(blob => !this.isSettled(blob));
  }

  /** The piece to send now, null when none is due. */
  next(now_ms: number, mtu: number): Piece | null {
    if (now_ms < this.#restUntil_ms) return null;
    this.#restUntil_ms = 0;
    if (this.#now === null) {
      this.#now = this.#waiting.shift() ?? null;
      [this.#offset, this.#tries, this.#sent_ms] = [0, 0, null];
    }
    const blob = this.#now;
    if (blob === null || (this.#sent_ms !== null && now_ms - this.#sent_ms < ANSWER_MS)) return null;
    if (++this.#tries > MOST_TRIES) {
      this.#now = null; // the next connection tries again
      return null;
    }
    this.#sent_ms = now_ms;
    const data = blob.data.slice(this.#offset, this.#offset + mtu - PUT_OVERHEAD);
    return { kind: blob.kind, version: blob.version, total: blob.data.length, offset: this.#offset, data };
  }

  /** Take a PUT_OK; whether a blob is whole on the wearable now. */
  answered({ kind, version }: Wish, offset: number): boolean {
    const blob = this.#now;
    if (blob?.kind !== kind || blob.version !== version || offset > blob.data.length) return false;
    if (offset > this.#offset) this.#tries = 0;
    [this.#offset, this.#sent_ms] = [offset, null];
    if (offset < blob.data.length) return false;
    this.#settled.add(`${kind} ${version}`);
    this.#now = null;
    return true;
  }

  /** Take an ERROR that answers a piece: too busy comes again later, refused does not. */
  error(code: number, now_ms: number): void {
    const blob = this.#now;
    this.#now = null;
    if (blob === null) return;
    if (code === BUSY) {
      this.#restUntil_ms = now_ms + BUSY_MS;
      this.#waiting.unshift(blob);
    } else this.#settled.add(`${blob.kind} ${blob.version}`);
  }
}
