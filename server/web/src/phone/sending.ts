// Brings to the server what waits here: recordings point by point, errands one by one. Done again, it changes nothing there:
// ids are made here, points have numbers, errands have keys.

import { type Answer, type Fetch, ask } from "./asking.ts";
import { uploadAll } from "../sync/uploading.ts";
import { all, between, get, write } from "./database.ts";
import type { Errand, Point, Progress, Recording } from "./kept.ts";

const BATCH = 1000;
const MOST_GAPS = 3;
const LOCK = "paceline sending";

/** What a round came to: ids of workouts that are on the server now, and how much still waits for a better moment. */
export interface Sent {
  saved: string[];
  later: number;
}

/** Send all that may be sent; only one tab or worker does at a time. */
export async function sendAll(fetch: Fetch): Promise<Sent> {
  const sent = await navigator.locks.request(LOCK, { ifAvailable: true }, lock =>
    lock ? round(fetch) : null,
  );
  return sent ?? { saved: [], later: 0 };
}

async function round(fetch: Fetch): Promise<Sent> {
  const sent: Sent = { saved: [], later: 0 };
  for (const recording of await all<Recording>("recordings")) {
    const before = await progressOf(recording.id);
    if (before.trouble !== null) continue;
    const answer = await sendRecording(fetch, recording, before);
    if (answer === null) continue; // all there is so far
    if (answer.kind === "later") sent.later++;
    else if (answer.kind === "refused")
      await put({ ...(await progressOf(recording.id)), trouble: answer.message });
    else {
      await forget(recording.id);
      sent.saved.push(recording.id);
    }
  }
  for (const errand of await all<Errand>("errands")) {
    if (errand.trouble !== null) continue;
    const answer = await ask(fetch, { ...errand, key: errand.id });
    if (answer.kind === "later") sent.later++;
    else if (answer.kind === "refused")
      await write(["errands"], of => of("errands").put({ ...errand, trouble: answer.message }));
    else await write(["errands"], of => of("errands").delete(errand.id));
  }
  sent.later += await uploadAll(fetch);
  return sent;
}

export async function progressOf(id: string): Promise<Progress> {
  const fresh: Progress = { id, begun: false, sent: 0, finished: false, trouble: null };
  return (await get<Progress>("progress", id)) ?? fresh;
}

const put = (progress: Progress): Promise<void> => write(["progress"], of => of("progress").put(progress));

/** Remove a recording and all that belongs to it. */
export async function forget(id: string): Promise<void> {
  const points = IDBKeyRange.bound([id, 0], [id, Infinity]);
  await write(["recordings", "points", "progress"], of => {
    of("recordings").delete(id);
    of("points").delete(points);
    of("progress").delete(id);
  });
}

/** Take a recording as far as it goes: "done" when the server has all of it, null while more is recorded. */
async function sendRecording(fetch: Fetch, one: Recording, progress: Progress): Promise<Answer | null> {
  const to = (method: string, path: string, body: unknown, key?: string): Promise<Answer> =>
    ask(fetch, {
      method,
      path: `/api/v1/activities${path}`,
      owner_id: one.owner_id,
      body,
      ...(key ? { key } : {}),
    });

  if (!progress.begun) {
    const start_time = new Date(one.started_ms).toISOString();
    const answer = await to("POST", "/start", { type: one.sport, start_time, activity_id: one.id });
    if (answer.kind !== "done") return answer;
    if (answer.body["status"] === "deleted") return refused("deleted");
    progress = { ...progress, begun: true };
    await put(progress);
  }
  for (let gaps = 0; progress.sent < one.points;) {
    const points = await pointsOf(one.id, progress.sent, Math.min(one.points, progress.sent + BATCH));
    const answer = await to("POST", `/${one.id}/points`, { from: progress.sent, data_points: points });
    if (answer.kind === "done") progress = { ...progress, sent: progress.sent + points.length };
    else if (answer.kind === "refused" && answer.expected_from !== null && gaps++ < MOST_GAPS)
      progress = { ...progress, sent: answer.expected_from };
    else return answer;
    await put(progress);
  }
  if (one.state !== "ended") return null;
  if (!progress.finished) {
    const end = { duration: one.ended_s, points: one.points, laps: one.laps, pauses: one.pauses };
    const answer = await to("POST", `/${one.id}/finish`, end);
    if (answer.kind !== "done") return answer;
    progress = { ...progress, finished: true };
    await put(progress);
  }
  if (!one.title && !one.notes) return { kind: "done", body: {} };
  return to("PATCH", `/${one.id}`, { title: one.title, notes: one.notes }, `${one.id}-said`);
}

const refused = (error: string): Answer => ({ kind: "refused", error, message: error, expected_from: null });

async function pointsOf(id: string, first: number, end: number): Promise<Point[]> {
  const rows = await between<{ point: Point }>("points", [id, first], [id, end - 1]);
  return rows.map(row => row.point);
}
