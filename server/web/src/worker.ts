// The service worker: shows what the server pushes, keeps what was seen for when there is no network, and sends what
// waited for one (offline/). The network comes first: a page is never older than it must be.

import { endsAccount, isAway, isBuilt, isData, isKept, mayKeep } from "./offline/kept_pages.ts";
import { asked, built, forgetPages, keepPage, keepShell, timeOfAsking } from "./offline/page_store.ts";
import { marked, offlinePage, pageOf } from "./offline/page_store.ts";
import { SYNC_TAG, send } from "./phone/when.ts";
import type { WorkerScope } from "./offline/worker_scope.ts";

declare const SHELL: string[]; // put in by the build

interface Told {
  id: string;
  title: string;
  text: string;
  link: string;
}

const worker = self as unknown as WorkerScope;

worker.addEventListener("install", event => {
  event.waitUntil(keepShell(SHELL).then(() => worker.skipWaiting()));
});
worker.addEventListener("activate", event => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  const navigates = request.mode === "navigate";
  if (navigates && endsAccount(pathname)) event.waitUntil(forgetPages());
  if (request.method !== "GET") return;
  if (isBuilt(pathname)) event.respondWith(built(request));
  else if (navigates || isData(pathname)) event.respondWith(newest(request, navigates));
});

async function newest(request: Request, navigates: boolean): Promise<Response> {
  const kept = !navigates || isKept(new URL(request.url).pathname);
  const asked_at = timeOfAsking();
  const held = kept ? await pageOf(request.url) : undefined;
  try {
    const response = await asked(request, !held);
    if (held && isAway(response.status)) return await shown(held, navigates);
    if (kept && mayKeep(response)) await keepPage(request.url, response.clone(), asked_at);
    return response;
  } catch (error) {
    if (held) return shown(held, navigates);
    if (navigates) return offlinePage();
    throw error;
  }
}

const shown = (held: Response, navigates: boolean): Promise<Response> =>
  navigates ? marked(held) : Promise.resolve(held);

/** The network is back while no page is open: what waits is sent; what fails is tried again by the browser, later. */
worker.addEventListener("sync", event => {
  if (event.tag === SYNC_TAG) event.waitUntil(sendWaiting());
});

async function sendWaiting(): Promise<void> {
  const { later } = await send();
  if (later > 0) throw new Error(`${later} still wait`);
}

/** A page asks to keep another: the recorder, which must be there when it is needed for the first time. */
worker.addEventListener("message", event => {
  const path = (event.data as unknown as { keep?: string } | null)?.keep;
  if (path) event.waitUntil(keepAhead(new URL(path, location.origin)));
});

async function keepAhead(url: URL): Promise<void> {
  if (url.origin !== location.origin || !isKept(url.pathname)) return;
  const asked_at = timeOfAsking();
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (mayKeep(response)) await keepPage(url.href, response, asked_at);
}

worker.addEventListener("push", event => {
  const told = event.data?.json() as Told | undefined;
  if (!told) return;
  // One tag for each notification: what is sent twice is shown once.
  const shown = { body: told.text, tag: told.id, icon: "/static/icon.svg", data: told.link };
  event.waitUntil(worker.registration.showNotification(told.title, shown));
});

worker.addEventListener("notificationclick", event => {
  event.notification?.close();
  const link: unknown = event.notification?.data;
  // A path of this server, as it says; nothing else is opened.
  const path = typeof link === "string" && /^\/(?!\/)/.test(link) ? link : "/notifications";
  event.waitUntil(worker.clients.openWindow(path));
});
