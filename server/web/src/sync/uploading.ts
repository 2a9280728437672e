// Brings the ranges that wait to the server, as the gateway does: any range, any number of times, is one result there.

import { all, write } from "../phone/database.ts";
import { type Journal, type Range, keyOf, rangesOf, standingOf } from "./spool.ts";
import { joined } from "./frames.ts";

const LARGEST = 64 * 1024;
const PAGE = 4096;
const TIMEOUT_MS = 60_000;

type Fetch = (path: string, options: RequestInit) => Promise<Response>;

/** Upload all that waits on this phone, whoever's; return how many journals wait on. */
export async function uploadAll(fetch: Fetch): Promise<number> {
  let later = 0;
  for (const journal of await all<Journal>("journals")) if (!(await upload(fetch, journal))) later++;
  return later;
}

async function upload(fetch: Fetch, journal: Journal): Promise<boolean> {
  const waiting = await rangesOf(journal);
  while (waiting.length) {
    const batch = [waiting.shift() as Range];
    let end = end_of(batch[0] as Range);
    while (waiting[0]?.position === end && end_of(waiting[0]) - (batch[0] as Range).position <= LARGEST) {
      batch.push(waiting.shift() as Range);
      end = end_of(batch.at(-1) as Range);
    }
    const done = await send(fetch, journal, batch);
    if (done === null) return false;
    await settle(journal, batch, done);
    if (done.trouble !== null) return true;
  }
  return true;
}

const end_of = (range: Range): number => range.position + range.bytes.length;

interface Done {
  confirmed: number;
  trouble: string | null;
}

/** Send ranges that follow each other; null when it is to be tried later. */
async function send(fetch: Fetch, journal: Journal, batch: Range[], gap = false): Promise<Done | null> {
  const position = (batch[0] as Range).position;
  const query = `position=${position}${gap ? "&gap=true" : ""}`;
  const path = `/api/v1/devices/${journal.device_id}/journal/${journal.epoch}?${query}`;
  try {
    const headers = { "Content-Type": "application/octet-stream", "Paceline-User": journal.owner_id };
    const body = joined(...batch.map(range => range.bytes));
    const response = await fetch(path, {
      method: "PUT",
      headers,
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const told = (await response.json()) as {
      position?: number;
      error?: string;
      message?: string;
      expected_position?: number;
    };
    if (response.ok) return { confirmed: told.position ?? 0, trouble: null };
    if (told.error === "gap" && !gap && position % PAGE === 0 && (told.expected_position ?? 0) < position) {
      return await send(fetch, journal, batch, true); // what lies before was overwritten on the wearable
    }
    const later = response.status >= 500 || [401, 408, 429].includes(response.status);
    if (later || told.error === "other_user") return null;
    return { confirmed: 0, trouble: told.message ?? String(response.status) };
  } catch {
    return null;
  }
}

/** Forget what the server holds; a range that it refused stays, with the reason. */
async function settle(journal: Journal, batch: Range[], done: Done): Promise<void> {
  const before = await standingOf(journal);
  const confirmed = Math.max(before.confirmed, done.confirmed);
  await write(["progress", "ranges"], of => {
    of("progress").put({ ...before, confirmed, trouble: done.trouble });
    if (done.trouble !== null) return;
    for (const range of batch) of("ranges").delete([...keyOf(range), range.position]);
  });
}
