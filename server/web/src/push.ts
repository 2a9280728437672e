// The settings of notifications: lets this browser be told, and takes that back. Without this the page does the rest.

import { words } from "./words.ts";

const part = document.querySelector<HTMLElement>("[data-push]");
const state = part?.querySelector<HTMLElement>("[data-push-state]");
const button = part?.querySelector<HTMLButtonElement>("[data-push-add]");
const said = part ? words(part) : {};

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, letter => letter.charCodeAt(0));
}

function say(what: string): void {
  if (state) state.textContent = said[what] ?? "";
}

async function subscribe(url: string): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") {
    say("denied");
    return;
  }
  const asked = await fetch(url, { headers: { Accept: "application/json" } });
  const { application_server_key: key } = (await asked.json()) as { application_server_key: string };
  await navigator.serviceWorker.register("/worker.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const { endpoint, keys } = made.toJSON();
  const name = said[/Mobi/.test(navigator.userAgent) ? "phone" : "computer"];
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint, keys, name: part?.dataset["name"] || name }),
  });
  if (!answer.ok) {
    await made.unsubscribe();
    say("refused");
    return;
  }
  location.reload();
}

if (part && button && "serviceWorker" in navigator && "PushManager" in window) {
  button.hidden = false;
  say("");
  button.addEventListener("click", () => {
    button.disabled = true;
    subscribe(part.dataset["push"] ?? "")
      .catch(() => say("unreached"))
      .finally(() => (button.disabled = false));
  });
}
