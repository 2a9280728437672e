// What is kept for offline: files of the build, and pages that were seen, which are those of whoever is logged in.

const BUILT = "built";
const PAGES = "pages";
const MOST_BUILT = 80;
const MOST_PAGES = 60;
const SLOW_MS = 8_000;
const RECORDER = "/record";
export const OFFLINE_PAGE = "/offline";

// How often the pages were forgotten: what was asked for before the last time is somebody's who is gone by now.
let forgotten = 0;

/** The time that a request is of; keepPage wants it back. */
export const timeOfAsking = (): number => forgotten;

/** Take in what this build needs; a file that is there already is not asked for again. */
export async function keepShell(files: readonly string[]): Promise<void> {
  const cache = await caches.open(BUILT);
  const absent = await Promise.all(files.map(async file => ((await cache.match(file)) ? [] : [file])));
  await cache.addAll(absent.flat());
  await cache.add(new Request(OFFLINE_PAGE, { cache: "reload" }));
  await bound(cache, MOST_BUILT, files);
}

/** The file of a build: as kept, else from the server. Old ones stay for the pages that were kept with them. */
export async function built(request: Request): Promise<Response> {
  const cache = await caches.open(BUILT);
  const held = await cache.match(request, { ignoreVary: true });
  if (held) return held;
  const response = await fetch(request);
  if (response.status === 200) {
    await cache.put(request, response.clone());
    await bound(cache, MOST_BUILT, []);
  }
  return response;
}

/** Keep a page that was asked for at that time; not when all were forgotten while it was on its way. */
export async function keepPage(url: string, response: Response, asked_at: number): Promise<void> {
  const cache = await caches.open(PAGES);
  if (asked_at !== forgotten) return; // what is forgotten from here on takes this cache along
  await cache.delete(url);
  await cache.put(url, response);
  await bound(cache, MOST_PAGES, [RECORDER]);
}

export async function pageOf(url: string): Promise<Response | undefined> {
  return (await caches.open(PAGES)).match(url, { ignoreVary: true });
}

export async function offlinePage(): Promise<Response> {
  const cache = await caches.open(BUILT);
  return (await cache.match(OFFLINE_PAGE, { ignoreVary: true })) ?? Response.error();
}

/** Forget all pages: they are somebody's. */
export async function forgetPages(): Promise<void> {
  forgotten++;
  await caches.delete(PAGES);
}

/** Ask the server; where there is something to show instead it has only so long. Rejects when it does not answer. */
export async function asked(request: Request, patient: boolean): Promise<Response> {
  if (patient) return fetch(request);
  const slow = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error("slow")), SLOW_MS));
  return Promise.race([fetch(request), slow]);
}

/** The kept page, saying in its root when it was seen; the recorder is the same at any time. */
export async function marked(held: Response): Promise<Response> {
  if (new URL(held.url).pathname === RECORDER) return held;
  const seen_ms = Date.parse(held.headers.get("Date") ?? "") || 0;
  const headers = new Headers(held.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const text = (await held.text()).replace("<html ", `<html data-seen-ms="${seen_ms}" `);
  return new Response(text, { status: 200, headers });
}

async function bound(cache: Cache, most: number, staying: readonly string[]): Promise<void> {
  const keys = await cache.keys(); // the oldest first
  const loose = keys.filter(key => !staying.includes(new URL(key.url).pathname));
  for (const key of loose.slice(0, Math.max(0, keys.length - most))) await cache.delete(key);
}
