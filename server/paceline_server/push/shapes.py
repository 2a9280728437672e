"""What the API of web push takes and gives."""

from typing import Annotated

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Utc

SubscriptionId = Annotated[str, Meta(pattern="^[0-9a-f]{32}$", examples=["9f86d081884c7d65" * 2])]
Key = Annotated[
    str,
    Meta(
        min_length=16,
        max_length=200,
        pattern="^[0-9A-Za-z_=-]*$",
        description="In base64url.",
        examples=["BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQ"],
    ),
]


class Keys(Struct, forbid_unknown_fields=True):
    """A browser's public key, and its secret."""

    p256dh: Key
    auth: Key


class NewSubscription(Struct, forbid_unknown_fields=True):
    """What a browser's PushSubscription.toJSON() says, and what people call the browser."""

    endpoint: Annotated[str, Meta(min_length=10, max_length=1000, examples=["https://push.example.org/send/1"])]
    keys: Keys
    name: Annotated[str, Meta(max_length=100)] = ""


class SubscriptionShown(Struct):
    """A browser that gets notifications; its endpoint is not shown again."""

    subscription_id: SubscriptionId
    name: str
    created_at: Utc


class Subscriptions(Struct):
    """Browsers, and the key by which they know this server: `applicationServerKey` of subscribe()."""

    application_server_key: str
    subscriptions: list[SubscriptionShown]
