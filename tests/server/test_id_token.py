"""An ID token's check: what must hold, one by one, and the ways to forge one."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from paceline_server.errors import UsageError
from paceline_server.sign_in.id_token import UnknownKeyError, checked_claims
from paceline_server.sign_in.model import Provider, ProviderError
from paceline_server.sign_in.providers import may_be_asked, read_providers

NOW_S = 1_760_000_000.0
PROVIDER = Provider("mock", "Mock", "https://id.example", "paceline", "s")
RSA = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "one"})
KEYS = {"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]}
CLAIMS = {"iss": "https://id.example", "sub": "7", "aud": "paceline", "exp": NOW_S + 300, "iat": NOW_S, "nonce": "n"}


def token(key: Any = RSA, algorithm: str = "RS256", kid: str = "one", **changed: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": kid}, claims, key, algorithms=[algorithm])


def check(text: str, keys: dict[str, Any] = KEYS) -> Any:
    return checked_claims(text, keys, PROVIDER, "n", NOW_S)


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(RSA, "RS256", "one"), (RSA, "PS256", "one"), (EC, "ES256", "two")]
)
def test_a_good_one_names_its_subject(key: Any, algorithm: str, kid: str) -> None:
    claims = check(token(key, algorithm, kid, email="a@b.example", email_verified=True, aud=["paceline"]))
    assert (claims.issuer, claims.subject, claims.label, claims.email) == (PROVIDER.issuer, "7", *["a@b.example"] * 2)


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_an_address_counts_only_when_it_is_verified(verified: object) -> None:
    assert check(token(email="a@b.example", email_verified=verified)).email is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["paceline", "another"]}, "audience"),
        ({"aud": "paceline", "azp": "another"}, "audience"),
        ({"exp": NOW_S - 61}, "expiry"),
        ({"exp": None}, "expiry"),
        ({"iat": NOW_S + 120}, "time"),
        ({"iat": NOW_S - 3600}, "time"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "subject"),
        ({"sub": 7}, "subject"),
        ({"sub": "x" * 256}, "subject"),
    ],
)
def test_what_does_not_hold_is_named(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(ProviderError, match=told):
        check(token(**changed))


def test_only_a_key_of_the_provider_signs() -> None:
    forged = token(STRANGER)
    secret = OctKey.import_key(json.dumps(RSA.as_dict(private=False)).encode(), {"kid": "one"})
    head, body = (
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, CLAIMS)
    )
    good = token().split(".")
    for text in (forged, token(secret, "HS256"), f"{head}.{body}.", f"{good[0]}.{body}.{good[2]}", "", "a.b.c"):
        with pytest.raises(UnknownKeyError):
            check(text)
    with pytest.raises(UnknownKeyError):
        check(token(kid="three"))
    symmetric = {"keys": [{"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "one"}]}
    with pytest.raises(UnknownKeyError):
        check(token(OctKey.import_key(b"secret" * 6, {"kid": "one"}), "HS256"), symmetric)


@pytest.mark.parametrize(
    "keys", [{}, {"keys": None}, {"keys": [1, {"kty": "RSA"}]}, {"keys": [{"kty": "RSA", "n": 1}]}]
)
def test_keys_that_are_none_are_no_fault_of_ours(keys: dict[str, Any]) -> None:
    with pytest.raises(UnknownKeyError):
        check(token(), keys)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://id.example/token", True),
        ("http://127.0.0.1:9400/token", True),
        ("http://id.example/token", False),
        ("http://127.0.0.1@evil.example/", False),
        ("https://user@id.example/", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://id.example:x/", False),
    ],
)
def test_a_provider_is_asked_by_https_or_here(url: str, may: bool) -> None:
    assert may_be_asked(url) is may


GOOD = '[mock]\nissuer = "https://id.example"\nclient_id = "p"\nclient_secret = "s"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "colour = 1\n", "colour is no setting"),
        (GOOD + 'trust_email = "yes"\n', "true or false"),
        (GOOD.replace("https", "http"), "https address"),
        (GOOD.replace('client_id = "p"\n', ""), "client_id must be"),
        (GOOD.replace("[mock]", "[Mock.x]"), "small letters"),
        ("mock = 1", "must be a table"),
        ("[", "no TOML"),
    ],
)
def test_the_operators_file_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "providers.toml"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(UsageError, match=told):
        read_providers(path)


def test_the_operators_file_is_for_the_server_alone(tmp_path: Path) -> None:
    path = tmp_path / "providers.toml"
    path.write_text(GOOD)
    path.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        read_providers(path)
    path.chmod(0o600)
    assert read_providers(path)["mock"].label == "Mock"
    assert read_providers(None) == {}
