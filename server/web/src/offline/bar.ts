// The bar of a page that is shown without a network: says so, and as of when the page is.

import { words } from "../words.ts";

/** Show the bar while the page is a kept one or the network is away; `now_ms`: when the page was loaded. */
export function watchNetwork(bar: HTMLElement, root: HTMLElement, now_ms: number): void {
  const said = words(bar);
  const text = bar.querySelector("[data-text]") as HTMLElement;
  const seen = root.dataset["seenMs"];
  const seen_ms = Number(seen) || now_ms;
  const time = new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "short" }).format(
    seen_ms,
  );

  const show = (online: boolean): void => {
    bar.hidden = online && seen === undefined;
    text.textContent = online ? (said["back"] ?? "") : (said["seen"] ?? "").replace("{time}", time);
  };
  // A kept page was shown because the server did not answer, whatever the browser thinks of its network.
  if (seen !== undefined || !navigator.onLine) show(false);
  addEventListener("offline", () => show(false));
  addEventListener("online", () => show(true));
}
