// Keeps a workout on the phone as it grows: each point is on the disk before the next comes, whatever becomes of the page.

import { all, write } from "../phone/database.ts";
import type { Point, Recording } from "../phone/kept.ts";

/** Keep what the workout is now, and a new point of it, together. */
export function keep(recording: Recording, point: Point | null = null): Promise<void> {
  return write(["recordings", "points"], of => {
    of("recordings").put(recording);
    if (point) of("points").put({ id: recording.id, row: recording.points - 1, point });
  });
}

/** The workout of this user that was under way when a page was closed, or died. */
export async function leftOver(owner_id: string): Promise<Recording | null> {
  const found = await all<Recording>("recordings");
  return found.find(one => one.owner_id === owner_id && one.state !== "ended") ?? null;
}
