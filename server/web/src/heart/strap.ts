// A chest strap, or the wearable's live heart rate, by Web Bluetooth; connects again by itself until it is let go of.

import { measurementOf } from "./measurement.ts";

export type StrapState = "connected" | "lost" | "none";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/** What is used of Web Bluetooth, which the DOM's types lack. */
interface Characteristic extends EventTarget {
  value: DataView | null;
  startNotifications(): Promise<unknown>;
}
interface Gatt {
  connect(): Promise<{
    getPrimaryService(name: string): Promise<{ getCharacteristic(name: string): Promise<Characteristic> }>;
  }>;
  disconnect(): void;
}
interface Device extends EventTarget {
  gatt: Gatt;
}
interface Bluetooth {
  requestDevice(options: { filters: { services: string[] }[] }): Promise<Device>;
}

export const bluetooth = (navigator as { bluetooth?: Bluetooth }).bluetooth;

/** Let the reader choose a sensor; rejects when none is chosen. `take` gets beats a minute, none while it is off skin. */
export async function choose(
  take: (bpm: number) => void,
  say: (state: StrapState) => void,
): Promise<() => void> {
  if (!bluetooth) throw new Error("no Web Bluetooth");
  const device = await bluetooth.requestDevice({ filters: [{ services: ["heart_rate"] }] });
  let over = false;

  const connect = async (pause_ms: number): Promise<void> => {
    if (over) return;
    try {
      const server = await device.gatt.connect();
      const service = await server.getPrimaryService("heart_rate");
      const beats = await service.getCharacteristic("heart_rate_measurement");
      beats.addEventListener("characteristicvaluechanged", () => {
        const told = beats.value ? measurementOf(beats.value) : null;
        if (told && told.bpm > 0 && told.contact !== false) take(told.bpm);
      });
      await beats.startNotifications();
      say("connected");
    } catch {
      setTimeout(() => void connect(Math.min(2 * pause_ms, LONGEST_PAUSE_MS)), pause_ms);
    }
  };

  device.addEventListener("gattserverdisconnected", () => {
    if (over) return;
    say("lost");
    void connect(FIRST_PAUSE_MS);
  });
  await connect(FIRST_PAUSE_MS);
  return () => {
    over = true;
    device.gatt.disconnect();
    say("none");
  };
}
