// What is used of a service worker's global scope: the DOM's types, which the other scripts have, lack it.

export interface WorkerEvent extends Event {
  data?: { json(): unknown } | null;
  notification?: Notification;
  request: Request;
  tag?: string;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

export interface WorkerScope {
  registration: ServiceWorkerRegistration;
  clients: { openWindow(url: string): Promise<unknown>; claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: "install" | "activate" | "fetch" | "message" | "sync" | "push" | "notificationclick",
    listener: (event: WorkerEvent) => void,
  ): void;
}
