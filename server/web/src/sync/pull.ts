// One sync as a state machine without I/O, after the gateway's pull.py: messages and time in, what to do out.
//
//   STATUS → begin → READ → DATA … → keep → ACK, CREDIT → DATA … (for ever)

import type { Bytes } from "./frames.ts";
import { type Received, ack, credit, getStatus, read, setTime } from "./messages.ts";

export const WINDOW = 64;
const LONGEST_DATA = 512;
const SETTLE_MS = 300; // quiet time after which what came is kept
const STALL_MS = 2_000; // without data although there is some: read again
const ASK_RECORDING_MS = 5_000;
const ASK_MS = 15_000;
const SILENCE_MS = 45_000;
const CLOCK_OFF_S = 2;
const MOST_REFUSALS = 5;
const MOVED = [6, 7]; // wrong epoch, not held
const FINAL = [2, 3, 9]; // version, not authenticated, refused

export type Action =
  | { do: "send"; message: Bytes }
  | { do: "begin"; epoch: number; start: number; end: number }
  | { do: "write"; position: number; data: Bytes }
  | { do: "keep" };

export class PullError extends Error {}

const send = (message: Bytes): Action => ({ do: "send", message });

export class Pull {
  epoch = 0;
  start = 0;
  end = 0;
  cursor = 0;
  durable = 0;
  #confirmed = 0;
  #reading = false;
  #keeping = false;
  #outstanding = 0;
  #rereadingAfter: number | null = null;
  #refusals = 0;
  #recording = false;
  #timeSet = false;
  #heard_ms: number;
  #data_ms: number;
  #asked_ms: number;

  constructor(now_ms: number) {
    this.#heard_ms = this.#data_ms = this.#asked_ms = now_ms;
  }

  get caughtUp(): boolean {
    return this.#reading && this.durable >= this.end;
  }

  /** Take a message; PullError ends the connection. `utc_ms` is the time of day, `now_ms` any that only rises. */
  take(message: Received, now_ms: number, utc_ms: number): Action[] {
    this.#heard_ms = now_ms;
    if (message.kind === "status") return this.#status(message, now_ms, utc_ms);
    if (message.kind === "data" && this.#reading) return this.#data(message.position, message.data, now_ms);
    if (message.kind !== "error") return [];
    if (FINAL.includes(message.code) || ++this.#refusals > MOST_REFUSALS)
      throw new PullError(`error ${message.code}`);
    return MOVED.includes(message.code) ? [send(getStatus())] : [];
  }

  /** Take where the journal stands here after "begin": wanted next and durable, and what the server holds. */
  began(cursor: number, confirmed: number, now_ms: number): Action[] {
    if (cursor > this.end) throw new PullError(`the journal ends at ${this.end}, ${cursor} is held`);
    this.cursor = this.durable = cursor;
    this.#confirmed = Math.min(confirmed, cursor);
    this.#reading = true;
    this.#data_ms = now_ms;
    return [this.#ack(), ...this.#read()];
  }

  /** Take the answer to "keep": all up to the position is durable. Only now it is acknowledged. */
  kept(position: number): Action[] {
    this.#keeping = false;
    this.durable = position;
    const actions = [this.#ack()];
    if (this.#outstanding <= WINDOW / 2 && this.#rereadingAfter === null) {
      actions.push(send(credit(WINDOW - Math.max(this.#outstanding, 0))));
      this.#outstanding = WINDOW;
    }
    return actions;
  }

  /** The server holds all up to the position. */
  confirm(position: number): Action[] {
    const confirmed = Math.min(position, this.durable);
    if (!this.#reading || confirmed <= this.#confirmed) return [];
    this.#confirmed = confirmed;
    return [this.#ack()];
  }

  /** Let time pass, about four times a second. */
  tick(now_ms: number): Action[] {
    if (now_ms - this.#heard_ms > SILENCE_MS) throw new PullError("silent");
    const quiet_ms = now_ms - this.#data_ms;
    if (!this.#reading) return quiet_ms > STALL_MS ? this.#ask(now_ms, STALL_MS) : [];
    if (this.cursor > this.durable) return quiet_ms >= SETTLE_MS ? this.#keep() : [];
    if (quiet_ms >= STALL_MS && (this.cursor < this.end || this.#rereadingAfter !== null)) {
      this.#data_ms = now_ms;
      return this.#reread(null);
    }
    const recent_ms = now_ms - Math.max(this.#asked_ms, this.#data_ms);
    const pause_ms = this.#recording ? ASK_RECORDING_MS : ASK_MS;
    return recent_ms >= pause_ms ? this.#ask(now_ms, 0) : [];
  }

  #ask(now_ms: number, pause_ms: number): Action[] {
    if (now_ms - this.#asked_ms < pause_ms) return [];
    this.#asked_ms = now_ms;
    return [send(getStatus())];
  }

  #status(status: Received & { kind: "status" }, now_ms: number, utc_ms: number): Action[] {
    if (!status.epoch || status.start > status.end) throw new PullError("malformed status");
    this.#recording = status.recording !== 0;
    const actions: Action[] = [];
    if (!this.#timeSet && Math.abs(utc_ms / 1000 - status.utc_s) > CLOCK_OFF_S) {
      this.#timeSet = true;
      actions.push(send(setTime(utc_ms)));
    }
    if (this.#reading && status.epoch === this.epoch && status.start <= this.cursor) {
      this.end = Math.max(this.end, status.end);
      return actions;
    }
    this.#reading = false;
    this.#data_ms = now_ms;
    [this.epoch, this.start, this.end] = [status.epoch, status.start, status.end];
    return [...actions, { do: "begin", epoch: status.epoch, start: status.start, end: status.end }];
  }

  #data(position: number, data: Bytes, now_ms: number): Action[] {
    if (data.length > LONGEST_DATA || position < this.start) throw new PullError("malformed data");
    if (position > this.cursor) return this.#jump(position);
    this.#data_ms = now_ms;
    if (--this.#outstanding < -WINDOW) throw new PullError("more than was granted");
    const grew = position + data.length > this.cursor;
    if (grew) {
      this.cursor = position + data.length;
      this.#rereadingAfter = null;
      this.#refusals = 0;
    }
    this.end = Math.max(this.end, this.cursor);
    const due = (grew && this.cursor === this.end) || this.#outstanding <= WINDOW / 2;
    return [{ do: "write", position, data }, ...(due ? this.#keep() : [])];
  }

  /** A notification before this one was lost; what is still on its way is dropped until the cursor comes. */
  #jump(position: number): Action[] {
    const old = this.#rereadingAfter !== null && position > this.#rereadingAfter;
    this.#rereadingAfter = position;
    return old ? [] : this.#reread(position);
  }

  #reread(after: number | null): Action[] {
    this.#rereadingAfter = after;
    return [...(this.cursor > this.durable ? this.#keep() : []), ...this.#read()];
  }

  #read(): Action[] {
    this.#outstanding = WINDOW;
    return [send(read(this.epoch, this.cursor, WINDOW))];
  }

  #keep(): Action[] {
    if (this.#keeping || this.cursor === this.durable) return [];
    this.#keeping = true;
    return [{ do: "keep" }];
  }

  #ack(): Action {
    return send(ack(this.epoch, this.durable, this.#confirmed));
  }
}
