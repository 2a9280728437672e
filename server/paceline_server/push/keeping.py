"""Seals where browsers are reached, and opens it."""

import base64
import hashlib

import orjson

from paceline_server.platform.sealing import Sealer
from paceline_server.push.model import Receiver, Subscription


class Keeper:
    """Makes subscriptions of receivers, and receivers of subscriptions."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def subscription(self, owner_id: str, name: str, receiver: Receiver, now_s: float) -> Subscription:
        """Return what is kept; the same endpoint has the same id."""
        subscription_id = hashlib.sha256(receiver.endpoint.encode()).hexdigest()[:32]
        keys = (base64.b64encode(part).decode() for part in (receiver.public_key, receiver.auth))
        secret = orjson.dumps([receiver.endpoint, *keys])
        sealed = self._sealer.seal(secret, _owner(owner_id, subscription_id))
        return Subscription(owner_id, subscription_id, name, sealed, now_s)

    def open(self, kept: Subscription) -> Receiver:
        """Return where a browser is reached; DatabaseError when it does not open."""
        endpoint, public_key, auth = orjson.loads(
            self._sealer.open(kept.sealed, _owner(kept.owner_id, kept.subscription_id))
        )
        return Receiver(endpoint, base64.b64decode(public_key), base64.b64decode(auth))


def _owner(owner_id: str, subscription_id: str) -> str:
    return f"push {owner_id} {subscription_id}"
