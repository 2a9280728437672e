// Starts the service worker for somebody who is logged in, and has it keep the recorder from the beginning.

const RECORDER = "/record";

/** Quiet where there is no service worker (no HTTPS, a private window): all works as before, with a network. */
export async function keepForOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/worker.js");
    const { active } = await navigator.serviceWorker.ready;
    if (!(await caches.match(RECORDER, { ignoreVary: true }))) active?.postMessage({ keep: RECORDER });
  } catch {
    // The browser was told to refuse it; nothing here depends on it.
  }
}
