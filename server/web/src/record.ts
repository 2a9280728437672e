// The recorder's page: a workout, what is entered beside it, and what waits for the network.

import { takeEntries } from "./record/entry.ts";
import { Panel } from "./record/panel.ts";
import { WaitingList } from "./phone/waiting.ts";
import { keepSending } from "./phone/when.ts";
import { bluetooth } from "./heart/strap.ts";

const root = document.querySelector<HTMLElement>("[data-record]");
const list = document.querySelector<HTMLElement>("[data-waiting]");

if (root && list && isSecureContext && "locks" in navigator) {
  for (const part of document.querySelectorAll<HTMLElement>("[data-app]")) part.hidden = false;
  for (const part of document.querySelectorAll<HTMLElement>("[data-needs]")) part.hidden = true;
  const heart = root.querySelector<HTMLElement>("[data-do=heart]");
  if (heart) heart.hidden = !bluetooth;
  const { ownerId, owner } = root.dataset as { ownerId: string; owner: string };
  const waiting = new WaitingList(list);
  takeEntries(document.body, { owner_id: ownerId, owner }, () => void waiting.show());
  void new Panel(root).open();
  void waiting.show();
  keepSending();
}
