"""What the API of the apps takes and gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from paceline_server.apps.model import LONGEST_NAME, LONGEST_URI, MOST_URIS
from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Utc, Uuid

RedirectUri = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST_URI,
        description="https, a scheme like com.example.app, or http on 127.0.0.1 or [::1], where any port is taken.",
        examples=["https://app.example/callback"],
    ),
]


class NewApp(Struct, forbid_unknown_fields=True):
    """An app to be registered; a confidential one, which runs on a server, gets a secret."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Race planner"])]
    redirect_uris: Annotated[list[RedirectUri], Meta(min_length=1, max_length=MOST_URIS)]
    type: Literal["public", "confidential"] = "public"


class AppShown(Struct):
    """An app that one has registered."""

    client_id: Uuid
    name: str
    redirect_uris: list[str]
    type: Literal["public", "confidential"]
    created_at: Utc


class AppMade(AppShown):
    """An app that was just registered, with its secret, which is shown only now; null for a public one."""

    client_secret: str | None


class Apps(PageShown):
    """The apps that one has registered, the newest first."""

    apps: list[AppShown]
