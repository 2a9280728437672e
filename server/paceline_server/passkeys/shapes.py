"""A browser's answer about a passkey, as PublicKeyCredential.toJSON() writes it (WebAuthn Level 3, 5.1)."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

_Bytes = Annotated[str, Meta(max_length=30_000, description="Bytes as base64url.")]
_Id = Annotated[str, Meta(min_length=1, max_length=1400, description="Bytes as base64url.")]
_Word = Annotated[str, Meta(max_length=64)]
_Told = Annotated[dict[_Word, bool], Meta(max_length=10)]


class AuthenticatorAnswer(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What the authenticator made: an attestation when a passkey is added, an assertion when it logs in."""

    client_data: _Bytes = field(name="clientDataJSON")
    attestation: _Bytes | None = field(default=None, name="attestationObject")
    authenticator_data: _Bytes | None = field(default=None, name="authenticatorData")
    signature: _Bytes | None = None
    user_handle: _Id | None = field(default=None, name="userHandle")
    transports: Annotated[list[_Word], Meta(max_length=10)] | None = None
    public_key: _Bytes | None = field(default=None, name="publicKey")
    algorithm: Annotated[int, Meta(ge=-100_000, le=100_000)] | None = field(default=None, name="publicKeyAlgorithm")


class Credential(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A browser's answer."""

    id: _Id
    raw_id: _Id = field(name="rawId")
    type: Literal["public-key"]
    response: AuthenticatorAnswer
    attachment: _Word | None = field(default=None, name="authenticatorAttachment")
    extensions: Annotated[dict[_Word, bool | _Told], Meta(max_length=10)] | None = field(
        default=None, name="clientExtensionResults"
    )


def plain(credential: Credential) -> dict[str, Any]:
    """Return the answer as the WebAuthn library reads it."""
    return msgspec.to_builtins(credential)


def read_credential(text: str) -> Credential:
    """Return the answer of a form's field; msgspec.DecodeError when it is none."""
    return msgspec.json.decode(text, type=Credential)
