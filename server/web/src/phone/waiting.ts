// The list of what is on this phone and not yet on the server: what it is, why it waits, and what can be done.

import { words } from "../words.ts";
import { all, write } from "./database.ts";
import type { Errand, Recording } from "./kept.ts";
import { forget, progressOf, type Sent } from "./sending.ts";
import { CHANNEL, send } from "./when.ts";

interface Row {
  id: string;
  mine: boolean;
  owner: string;
  name: string;
  trouble: string | null;
  remove(): Promise<void>;
  retry(): Promise<void>;
}

async function rows(owner_id: string, sport: (name: string) => string): Promise<Row[]> {
  const found: Row[] = [];
  for (const one of await all<Recording>("recordings")) {
    if (one.state !== "ended") continue; // it is above on the page
    const progress = await progressOf(one.id);
    const name = `${one.title || sport(one.sport)}, ${new Date(one.started_ms).toLocaleString(document.documentElement.lang)}`;
    const retry = (): Promise<void> =>
      write(["progress"], of => of("progress").put({ ...progress, trouble: null }));
    const said = { id: one.id, owner: one.owner, mine: one.owner_id === owner_id, name };
    found.push({ ...said, trouble: progress.trouble, remove: () => forget(one.id), retry });
  }
  for (const one of await all<Errand>("errands")) {
    const retry = (): Promise<void> => write(["errands"], of => of("errands").put({ ...one, trouble: null }));
    const remove = (): Promise<void> => write(["errands"], of => of("errands").delete(one.id));
    const said = { id: one.id, owner: one.owner, mine: one.owner_id === owner_id, name: one.name };
    found.push({ ...said, trouble: one.trouble, remove, retry });
  }
  return found;
}

export class WaitingList {
  readonly #root: HTMLElement;
  readonly #words: Record<string, string>;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#words = words(root);
    new BroadcastChannel(CHANNEL).addEventListener("message", event => {
      this.#saved((event.data as Sent).saved);
      void this.show();
    });
  }

  async show(): Promise<void> {
    const found = await rows(
      this.#root.dataset["ownerId"] as string,
      name => this.#words[`sport_${name}`] ?? name,
    );
    const list = this.#root.querySelector("[data-list]") as HTMLElement;
    list.replaceChildren(...found.map(row => this.#row(row)));
    (this.#root.querySelector("[data-nothing]") as HTMLElement).hidden = found.length > 0;
  }

  #row(row: Row): HTMLElement {
    const made = (this.#root.querySelector("template") as HTMLTemplateElement).content.cloneNode(true);
    const item = (made as DocumentFragment).firstElementChild as HTMLElement;
    // What somebody else did or ate is not for whoever has the phone now.
    (item.querySelector("[data-name]") as HTMLElement).textContent = row.mine ? row.name : row.owner;
    const why = !row.mine ? "other" : row.trouble ? "refused" : "waits";
    const said = (this.#words[why] ?? "").replace("{why}", row.trouble ?? "").replace("{owner}", row.owner);
    (item.querySelector("[data-why]") as HTMLElement).textContent = said;
    for (const button of item.querySelectorAll<HTMLElement>("[data-act]")) {
      button.hidden = !row.mine;
      button.addEventListener("click", () => void this.#act(button.dataset["act"] as string, row));
    }
    return item;
  }

  async #act(what: string, row: Row): Promise<void> {
    if (what === "remove" && !confirm(this.#words["remove"])) return;
    await (what === "remove" ? row.remove() : row.retry());
    await this.show();
    if (what === "retry") await send();
  }

  #saved(ids: string[]): void {
    const place = this.#root.querySelector("[data-saved]") as HTMLElement;
    for (const id of ids) {
      const link = document.createElement("a");
      link.href = `/activities/${id}`;
      link.textContent = this.#words["saved"] ?? id;
      place.append(link, " ");
    }
  }
}
