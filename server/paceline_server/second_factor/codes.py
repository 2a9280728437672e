"""Codes of authenticator apps and recovery codes; pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

from pyotp.totp import TOTP

STEP_S = 30
SECRET_SIZE = 20  # RFC 4226, 4: 160 bits
RECOVERY_CODES = 10
_CODE = re.compile(r"\d{6}")


def step_of(now_s: float) -> int:
    """Return the number of the step of time (RFC 6238, 4.2)."""
    return int(now_s // STEP_S)


def fitting_step(secret: bytes, code: str, now_s: float, last_step: int) -> int | None:
    """Return the step that a code is of: now's, or one beside it for clocks that differ, but later than `last_step`."""
    digits = re.sub(r"\s", "", code)
    if not _CODE.fullmatch(digits) or not digits.isascii():
        return None
    otp = TOTP(base32(secret))
    now_step = step_of(now_s)
    for step in (now_step, now_step - 1, now_step + 1):
        if step > last_step and hmac.compare_digest(otp.generate_otp(step), digits):
            return step
    return None


def uri_of(secret: bytes, username: str, server: str) -> str:
    """Return what an authenticator app reads from the QR code (otpauth:)."""
    return TOTP(base32(secret)).provisioning_uri(name=f"{username}@{server}", issuer_name="Paceline")


def base32(secret: bytes) -> str:
    """Return a secret as it is typed."""
    return base64.b32encode(secret).decode().rstrip("=")


def new_recovery_codes(random_bytes: Callable[[int], bytes]) -> list[str]:
    """Make ten codes of 80 random bits, written as `xxxx-xxxx-xxxx-xxxx`."""
    drawn = [base64.b32encode(random_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(text[start : start + 4] for start in range(0, 16, 4)) for text in drawn]


def recovery_hash(code: str) -> bytes:
    """Return what is kept of a recovery code, however it is typed; 80 bits need no slow hash."""
    plain = re.sub(r"[\s-]", "", code).casefold()
    return hashlib.sha256(f"paceline recovery code {plain}".encode()).digest()
