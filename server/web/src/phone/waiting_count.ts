// How much waits on this phone.

import { all } from "./database.ts";
import { type Journal, rangesOf } from "../sync/spool.ts";
import type { Errand, Recording } from "./kept.ts";

/** How many things wait, of all or of one user by name. */
export async function waitingOf(owner?: string): Promise<number> {
  const [recordings, errands] = [await all<Recording>("recordings"), await all<Errand>("errands")];
  const journals: Journal[] = [];
  for (const one of await all<Journal>("journals")) if ((await rangesOf(one)).length) journals.push(one);
  return [...recordings, ...errands, ...journals].filter(one => owner === undefined || one.owner === owner)
    .length;
}
