"""Checking an ID token (OpenID Connect Core 1.0, 3.1.3.7); pure."""

import hmac
import math
from collections.abc import Mapping
from typing import Any

from paceline_server.sign_in.model import LONGEST_LABEL, LONGEST_SUBJECT, Claims, Provider, ProviderError

ALGORITHMS = ["RS256", "PS256", "ES256"]  # signatures by keys that only the provider has: neither `none` nor HMAC
LEEWAY_S = 60.0
OLDEST_S = 600.0
_LONGEST_EMAIL = 254


class UnknownKeyError(ProviderError):
    """No key that is known fits the signature: the provider may have changed its keys."""


def checked_claims(token: str, keys: Mapping[str, Any], provider: Provider, nonce: str, now_s: float) -> Claims:
    """Return whom the token names; ProviderError says what is wrong with it."""
    # Loaded where somebody signs in through a provider: to most servers it would be memory for nothing.
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        decoded = jwt.decode(token, KeySet.import_key_set({"keys": _for_signatures(keys)}), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise UnknownKeyError(f"the signature does not hold ({type(error).__name__})") from error
    claims = decoded.claims
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", provider.client_id if len(audiences) == 1 else None)
    expires, made = (_number(claims.get(name)) for name in ("exp", "iat"))
    told = claims.get("nonce")
    faults = {
        "issuer": claims.get("iss") != provider.issuer,
        "audience": provider.client_id not in audiences or party != provider.client_id,
        "expiry": not now_s < expires + LEEWAY_S,
        "time": not -OLDEST_S - LEEWAY_S <= made - now_s <= LEEWAY_S,
        "nonce": not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()),
        "subject": not _is_text(claims.get("sub"), LONGEST_SUBJECT),
    }
    if wrong := [name for name, fault in faults.items() if fault]:
        raise ProviderError(f"its {' and '.join(wrong)} is wrong")
    email = claims.get("email") if claims.get("email_verified") is True else None
    email = email if _is_text(email, _LONGEST_EMAIL) else None
    names = (claims.get(name) for name in ("email", "preferred_username", "name", "sub"))
    label = next(str(name) for name in names if _is_text(name, LONGEST_SUBJECT))
    return Claims(provider.issuer, claims["sub"], label[:LONGEST_LABEL], email)


def _for_signatures(keys: Mapping[str, Any]) -> list[Any]:
    every = keys.get("keys")
    kept = [key for key in every if isinstance(key, dict)] if isinstance(every, list) else []
    return [key for key in kept if key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"]


def _number(value: object) -> float:
    """Return a time, or what compares with none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()
