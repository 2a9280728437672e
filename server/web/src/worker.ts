// The service worker: shows what the server pushes, and opens its page when it is tapped. It keeps no pages.

interface Told {
  id: string;
  title: string;
  text: string;
  link: string;
}

/** What is used of a service worker's global scope: the DOM's types, which the other scripts have, lack it. */
interface WorkerScope {
  registration: ServiceWorkerRegistration;
  clients: { openWindow(url: string): Promise<unknown> };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: "install" | "push" | "notificationclick",
    listener: (event: WorkerEvent) => void,
  ): void;
}

interface WorkerEvent extends Event {
  data?: { json(): unknown } | null;
  notification?: Notification;
  waitUntil(work: Promise<unknown>): void;
}

const worker = self as unknown as WorkerScope;

worker.addEventListener("install", event => event.waitUntil(worker.skipWaiting()));

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

export {};
