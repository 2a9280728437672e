"""What OAuth's endpoints take and give (RFC 6749, 5; RFC 8628, 3)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Uuid

Seconds = Annotated[int, Meta(ge=0)]


class DeviceAsking(Struct):
    """A gateway that asks to be let in."""

    client_id: Literal["paceline-gateway"]
    scope: Literal["gateway", ""] = "gateway"
    client_name: Annotated[str, Meta(description="What the gateway is called; the first 60 characters are kept.")] = ""


class DeviceBegun(Struct):
    """Codes: one to show to a person, one to poll with."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: Seconds
    interval: Seconds


class TokenAsking(Struct):
    """A request for tokens; which fields are needed depends on `grant_type`."""

    grant_type: Literal["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"]
    client_id: Annotated[str, Meta(max_length=1000)] = ""
    client_secret: Annotated[str, Meta(max_length=1000)] = ""
    code: Annotated[str, Meta(max_length=1000)] = ""
    redirect_uri: Annotated[str, Meta(max_length=1000)] = ""
    code_verifier: Annotated[str, Meta(max_length=1000)] = ""
    refresh_token: Annotated[str, Meta(max_length=1000)] = ""
    device_code: Annotated[str, Meta(max_length=1000)] = ""
    scope: Annotated[str, Meta(max_length=1000)] = ""


class Tokens(Struct):
    """Tokens, which are told once; `expires_in` is how long the access token holds, in seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: Seconds
    refresh_token: str
    scope: str
    user_id: Uuid
    username: str


class Revoking(Struct):
    """A token that is to hold no more."""

    token: Annotated[str, Meta(max_length=1000)]
    token_type_hint: Annotated[str, Meta(max_length=100)] = ""
    client_id: Annotated[str, Meta(max_length=1000)] = ""
    client_secret: Annotated[str, Meta(max_length=1000)] = ""


class Metadata(Struct):
    """What there is of OAuth, for programs (RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    device_authorization_endpoint: str
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    code_challenge_methods_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool
    scopes_supported: list[str]


class OAuthError(Struct):
    """An error in OAuth's own shape (RFC 6749, 5.2)."""

    error: str
    error_description: str
