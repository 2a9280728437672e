"""Who sends: voluntary application server identification (RFC 8292), a token signed by the server's own key."""

import base64
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from paceline_server.platform.sealing import Sealer
from paceline_server.push.encryption import public_bytes

HOLDS_S = 12 * 3600  # at most a day (RFC 8292, 2)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2, 2.4.2)


@dataclass(frozen=True, slots=True)
class Sender:
    """The server, as push services know it; `contact` is a URL (https: or mailto:) of who runs it, None for none."""

    key: ec.EllipticCurvePrivateKey
    contact: str | None

    @property
    def public(self) -> str:
        """The public key, as browsers take it."""
        return base64url(public_bytes(self.key.public_key()))

    def authorization(self, endpoint: str, now_s: float) -> str:
        """Return the Authorization header of a message to this endpoint."""
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(now_s) + HOLDS_S}
        if self.contact is not None:
            claims["sub"] = self.contact
        token = ".".join(_json(part) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self.key.sign(token.encode(), ec.ECDSA(hashes.SHA256())))
        signature = base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={token}.{signature}, k={self.public}"


def sender_of(sealer: Sealer, contact: str | None) -> Sender:
    """Return the server's own sender: its key follows from the server's key, so that a backup keeps it."""
    number = int.from_bytes(sealer.derived("paceline web push", 48), "big")
    return Sender(ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1()), contact)


def contact_of(address: str, mail_from: str | None) -> str | None:
    """Return where push services reach who runs the server: its https address, else the sender of its letters."""
    if address.startswith("https://"):
        return address
    at = mail_from.rpartition("<")[2].rstrip("> ") if mail_from else ""
    return f"mailto:{at}" if at else None


def base64url(data: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _json(part: object) -> str:
    return base64url(json.dumps(part, separators=(",", ":")).encode())
