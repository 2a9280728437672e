// On every page: tell the server the reader's time zone, so that it writes local times and names the time of day; keep
// what was seen for offline, and say so when a page is shown from there.

import { watchNetwork } from "./offline/bar.ts";
import { keepForOffline } from "./offline/keeping.ts";
import { sendOnReturn, warnOfWaiting } from "./offline/returning.ts";
import { words } from "./words.ts";

const NAME = "time_zone";

function kept(): string | undefined {
  return document.cookie
    .split("; ")
    .find(pair => pair.startsWith(`${NAME}=`))
    ?.slice(NAME.length + 1);
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && kept() !== zone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${NAME}=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  // A page with times was written for another zone; where cookies are refused it stays as it is.
  if (kept() === zone && document.querySelector("time")) location.reload();
}

const bar = document.querySelector<HTMLElement>("[data-offline]");
if (bar) watchNetwork(bar, document.documentElement, Date.now());
const owner = document.querySelector(".who [href='/account']")?.textContent;
if (owner) {
  void keepForOffline();
  sendOnReturn();
  const text = bar ? words(bar)["waiting"] : "";
  for (const form of document.querySelectorAll<HTMLFormElement>("form[action*='/logout']"))
    warnOfWaiting(form, owner.trim(), text ?? "");
}
