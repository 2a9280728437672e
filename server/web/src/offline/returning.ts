// On any page: what was recorded or entered without a network is sent, and is not forgotten by who logs out.

import { waitingOf } from "../phone/waiting_count.ts";
import { send } from "../phone/when.ts";

/** Send what waits when a page is opened, and when the network comes back to it. */
export function sendOnReturn(): void {
  if (!("locks" in navigator)) return; // no secure origin: nothing can wait here
  const now = async (): Promise<void> => {
    if ((await waitingOf()) > 0) await send();
  };
  void now();
  addEventListener("online", () => void now());
}

/** Ask once more before this user logs out, of whom something waits: it is only sent after the next log-in. */
export function warnOfWaiting(form: HTMLFormElement, owner: string, text: string): void {
  let sure = false;
  form.addEventListener("submit", event => {
    if (sure || !("locks" in navigator)) return;
    event.preventDefault();
    void waitingOf(owner)
      .catch(() => 0)
      .then(count => {
        if (count > 0 && !confirm(text.replace("{count}", String(count)))) return;
        sure = true;
        form.submit();
      });
  });
}
