// A connection with a wearable by Web Bluetooth: frames in order, and a handshake that the server does (PROTOCOL.md).

import { type Bytes, SecureChannel } from "./frames.ts";
import { bytesOf, hello, hexOf } from "./messages.ts";

const SERVICE = "7061ce00-b59c-4e3c-a52f-6242bcff22d1";
const CONTROL = "7061ce02-b59c-4e3c-a52f-6242bcff22d1";
const DATA = "7061ce03-b59c-4e3c-a52f-6242bcff22d1";
const GREETING_MS = 10_000;
const MTU_AT = 26; // in HELLO_OK

/** What is used of Web Bluetooth, which the DOM's types lack. */
interface Characteristic extends EventTarget {
  value: DataView | null;
  startNotifications(): Promise<unknown>;
  writeValueWithResponse(value: Bytes): Promise<void>;
}
interface Service {
  getCharacteristic(uuid: string): Promise<Characteristic>;
}
export interface Device extends EventTarget {
  gatt: { connect(): Promise<{ getPrimaryService(uuid: string): Promise<Service> }>; disconnect(): void };
}
interface Bluetooth {
  requestDevice(options: { filters: { services: string[] }[] }): Promise<Device>;
}

export const bluetooth = (navigator as { bluetooth?: Bluetooth }).bluetooth;

export const choose = (): Promise<Device> =>
  (bluetooth as Bluetooth).requestDevice({ filters: [{ services: [SERVICE] }] });

export class RefusedError extends Error {}

/** A wearable that has proved whose it is, and takes and gives sealed messages. */
export interface Link {
  device_id: string;
  mtu: number;
  send(message: Bytes): Promise<void>;
}

async function asked<T>(path: string, owner_id: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json", "Paceline-User": owner_id };
  const response = await fetch(`/api/v1/links${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const told = (await response.json()) as T & { message?: string };
  if (!response.ok) throw new RefusedError(told.message ?? String(response.status));
  return told;
}

interface Keys {
  cipher: string;
  mac: string;
}
interface Vouched {
  device_id: string;
  auth: string;
  to_wearable: Keys;
  to_gateway: Keys;
}

/** Connect; `take` then gets each message, one after the other, and what it rejects with ends the connection. */
export async function connect(
  device: Device,
  owner_id: string,
  take: (message: Bytes) => Promise<void>,
  lost: (error: unknown) => void,
): Promise<Link> {
  const server = await device.gatt.connect();
  const service = await server.getPrimaryService(SERVICE);
  const control = await service.getCharacteristic(CONTROL);
  const data = await service.getCharacteristic(DATA);
  let channel: SecureChannel | null = null;
  let greet: (frame: Bytes) => void = () => undefined;
  let taking = Promise.resolve();
  const opened = async (frame: Bytes): Promise<void> => {
    const message = await (channel as SecureChannel).open(frame);
    if (typeof message !== "string") await take(message); // damaged or twice: what is missing is asked for again
  };
  data.addEventListener("characteristicvaluechanged", () => {
    const view = data.value as DataView;
    const frame = new Uint8Array(
      view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer,
    );
    if (channel === null) greet(frame);
    else taking = taking.then(() => opened(frame)).catch(lost);
  });
  await data.startNotifications();

  const { ticket, nonce } = await asked<{ ticket: string; nonce: string }>("", owner_id, {});
  const answered = new Promise<Bytes>((resolve, reject) => {
    greet = resolve;
    setTimeout(() => reject(new Error("no answer")), GREETING_MS);
  });
  await control.writeValueWithResponse(hello(bytesOf(nonce)));
  const greeting = await answered;
  const hello_ok = hexOf(greeting);
  const vouched = await asked<Vouched>("/answers", owner_id, { ticket, hello_ok });
  const keys = ({ cipher, mac }: Keys): { cipher: Bytes; mac: Bytes } => ({
    cipher: bytesOf(cipher),
    mac: bytesOf(mac),
  });
  const made = await SecureChannel.of(keys(vouched.to_wearable), keys(vouched.to_gateway));
  channel = made;
  await control.writeValueWithResponse(bytesOf(vouched.auth));
  let sending = Promise.resolve();
  return {
    device_id: vouched.device_id,
    mtu: (greeting[MTU_AT] ?? 0) | ((greeting[MTU_AT + 1] ?? 0) << 8), // vouched for by the server, with the rest
    send: message =>
      (sending = sending.then(async () => control.writeValueWithResponse(await made.seal(message)))),
  };
}
