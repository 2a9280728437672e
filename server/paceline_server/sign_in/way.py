"""What a browser carries while its person is at the provider, or chooses a name: sealed, and for a few minutes."""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import TypeVar

from paceline_server.platform.schema import DatabaseError
from paceline_server.platform.sealing import Sealer

LIFETIME_S = 900.0


@dataclass(frozen=True, slots=True)
class Way:
    """One sign-in on its way; `link_to` is the account that the identity shall open, "" to sign in."""

    provider: str
    state: str
    nonce: str
    verifier: str
    next_path: str
    link_to: str
    until_s: float


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whom a provider vouches for and who has no account yet."""

    issuer: str
    subject: str
    label: str
    email: str | None
    next_path: str
    until_s: float


Carried = TypeVar("Carried", Way, Newcomer)


def sealed(sealer: Sealer, carried: Way | Newcomer) -> str:
    """Return what goes into the cookie."""
    text = json.dumps(asdict(carried)).encode()
    return base64.urlsafe_b64encode(sealer.seal(text, f"sign-in {type(carried).__name__}")).decode()


def opened(sealer: Sealer, text: str, kind: type[Carried], now_s: float) -> Carried | None:
    """Return what a cookie carries; None when it is none of ours, or too old."""
    try:
        fields = json.loads(sealer.open(base64.urlsafe_b64decode(text), f"sign-in {kind.__name__}"))
        carried = kind(**fields)
    except (DatabaseError, binascii.Error, ValueError, TypeError):
        return None
    return carried if carried.until_s > now_s else None
