// What is entered without a network, as the request that it becomes: each has a key of its own, so that it is done once.

import { write } from "./database.ts";
import { type Errand, type Recording, newId } from "./kept.ts";

export interface Owner {
  owner_id: string;
  owner: string;
}

type Request = Pick<Errand, "method" | "path" | "body">;

export interface SetDone {
  exercise: string;
  repetitions: number;
  load_kg?: number;
}

export interface ByHand {
  sport: string;
  start: Date;
  minutes: number;
  distance_m: number | null;
  notes: string;
  sets: SetDone[];
}

/** Keep a request until the server has taken it. */
export async function enqueue(owner: Owner, name: string, made: (id: string) => Request): Promise<void> {
  const made_ms = Date.now();
  const id = newId(made_ms);
  const errand: Errand = { ...owner, id, made_ms, name, trouble: null, ...made(id) };
  await write(["errands"], of => of("errands").put(errand));
}

export function meal(name: string, energy_kcal: number, time: Date): (id: string) => Request {
  return id => ({
    method: "POST",
    path: "/api/v1/meals",
    body: { name, energy_kcal, time: time.toISOString(), client_id: id },
  });
}

export function weight(owner_id: string, day: string, value: number): (id: string) => Request {
  return () => ({ method: "PUT", path: `/api/v1/users/${owner_id}/body/weight_kg/${day}`, body: { value } });
}

export function byHand(told: ByHand): (id: string) => Request {
  return id => ({
    method: "POST",
    path: "/api/v1/activities",
    body: {
      type: told.sport,
      start_time: told.start.toISOString(),
      duration: 60 * told.minutes,
      ...(told.distance_m === null ? {} : { distance: told.distance_m }),
      notes: told.notes,
      sets: told.sets,
      activity_id: id,
    },
  });
}

/** A recording that was thrown away, of which something may have been sent. */
export async function takeBack(one: Recording, name: string): Promise<void> {
  const path = `/api/v1/activities/${one.id}`;
  await enqueue({ owner_id: one.owner_id, owner: one.owner }, name, () => ({
    method: "DELETE",
    path,
    body: null,
  }));
}
