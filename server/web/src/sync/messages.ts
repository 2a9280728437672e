// The link's messages, as far as a browser speaks them (docs/PROTOCOL.md, Messages): kind, then fields, little-endian.

import type { Bytes } from "./frames.ts";
import type { Piece } from "./push.ts";

export const LINK_VERSION = 2;
const HELLO = 1;
const STATUS = 4;
const GET_STATUS = 5;
const READ = 6;
const CREDIT = 7;
const DATA = 8;
const ACK = 9;
const SET_TIME = 10;
const PUT = 11;
const PUT_OK = 12;
const ERROR = 15;
const STATUS_SIZE = 48;
const PUT_OK_SIZE = 10;

/** What the server is told of a wearable's STATUS. */
export interface Heard {
  epoch: number;
  end: number;
  confirmed: number;
  battery_percent: number;
  battery_millivolt: number;
  recording: number;
  fix: number;
  user: number;
  firmware: string;
  settings_version: number;
  plan_version: number;
  assistance_version: number;
}

export type Received =
  | {
      kind: "status";
      epoch: number;
      start: number;
      end: number;
      utc_s: number;
      recording: number;
      heard?: Heard;
    }
  | { kind: "put_ok"; blob: number; version: number; offset: number }
  | { kind: "data"; position: number; data: Bytes }
  | { kind: "error"; code: number; position: number }
  | { kind: "other" };

/** Numbers of so many bytes each behind the kind. */
function packed(kind: number, ...fields: [bytes: 1 | 2 | 4 | 8, value: number][]): Bytes {
  const view = new DataView(new ArrayBuffer(1 + fields.reduce((sum, [size]) => sum + size, 0)));
  view.setUint8(0, kind);
  let at = 1;
  for (const [size, value] of fields) {
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, true);
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
export const put = ({ kind, version, total, offset, data }: Piece): Bytes =>
  Uint8Array.from([...packed(PUT, [1, kind], [4, version], [4, total], [4, offset]), ...data]);

/** What the wearable said; null for what is malformed. */
export function received(message: Bytes): Received | null {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const u32 = (at: number): number => view.getUint32(at, true);
  const kind = message[0];
  if (kind === STATUS) {
    if (message.length !== STATUS_SIZE) return null;
    const [epoch, start, end] = [u32(1), u32(5), u32(9)];
    const recording = view.getUint8(28);
    const heard = {
      epoch,
      end,
      confirmed: u32(13),
      battery_percent: view.getUint8(25),
      battery_millivolt: view.getUint16(26, true),
      recording,
      fix: view.getUint8(34),
      user: view.getUint8(35),
      firmware: [...message.slice(31, 34)].join("."),
      settings_version: u32(36),
      plan_version: u32(40),
      assistance_version: u32(44),
    };
    return { kind: "status", epoch, start, end, utc_s: u32(21), recording, heard };
  }
  if (kind === PUT_OK) {
    if (message.length !== PUT_OK_SIZE) return null;
    return { kind: "put_ok", blob: view.getUint8(1), version: u32(2), offset: u32(6) };
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
