"""A server's own certificate authority: what a person compares before it is pinned. Pure."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from paceline_gateway.errors import UplinkError


@dataclass(frozen=True)
class Offered:
    """One certificate: `pem` is what would be pinned, `fingerprint` its SHA-256 as AA:BB:…"""

    pem: bytes
    fingerprint: str
    name: str
    until: str


def offered_of(data: bytes, where: str) -> Offered:
    """Return the one authority that a PEM text holds; UplinkError when it holds none, several or something else."""
    try:
        (certificate,) = x509.load_pem_x509_certificates(data)
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, x509.ExtensionNotFound) as error:
        raise UplinkError(f"{where} does not hold one certificate of an authority") from error
    if not constraints.ca:
        raise UplinkError(f"{where} holds a certificate that may not vouch for others")
    digits = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return Offered(
        certificate.public_bytes(serialization.Encoding.PEM),
        ":".join(digits[index : index + 2] for index in range(0, len(digits), 2)),
        certificate.subject.rfc4514_string(),
        f"{certificate.not_valid_after_utc:%Y-%m-%d}",
    )


def same_fingerprint(stated: str, offered: Offered) -> bool:
    """Compare with what a person typed, with or without colons, in either case."""
    return stated.replace(":", "").replace(" ", "").upper() == offered.fingerprint.replace(":", "")
