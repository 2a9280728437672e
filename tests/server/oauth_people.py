"""An app, the person who lets it in, and what the app then sends: by hand, so that every field can be wrong."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from paceline_server.platform.auth import form_key_of
from server.running_server import Person, RunningServer

CALLBACK = "https://app.example/callback?from=paceline"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Client:
    """A registered app."""

    client_id: str
    secret: str | None = None

    @property
    def fields(self) -> dict[str, str]:
        """What the app shows itself by, in the form."""
        return {"client_id": self.client_id} | ({"client_secret": self.secret} if self.secret else {})


async def register(
    server: RunningServer, maker: Person, uris: tuple[str, ...] = (CALLBACK,), kind: str = "public"
) -> Client:
    """Register an app; `maker` is a session."""
    body = {"name": "Race planner", "redirect_uris": list(uris), "type": kind}
    url = f"/api/v1/users/{maker.owner_id}/apps"
    async with server.http.post(url, json=body, headers=maker.headers) as response:
        made = await response.json()
        assert response.status == 201, made
        return Client(made["client_id"], made["client_secret"])


def question(client: Client, **changed: str | None) -> dict[str, str]:
    """Return the parameters with which an app sends a person here; None leaves one out."""
    asked: dict[str, str | None] = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": CALLBACK,
        "scope": "activities:read daily:read",
        "state": "s t&ate",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (asked | changed).items() if value is not None}


async def decide(
    server: RunningServer, person: Person, asked: dict[str, str], decision: str = "agree"
) -> tuple[int, str, dict[str, str]]:
    """Answer the consent page; return status, where one is sent, and with which parameters."""
    form = asked | {"decision": decision, "form_key": form_key_of(person.token)}
    async with server.http.post(
        "/oauth/authorize", data=form, headers=person.headers, allow_redirects=False
    ) as response:
        location = response.headers.get("Location", "")
        told = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        return response.status, location, told


async def agreed(server: RunningServer, person: Person, client: Client, **changed: str | None) -> str:
    """Let the app in and return the code."""
    status, location, told = await decide(server, person, question(client, **changed))
    assert status == 303 and "code" in told, location
    return told["code"]


async def ask_tokens(server: RunningServer, form: dict[str, str], **headers: str) -> tuple[int, dict[str, Any]]:
    """Ask the token endpoint."""
    async with server.http.post("/api/v1/oauth/token", data=form, headers=headers) as response:
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, await response.json()


async def redeem(server: RunningServer, client: Client, code: str, **changed: str) -> tuple[int, dict[str, Any]]:
    """Ask for the tokens of a code."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return await ask_tokens(server, form | client.fields | changed)


async def renew(server: RunningServer, client: Client, refresh_token: str, **more: str) -> tuple[int, dict[str, Any]]:
    """Ask for new tokens."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return await ask_tokens(server, form | client.fields | more)


async def let_in(server: RunningServer, person: Person, client: Client, **changed: str | None) -> dict[str, Any]:
    """Let the app in and return its tokens."""
    status, tokens = await redeem(server, client, await agreed(server, person, client, **changed))
    assert status == 200, tokens
    return tokens


async def reads(server: RunningServer, tokens: dict[str, Any]) -> int:
    """Read activities with an access token, and see to it that its use is kept; return the status."""
    status, _ = await server.get(Person(tokens["user_id"], tokens["access_token"]), f"/users/{tokens['user_id']}/stats")
    return status
