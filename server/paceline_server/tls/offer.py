"""What people install so that their devices trust this server, in the forms that platforms take."""

import plistlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from paceline_server.tls.authority import CERTIFICATE, fingerprint

LARGEST = 65536
_SPACE = uuid.UUID("6f2f6a2e-64d1-4a4c-9e0e-51c2a1d9a3d0")  # ours: the same authority has the same profile


@dataclass(frozen=True, slots=True)
class Offer:
    """An authority: its name, when it runs out, its SHA-256 as AA:BB:…, and its certificate as DER."""

    name: str
    until: datetime
    fingerprint: str
    der: bytes

    @property
    def fingerprint_rows(self) -> list[str]:
        """Return the fingerprint as four rows of eight bytes, which eyes can follow."""
        return [self.fingerprint[at : at + 23] for at in range(0, len(self.fingerprint), 24)]

    def profile(self) -> bytes:
        """Return an Apple configuration profile (.mobileconfig) that installs it."""
        certificate = {
            "PayloadType": "com.apple.security.root",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"org.paceline.ca.{self.fingerprint[:23].replace(':', '').lower()}.certificate",
            "PayloadUUID": str(uuid.uuid5(_SPACE, f"certificate {self.fingerprint}")).upper(),
            "PayloadDisplayName": self.name,
            "PayloadCertificateFileName": "paceline-ca.crt",
            "PayloadContent": self.der,
        }
        return plistlib.dumps(
            {
                "PayloadType": "Configuration",
                "PayloadVersion": 1,
                "PayloadIdentifier": f"org.paceline.ca.{self.fingerprint[:23].replace(':', '').lower()}",
                "PayloadUUID": str(uuid.uuid5(_SPACE, f"profile {self.fingerprint}")).upper(),
                "PayloadDisplayName": self.name,
                "PayloadDescription": f"Lets this device trust your Paceline server. SHA-256: {self.fingerprint}",
                "PayloadContent": [certificate],
            }
        )


def read_offer(data: Path) -> Offer | None:
    """Return what the data folder's ca.pem offers, None when it offers nothing that can be shown; blocks."""
    try:
        pem = (data / CERTIFICATE).read_bytes()
        if len(pem) > LARGEST or b"PRIVATE KEY" in pem:
            return None
        (certificate,) = x509.load_pem_x509_certificates(pem)
    except (OSError, ValueError):
        return None
    named = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return Offer(
        str(named[0].value) if named else "Paceline",
        certificate.not_valid_after_utc,
        fingerprint(certificate),
        certificate.public_bytes(serialization.Encoding.DER),
    )
