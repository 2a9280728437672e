// Heart Rate Measurement (Bluetooth Heart Rate Service 1.0, section 3.1): bytes → beats a minute. Pure.

export interface Measurement {
  bpm: number;
  /** Whether the sensor lies on skin; null where it cannot tell. */
  contact: boolean | null;
  /** Times between beats, in seconds. */
  rr_s: number[];
}

const WIDE = 0x01;
const CONTACT = 0x02;
const TELLS_CONTACT = 0x04;
const ENERGY = 0x08;
const RR = 0x10;

/** Null for a value that is cut short. */
export function measurementOf(value: DataView): Measurement | null {
  if (value.byteLength < 2) return null;
  const flags = value.getUint8(0);
  let at = flags & WIDE ? 3 : 2;
  if (value.byteLength < at) return null;
  const bpm = flags & WIDE ? value.getUint16(1, true) : value.getUint8(1);
  if (flags & ENERGY) at += 2;
  const rr_s: number[] = [];
  if (flags & RR) for (; at + 2 <= value.byteLength; at += 2) rr_s.push(value.getUint16(at, true) / 1024);
  return { bpm, contact: flags & TELLS_CONTACT ? (flags & CONTACT) !== 0 : null, rr_s };
}
