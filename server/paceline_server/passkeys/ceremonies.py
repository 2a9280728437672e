"""What a browser is asked and what it answers, by WebAuthn Level 2 (7.1 and 7.2); no I/O.

The library is imported at the first ceremony: most servers start without one.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from paceline_server.config import Config
from paceline_server.errors import InvalidError, told
from paceline_server.passkeys.model import Passkey

TIMEOUT_MS = 300_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where the ceremony takes place: the host name that a passkey is bound to, and the page's origin."""

    rp_id: str
    origin: str


def place_of(config: Config, request: web.Request) -> Place:
    """Return the place that the setting `public_url` names, else the one that the browser asked for."""
    if config.public_url is not None:
        parts = urlsplit(config.public_url)
        return Place(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
    scheme = "https" if config.secure or config.secure_cookies else request.scheme
    return Place(urlsplit(f"//{request.host}").hostname or "", f"{scheme}://{request.host}")


def _refused(error: Exception) -> InvalidError:
    message = told(f"This passkey's answer does not hold: {error}")
    return InvalidError("passkey", message[:300], field="credential")


def registration_options(
    place: Place, challenge: bytes, owner_id: str, username: str, held: Iterable[Passkey]
) -> dict[str, Any]:
    """Return the options of navigator.credentials.create: a discoverable key that verifies its user."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_registration_options(
        rp_id=place.rp_id,
        rp_name="Paceline",
        user_id=uuid.UUID(owner_id).bytes,
        user_name=username,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential) for one in held],
    )
    return webauthn.helpers.options_to_json_dict(options)


def log_in_options(place: Place, challenge: bytes) -> dict[str, Any]:
    """Return the options of navigator.credentials.get: whichever key of this place the user chooses."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_authentication_options(
        rp_id=place.rp_id,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.helpers.options_to_json_dict(options)


def registered(
    credential: dict[str, Any], challenge: bytes, place: Place, owner_id: str, name: str, now_s: float
) -> Passkey:
    """Return the passkey that a browser has made; InvalidError `passkey` says what does not hold."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidError(
            "passkey", told(f"This passkey's answer does not hold: {error}")[:300], field="credential"
        ) from error
    return Passkey(owner_id, made.credential_id, made.credential_public_key, place.rp_id, made.sign_count, name, now_s)


def claimed(credential: dict[str, Any]) -> tuple[str, bytes] | None:
    """Return whose passkey signed, and its id, as the browser says; None when it does not say so."""
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415

    try:
        handle = base64url_to_bytes(credential["response"]["userHandle"])
        return str(uuid.UUID(bytes=handle)), base64url_to_bytes(credential["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def verified(credential: dict[str, Any], challenge: bytes, place: Place, passkey: Passkey) -> int:
    """Return the signature's count, if the passkey signed the challenge here and now; InvalidError `passkey`."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidError(
            "passkey", told(f"This passkey's answer does not hold: {error}")[:300], field="credential"
        ) from error
    return found.new_sign_count
