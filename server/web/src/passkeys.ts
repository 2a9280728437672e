// Passkeys: asks the browser what the server asks (WebAuthn), puts the answer into the form and sends it.

import { words } from "./words.ts";

interface Asked {
  ticket: string;
  options: Record<string, unknown>;
}

type Named = { id: string; type: "public-key" };

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, letter => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer | null): string | undefined {
  if (!buffer) return undefined;
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function named(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list as Named[] | undefined) ?? []).map(one => ({ ...one, id: bytes(one.id) }));
}

async function create(options: Record<string, unknown>): Promise<Credential | null> {
  const user = options["user"] as { id: string; name: string; displayName: string };
  const asked = {
    ...options,
    challenge: bytes(options["challenge"] as string),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: named(options["excludeCredentials"]),
  };
  return navigator.credentials.create({ publicKey: asked as unknown as PublicKeyCredentialCreationOptions });
}

async function get(options: Record<string, unknown>): Promise<Credential | null> {
  const asked = {
    ...options,
    challenge: bytes(options["challenge"] as string),
    allowCredentials: named(options["allowCredentials"]),
  };
  return navigator.credentials.get({ publicKey: asked as unknown as PublicKeyCredentialRequestOptions });
}

/** What the server reads, as PublicKeyCredential.toJSON() writes it; not every browser has that yet. */
function answered(credential: PublicKeyCredential): string {
  const response = credential.response;
  const answer: Record<string, unknown> = { clientDataJSON: text(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    answer["attestationObject"] = text(response.attestationObject);
    answer["transports"] = response.getTransports?.() ?? [];
  } else if (response instanceof AuthenticatorAssertionResponse) {
    answer["authenticatorData"] = text(response.authenticatorData);
    answer["signature"] = text(response.signature);
    answer["userHandle"] = text(response.userHandle);
  }
  const id = text(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: "public-key", response: answer });
}

function put(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}

async function ask(form: HTMLFormElement, address: string): Promise<void> {
  const begun = await fetch(address, { method: "POST" });
  const asked = (await begun.json()) as Asked & { error?: string; message?: string };
  if (asked.error === "log_in_again") {
    location.href = `/account/again?next=${encodeURIComponent(location.pathname)}`;
    return;
  }
  if (!begun.ok) throw new Error();
  const made = "user" in asked.options ? await create(asked.options) : await get(asked.options);
  if (!(made instanceof PublicKeyCredential)) throw new Error();
  put(form, "ticket", asked.ticket);
  put(form, "credential", answered(made));
  form.submit();
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  const said = form.querySelector<HTMLElement>("[data-said]");
  const button = form.querySelector("button");
  if (!window.PublicKeyCredential || !button || !said) continue;
  button.disabled = false;
  said.textContent = "";
  form.addEventListener("submit", event => {
    event.preventDefault();
    said.textContent = "";
    ask(form, form.dataset["passkey"] ?? "").catch((error: unknown) => {
      // Taken back by the person, or nothing there: the browser says no more than that.
      const refused = error instanceof DOMException && error.name === "NotAllowedError";
      said.textContent = words(form)[refused ? "none" : "failed"] ?? "";
    });
  });
}
