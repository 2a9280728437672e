// Sealed frames of the link (docs/PROTOCOL.md, Frames), by the browser's own cryptography:
// counter u32 ‖ AES-128-CTR(message) ‖ HMAC-SHA256(counter ‖ ciphertext), first 8 bytes.

export const FRAME_TAG_SIZE = 8;
export const FRAME_OVERHEAD = 4 + FRAME_TAG_SIZE;
const COUNTER_BITS = 32; // of the counter block that count the blocks of a message

export type Bytes = Uint8Array<ArrayBuffer>;

export type LinkFault = "short" | "forged" | "replayed";

export interface DirectionKeys {
  cipher: Bytes;
  mac: Bytes;
}

class Direction {
  readonly #number: number;
  readonly #cipher: CryptoKey;
  readonly #mac: CryptoKey;

  constructor(number: number, cipher: CryptoKey, mac: CryptoKey) {
    this.#number = number;
    this.#cipher = cipher;
    this.#mac = mac;
  }

  static async of(number: number, keys: DirectionKeys): Promise<Direction> {
    const hash = { name: "HMAC", hash: "SHA-256" };
    return new Direction(
      number,
      await crypto.subtle.importKey("raw", keys.cipher, "AES-CTR", false, ["encrypt"]),
      await crypto.subtle.importKey("raw", keys.mac, hash, false, ["sign"]),
    );
  }

  /** Encrypt or decrypt, which is the same in this mode. */
  async crypt(counter: number, text: Bytes): Promise<Bytes> {
    const block = new DataView(new ArrayBuffer(16));
    block.setUint8(0, this.#number);
    block.setUint32(8, counter, true);
    const how = { name: "AES-CTR", counter: block.buffer, length: COUNTER_BITS };
    return new Uint8Array(await crypto.subtle.encrypt(how, this.#cipher, text));
  }

  async tag(sealed: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.sign("HMAC", this.#mac, sealed)).slice(0, FRAME_TAG_SIZE);
  }
}

/** One connection's frames in both directions; one call at a time. */
export class SecureChannel {
  readonly #send: Direction;
  readonly #receive: Direction;
  #sent = 0;
  #received = -1;

  private constructor(send: Direction, receive: Direction) {
    this.#send = send;
    this.#receive = receive;
  }

  /** The gateway's side: direction 0 is to the wearable, 1 from it. */
  static async of(toWearable: DirectionKeys, toGateway: DirectionKeys): Promise<SecureChannel> {
    return new SecureChannel(await Direction.of(0, toWearable), await Direction.of(1, toGateway));
  }

  async seal(message: Bytes): Promise<Bytes> {
    const counter = this.#sent++;
    const sealed = new Uint8Array(4 + message.length);
    new DataView(sealed.buffer).setUint32(0, counter, true);
    sealed.set(await this.#send.crypt(counter, message), 4);
    return joined(sealed, await this.#send.tag(sealed));
  }

  /** The message of a frame, or what is wrong with it; the channel is then as before and opens the next good one. */
  async open(frame: Bytes): Promise<Bytes | LinkFault> {
    if (frame.length <= FRAME_OVERHEAD) return "short";
    const sealed = frame.slice(0, -FRAME_TAG_SIZE);
    const tag = await this.#receive.tag(sealed);
    if (!same(tag, frame.slice(-FRAME_TAG_SIZE))) return "forged";
    const counter = new DataView(sealed.buffer).getUint32(0, true);
    if (counter <= this.#received) return "replayed";
    this.#received = counter;
    return this.#receive.crypt(counter, sealed.slice(4));
  }
}

export function joined(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** In constant time. */
function same(a: Bytes, b: Bytes): boolean {
  return a.reduce((found, byte, at) => found | (byte ^ (b[at] as number)), 0) === 0;
}
