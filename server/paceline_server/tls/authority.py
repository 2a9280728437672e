"""The server's own authority: a key that never leaves the data folder, and a certificate that people install once.

It may vouch only for names and addresses of local networks (RFC 5280 §4.2.1.10, critical), and for the names that the
operator gave when it was made: who steals its key still cannot pose as a bank to the phones that trust it.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from paceline_server.errors import UsageError
from paceline_server.tls.private_file import write_private

CERTIFICATE, KEY = "ca.pem", "ca.key"
YEARS = 10
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""Valid from then: a machine without a clock of its own may make the authority before it knows the time."""

LOCAL_NAMES = ("local", "localhost", "home.arpa", "internal", "lan", "home", "fritz.box")
LOCAL_NETWORKS = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)


@dataclass(frozen=True, slots=True)
class Authority:
    """Vouches for certificates; `key` is its secret."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """Return what is installed and pinned."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the domains of which, and below which, it may vouch for names."""
        constraints = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        return tuple(one.value for one in constraints.permitted_subtrees or () if isinstance(one, x509.DNSName))


def load_or_make(data: Path, name: str, own_names: tuple[str, ...], now_s: float) -> Authority:
    """Return the data folder's authority; without one it is made, for local names and `own_names`.

    UsageError says what to do when its files cannot be used, or when it has run out.
    """
    certificate_file, key_file = data / CERTIFICATE, data / KEY
    if not certificate_file.exists() and not key_file.exists():
        made = _make(name, own_names, now_s)
        secret = made.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_private(key_file, secret)  # the key first: a certificate whose key was lost would be of no use
        write_private(certificate_file, made.pem, mode=0o644)
        return made
    if not key_file.exists():
        raise UsageError(
            f"{certificate_file} is another's authority: move it away, or give tls_certificate and tls_key"
        )
    if not certificate_file.exists():
        raise UsageError(f"{certificate_file} is gone: restore it, or delete {key_file} to begin with a new authority")
    return _load(certificate_file, key_file, now_s)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 as AA:BB:…, which people compare."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def moment(now_s: float) -> datetime:
    """Return the time by the second."""
    return datetime.fromtimestamp(int(now_s), UTC)


def _load(certificate_file: Path, key_file: Path, now_s: float) -> Authority:
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{certificate_file} or {key_file} cannot be read: restore both from a backup") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise UsageError(f"{certificate_file} and {key_file} do not belong together: restore both from a backup")
    if certificate.not_valid_after_utc <= moment(now_s):
        raise UsageError(
            f"the authority ran out on {certificate.not_valid_after_utc:%Y-%m-%d}: delete {certificate_file} and "
            f"{key_file}, start again, and install the new one on every phone and gateway"
        )
    os.chmod(key_file, 0o600)
    return Authority(certificate, key)


def _make(name: str, own_names: tuple[str, ...], now_s: float) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    begins = min(EARLIEST, moment(now_s) - timedelta(days=1))
    ends = max(EARLIEST, moment(now_s)) + timedelta(days=365 * YEARS)
    domains = [x509.DNSName(one) for one in dict.fromkeys((*LOCAL_NAMES, *own_names))]
    networks = [x509.IPAddress(ip_network(one)) for one in LOCAL_NETWORKS]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.NameConstraints([*domains, *networks], None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """Return what a key may do: sign certificates, or show who it is."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
