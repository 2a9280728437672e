// The page that syncs a wearable: this phone as its gateway.

import { keepSending } from "./phone/when.ts";
import { RefusedError, bluetooth, choose } from "./sync/radio.ts";
import { type Shown, follow } from "./sync/session.ts";
import { words } from "./words.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

class SyncPage {
  readonly #root: HTMLElement;
  readonly #words: Record<string, string>;
  #stopped = true;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#words = words(root);
    this.#part("button[data-do=choose]").addEventListener("click", () => void this.#run());
    this.#part("button[data-do=stop]").addEventListener("click", () => {
      this.#stopped = true;
      this.#say("ended");
    });
  }

  async #run(): Promise<void> {
    const device = await choose().catch(() => null);
    if (!device) return;
    this.#stopped = false;
    this.#part("[data-do=stop]").hidden = false;
    const { ownerId: owner_id, owner } = this.#root.dataset as { ownerId: string; owner: string };
    let pause_ms = FIRST_PAUSE_MS;
    while (!this.#stopped) {
      this.#say("connecting");
      try {
        const show = (now: Shown): void => {
          pause_ms = FIRST_PAUSE_MS;
          this.#show(now);
        };
        await follow(device, { owner_id, owner }, show, () => this.#stopped);
      } catch (error) {
        console.warn("sync:", error); // for whoever looks why; the page says it in words
        device.gatt.disconnect(); // the next try begins anew, also where the link itself still stands
        if (error instanceof RefusedError) {
          this.#say("not_yours", error.message);
          break;
        }
        this.#say(error instanceof TypeError ? "no_server" : "lost");
        await new Promise(resolve => setTimeout(resolve, pause_ms));
        pause_ms = Math.min(2 * pause_ms, LONGEST_PAUSE_MS);
      }
    }
    this.#part("[data-do=stop]").hidden = true;
  }

  #show({ start, durable, end, confirmed, caughtUp, pushing, trouble }: Shown): void {
    const bar = this.#part("progress") as HTMLProgressElement;
    bar.hidden = false;
    bar.value = end > start ? (durable - start) / (end - start) : 1;
    this.#say(!caughtUp ? "reading" : pushing ? "pushing" : "caught_up");
    const kib = (bytes: number): string => (bytes / 1024).toFixed(1);
    const said = trouble ? this.#words["refused"] : this.#words["figures"];
    this.#part("[data-figures]").textContent = (said ?? "")
      .replace("{why}", trouble ?? "")
      .replace("{phone}", kib(Math.max(0, durable - confirmed)))
      .replace("{server}", kib(confirmed))
      .replace("{end}", kib(end));
  }

  #say(word: string, why = ""): void {
    const text = (this.#words[word] ?? "").replace("{why}", why);
    const place = this.#part("[data-said]");
    if (place.textContent !== text) place.textContent = text;
  }

  #part(selector: string): HTMLElement {
    return this.#root.querySelector(selector) as HTMLElement;
  }
}

const root = document.querySelector<HTMLElement>("[data-sync]");
if (root && bluetooth && isSecureContext) {
  for (const part of document.querySelectorAll<HTMLElement>("[data-app]")) part.hidden = false;
  for (const part of document.querySelectorAll<HTMLElement>("[data-needs]")) part.hidden = true;
  new SyncPage(root);
  keepSending();
}
