"""A server's certificate: made by the authority for names and addresses, and when it needs a new one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from paceline_server.tls.authority import LOCAL_NETWORKS, Authority, moment, usage

LASTS = timedelta(days=90)
"""Apple takes at most 397 days (support.apple.com/102028), 825 from authorities that a person installed."""
RENEWED_BEFORE = timedelta(days=30)
BEGINS_BEFORE = timedelta(days=1)  # for phones whose clocks are behind


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of itself, and the PEM of its key and chain (`pem`, a secret) where it is ours."""

    names: frozenset[str]
    begins: datetime
    ends: datetime
    pem: bytes = b""
    issuer_key_id: bytes = b""

    def is_due(self, names: frozenset[str], authority: Authority, now_s: float) -> bool:
        """Tell whether a new one is needed: it runs out, was made by a clock far ahead, or lacks a name."""
        now, last = moment(now_s), self.ends >= authority.certificate.not_valid_after_utc
        if not self.begins <= now < (self.ends if last else self.ends - RENEWED_BEFORE):
            return True
        return not names <= self.names or self.issuer_key_id != _key_id(authority)


def split(names: frozenset[str], authority: Authority) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names and addresses that the authority may vouch for, and the others."""
    ours = frozenset(name for name in names if _is_permitted(name, authority.names))
    return ours, names - ours


def issue(authority: Authority, names: frozenset[str], now_s: float) -> Certificate:
    """Make a key and a certificate for the names and addresses, at least one."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = moment(now_s)
    # Nobody believes it longer than the authority.
    ends = min(now + LASTS, authority.certificate.not_valid_after_utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEGINS_BEFORE)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in sorted(names)]), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return read(secret + made.public_bytes(serialization.Encoding.PEM) + authority.pem)


def read(pem: bytes) -> Certificate:
    """Return what the first certificate of a PEM text says; ValueError when there is none."""
    first = x509.load_pem_x509_certificates(pem)[0]
    try:
        told = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        addresses = {str(one) for one in told.get_values_for_type(x509.IPAddress)}
        names = frozenset(addresses | set(told.get_values_for_type(x509.DNSName)))
    except x509.ExtensionNotFound:
        names = frozenset()
    try:
        issuer = first.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier or b""
    except x509.ExtensionNotFound:
        issuer = b""
    return Certificate(names, first.not_valid_before_utc, first.not_valid_after_utc, pem, issuer)


def address_of(name: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a name is, None for a name that is none."""
    try:
        return ip_address(name)
    except ValueError:
        return None


def _is_permitted(name: str, domains: tuple[str, ...]) -> bool:
    address = address_of(name)
    if address is not None:
        return any(address in ip_network(network) for network in LOCAL_NETWORKS)
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def _general(name: str) -> x509.GeneralName:
    address = address_of(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _key_id(authority: Authority) -> bytes:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()).key_identifier or b""
