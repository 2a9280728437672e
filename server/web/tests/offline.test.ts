import assert from "node:assert/strict";
import { test } from "node:test";
import { endsAccount, isKept, mayKeep } from "../src/offline/kept_pages.ts";
import { forgetPages, keepPage, pageOf, timeOfAsking } from "../src/offline/page_store.ts";

/** The browser's caches as the specification has them: one that is deleted while it is open is nobody's any more. */
class Caches {
  #open = new Map<string, Map<string, Response>>();

  async open(name: string): Promise<unknown> {
    await null;
    const held = this.#open.get(name) ?? new Map<string, Response>();
    this.#open.set(name, held);
    return {
      match: async (url: string) => held.get(url)?.clone(),
      put: async (url: string, response: Response) => void held.set(url, response),
      delete: async (url: string) => held.delete(url),
      keys: async () => [...held.keys()].map(url => ({ url })),
    };
  }

  async delete(name: string): Promise<boolean> {
    await null;
    return this.#open.delete(name);
  }
}

const URL_OF = "https://paceline.example/health";

test("a page that was on its way when somebody logged out is not kept, whichever comes first", async () => {
  for (let steps = 0; steps < 12; steps++) {
    globalThis.caches = new Caches() as unknown as CacheStorage;
    const asked_at = timeOfAsking();
    const keeping = keepPage(URL_OF, new Response("mine"), asked_at);
    for (let step = 0; step < steps; step++) await null;
    await Promise.all([forgetPages(), keeping]);
    assert.equal(await pageOf(URL_OF), undefined, `after ${steps} steps`);
    await keepPage(URL_OF, new Response("mine"), asked_at);
    assert.equal(await pageOf(URL_OF), undefined, `late, after ${steps} steps`);
    await keepPage(URL_OF, new Response("another's"), timeOfAsking());
    assert.equal(await (await pageOf(URL_OF))?.text(), "another's");
  }
});

test("what is kept, what ends an account, and which answers may be kept", () => {
  for (const path of ["/", "/progress", "/activities/1", "/imports/1", "/record"])
    assert.ok(isKept(path), path);
  for (const path of ["/account/security", "/admin", "/oauth/authorize", "/device"]) assert.ok(!isKept(path));
  for (const path of ["/logout", "/login", "/sign-in/x"]) assert.ok(endsAccount(path), path);
  assert.ok(!endsAccount("/loginx"));
  const answer = (status: number, rule: string): Response =>
    new Response("", { status, headers: { "Cache-Control": rule } });
  assert.deepEqual(
    [mayKeep(answer(200, "")), mayKeep(answer(200, "no-store")), mayKeep(answer(404, ""))],
    [true, false, false],
  );
});
