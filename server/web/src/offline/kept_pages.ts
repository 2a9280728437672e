// Which pages a phone keeps to show them offline, and when it forgets them: decisions without a cache.

/** First parts of the paths that are kept; what is not named (the account, log-ins, codes, secrets) never is. */
const KEPT = new Set([
  "",
  "achievements",
  "activities",
  "calendar",
  "deleted",
  "devices",
  "gear",
  "goals",
  "health",
  "imports",
  "more",
  "notifications",
  "progress",
  "record",
  "stats",
  "sync",
  "training",
  "year",
]);
const DATA = /^\/api\/v1\/activities\/[^/]+\/streams$/;
const HASHED = /^\/static\/.+-[0-9A-Z]{8}\.\w+$/;
/** Nobody is logged in who comes to these: what was kept for somebody is not for whoever comes next. */
const OUT = /^\/(login|logout|register|welcome|recover|sign-in)(\/|$)/;

export function isKept(path: string): boolean {
  return KEPT.has(path.split("/")[1] ?? "");
}

/** Rows of charts, without which a page of an activity is half a page. */
export function isData(path: string): boolean {
  return DATA.test(path);
}

/** A file of the build: under this name it never changes. */
export function isBuilt(path: string): boolean {
  return HASHED.test(path);
}

/** Whether a navigation shows that nobody is logged in any more, or soon somebody else. */
export function endsAccount(path: string): boolean {
  return OUT.test(path);
}

/** Whether an answer may be kept: whole, and not said to be kept by nobody. */
export function mayKeep(response: Response): boolean {
  const rule = response.headers.get("Cache-Control") ?? "";
  return response.status === 200 && !response.redirected && !rule.includes("no-store");
}

/** Whether an answer is that of something between, while the server itself is away. */
export function isAway(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}
