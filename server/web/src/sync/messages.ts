// The link's messages, as far as a browser speaks them (docs/PROTOCOL.md, Messages): kind, then fields, little-endian.

import type { Bytes } from "./frames.ts";

export const LINK_VERSION = 2;
const HELLO = 1;
const STATUS = 4;
const GET_STATUS = 5;
const READ = 6;
const CREDIT = 7;
const DATA = 8;
const ACK = 9;
const SET_TIME = 10;
const ERROR = 15;
const STATUS_SIZE = 48;

export type Received =
  | { kind: "status"; epoch: number; start: number; end: number; utc_s: number; recording: number }
  | { kind: "data"; position: number; data: Bytes }
  | { kind: "error"; code: number; position: number }
  | { kind: "other" };

/** Numbers of so many bytes each behind the kind. */
function packed(kind: number, ...fields: [bytes: 2 | 4 | 8, value: number][]): Bytes {
  const view = new DataView(new ArrayBuffer(1 + fields.reduce((sum, [size]) => sum + size, 0)));
  view.setUint8(0, kind);
  let at = 1;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

export const hello = (nonce: Bytes): Bytes => Uint8Array.from([HELLO, LINK_VERSION, ...nonce]);
export const getStatus = (): Bytes => packed(GET_STATUS);
export const credit = (credits: number): Bytes => packed(CREDIT, [2, credits]);
export const setTime = (utc_ms: number): Bytes => packed(SET_TIME, [8, utc_ms]);
export const read = (epoch: number, position: number, credits: number): Bytes =>
  packed(READ, [4, epoch], [4, position], [2, credits]);
export const ack = (epoch: number, position: number, confirmed: number): Bytes =>
  packed(ACK, [4, epoch], [4, position], [4, confirmed]);

/** What the wearable said; null for what is malformed. */
export function received(message: Bytes): Received | null {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const u32 = (at: number): number => view.getUint32(at, true);
  const kind = message[0];
  if (kind === STATUS) {
    if (message.length !== STATUS_SIZE) return null;
    const [epoch, start, end] = [u32(1), u32(5), u32(9)];
    return { kind: "status", epoch, start, end, utc_s: u32(21), recording: view.getUint8(28) };
  }
  if (kind === DATA) {
    return message.length > 5 ? { kind: "data", position: u32(1), data: message.slice(5) } : null;
  }
  if (kind === ERROR) {
    return message.length >= 6 ? { kind: "error", code: view.getUint8(1), position: u32(2) } : null;
  }
  return { kind: "other" };
}

export const hexOf = (bytes: Bytes): string =>
  [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");

export const bytesOf = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
