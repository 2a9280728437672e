"""What the doctor says of HTTPS: the authority's fingerprint, which people compare, and until when all of it holds."""

from collections.abc import Iterator
from datetime import timedelta

from paceline_server.config import Config
from paceline_server.tls import certificate as certificates
from paceline_server.tls.authority import CERTIFICATE, moment
from paceline_server.tls.keeper import FILE
from paceline_server.tls.offer import read_offer

SOON = timedelta(days=14)
YEARS_SOON = timedelta(days=365)


def certificate_findings(config: Config, now_s: float) -> Iterator[tuple[bool, str]]:
    """Yield (is it well, sentence); nothing where there is no HTTPS."""
    now, file = moment(now_s), config.data / CERTIFICATE
    offer = read_offer(config.data)
    if offer is not None:
        advice = "" if offer.until - YEARS_SOON > now else ": begin with a new one in time (docs/OPERATIONS.md)"
        said = f"the authority of {file} has the fingerprint {offer.fingerprint} and holds until {offer.until:%Y-%m-%d}"
        yield not advice, said + advice
    elif file.exists():
        yield False, f"{file} holds no authority that can be shown"
    chain = config.tls_certificate or config.data / FILE
    if config.tls_certificate is None and not chain.exists():
        return
    try:
        found = certificates.read(chain.read_bytes())
    except OSError as error:
        yield False, f"{chain} cannot be read: {error.strerror}"
    except (ValueError, IndexError):
        yield False, f"{chain} holds no certificate"
    else:
        advice = "" if found.ends - SOON > now else ": is a server running with --tls?"
        if advice and config.tls_certificate is not None:
            advice = ": put a new one there"
        yield not advice, f"the certificate {chain} holds until {found.ends:%Y-%m-%d}{advice}"
