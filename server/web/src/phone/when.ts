// When what waits is tried: at once, when the network or the reader comes back, and by the worker where a browser can.

import { sendAll, type Sent } from "./sending.ts";

export const CHANNEL = "paceline sent";
export const SYNC_TAG = "send";
const AGAIN_MS = 30_000;

/** Send, and tell every page what came of it. */
export async function send(): Promise<Sent> {
  const sent = await sendAll((path, options) => fetch(path, options));
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(sent);
  channel.close();
  return sent;
}

/** Ask the browser to wake the worker for it when there is a network, also when this page is closed by then. */
export async function sendInBackground(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
  await sync?.register(SYNC_TAG).catch(() => undefined); // refused to this site: the page itself sends
}

/** Send now and at every good moment while this page is open. */
export function keepSending(): void {
  const now = (): void => void send();
  now();
  addEventListener("online", now);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
  });
  setInterval(() => {
    if (navigator.onLine) now();
  }, AGAIN_MS);
}
