// One request to the server on somebody's behalf, and what its answer means for what waits.

export type Answer =
  | { kind: "done"; body: Record<string, unknown> }
  | { kind: "later" } // no network, the server away or busy, nobody or somebody else logged in
  | { kind: "refused"; error: string; message: string; expected_from: number | null };

export interface Ask {
  method: string;
  path: string;
  owner_id: string;
  body: unknown;
  key?: string;
}

export type Fetch = (path: string, options: RequestInit) => Promise<Response>;

const LATER = new Set([401, 408, 425, 429]);
const NOT_NOW = new Set(["other_user", "busy"]);
const TIMEOUT_MS = 30_000;

/** Send it as its owner's: the server refuses it where somebody else is logged in by now (Paceline-User). */
export async function ask(fetch: Fetch, { method, path, owner_id, body, key }: Ask): Promise<Answer> {
  const headers: Record<string, string> = { "Content-Type": "application/json", "Paceline-User": owner_id };
  if (key) headers["Idempotency-Key"] = key;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = body === null ? {} : { body: JSON.stringify(body) };
    const response = await fetch(path, { method, headers, signal, ...sent });
    const told = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    // What is to be deleted and is not there is as it should be.
    const gone = method === "DELETE" && response.status === 404;
    if (response.ok || gone) return { kind: "done", body: told };
    const error = String(told["error"] ?? response.status);
    if (response.status >= 500 || LATER.has(response.status) || NOT_NOW.has(error)) return { kind: "later" };
    const expected = told["expected_from"];
    return {
      kind: "refused",
      error,
      message: String(told["message"] ?? response.statusText),
      expected_from: typeof expected === "number" ? expected : null,
    };
  } catch {
    return { kind: "later" };
  }
}
