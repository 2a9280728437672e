// How much waits on this phone.

import { all } from "./database.ts";
import type { Errand, Recording } from "./kept.ts";

/** How many things wait, of all or of one user by name. */
export async function waitingOf(owner?: string): Promise<number> {
  const [recordings, errands] = [await all<Recording>("recordings"), await all<Errand>("errands")];
  return [...recordings, ...errands].filter(one => owner === undefined || one.owner === owner).length;
}
