"""Keeps the context of the TLS port up to date: open connections stay, later ones see the new one."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import serialization

from paceline_server.errors import UsageError
from paceline_server.tls import certificate as certificates
from paceline_server.tls.authority import Authority, moment
from paceline_server.tls.certificate import Certificate
from paceline_server.tls.private_file import write_private

LOOK_EVERY_S = 60.0
FILE = "server.tls.pem"

_log = logging.getLogger("paceline.tls")


class Source(Protocol):
    """Where the certificate comes from."""

    def fresh(self, now_s: float) -> tuple[Certificate, Path, Path] | None:
        """Return the certificate and its files (chain, key) when they are new; blocks. UsageError: cannot be used."""


@dataclass
class OwnSource:
    """Certificates of the own authority, kept in a file of the data folder for the next start."""

    authority: Authority
    file: Path
    names: Callable[[], frozenset[str]]
    told: Certificate | None = None

    def fresh(self, now_s: float) -> tuple[Certificate, Path, Path] | None:
        """Return the one that is kept at first, a new one when it is due."""
        wanted, refused = certificates.split(self.names(), self.authority)
        kept = self.told or self._kept()
        if kept is None or kept.is_due(wanted, self.authority, now_s):
            if refused and (self.told is None or wanted != self.told.names):
                _log.warning("the authority may not vouch for %s", ", ".join(sorted(refused)))
            kept = certificates.issue(self.authority, wanted, now_s)
            write_private(self.file, kept.pem)
        elif kept is self.told:
            return None
        self.told = kept
        return kept, self.file, self.file

    def _kept(self) -> Certificate | None:
        try:
            data = self.file.read_bytes()
            serialization.load_pem_private_key(data, None)
            return certificates.read(data)
        except (OSError, ValueError, TypeError):
            return None  # absent or broken: a new one costs nothing


@dataclass
class GivenSource:
    """A certificate that the operator, or a program of his, keeps in files."""

    chain: Path
    key: Path
    seen: tuple[tuple[int, int, int], ...] = ()

    def fresh(self, now_s: float) -> tuple[Certificate, Path, Path] | None:
        """Return what the files hold when they changed."""
        try:
            marks = tuple((at.st_mtime_ns, at.st_size, at.st_ino) for at in (self.chain.stat(), self.key.stat()))
            if marks == self.seen:
                return None
            self.seen = marks
            found = certificates.read(self.chain.read_bytes())
        except OSError as error:
            raise UsageError(f"{error.filename} cannot be read: {error.strerror}") from error
        except (ValueError, IndexError) as error:
            raise UsageError(f"{self.chain} holds no certificate (PEM)") from error
        return found, self.chain, self.key


class TlsKeeper:
    """The context that the TLS port uses, and what it shows; `trouble` says why a newer one could not be taken."""

    def __init__(self, source: Source, clock: Callable[[], float]) -> None:
        self._source = source
        self._clock = clock
        self.context = _context()
        self.trouble = ""
        found = source.fresh(clock())
        assert found is not None  # nothing was told yet
        self._take(*found)
        if self.ends <= moment(clock()):
            _log.error("the certificate ran out on %s", self.ends.strftime("%Y-%m-%d"))

    @property
    def ends(self) -> datetime:
        """Until when the certificate holds that is shown."""
        return self._shown.ends

    @property
    def names(self) -> frozenset[str]:
        """The names and addresses in it."""
        return self._shown.names

    async def look(self) -> bool:
        """Take a newer certificate if there is one. What cannot be used is logged once, and the old one stays."""
        try:
            found = await asyncio.to_thread(self._source.fresh, self._clock())
            if found is None:
                return False
            if found[0].ends <= moment(self._clock()) < self.ends:
                raise UsageError(f"{found[1]} ran out on {found[0].ends:%Y-%m-%d}")
            self._take(*found)  # on the event loop, where handshakes are made: none sees half of a change
        except (UsageError, OSError) as error:
            if str(error) != self.trouble:
                _log.error("the certificate stays as it is: %s", error)
            self.trouble = str(error)
            return False
        self.trouble = ""
        _log.warning("a new certificate, until %s", self.ends.strftime("%Y-%m-%d"))
        return True

    async def run(self) -> None:
        """Look every minute, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 (top of the task: the next look may do better)
                _log.exception("the certificate could not be looked after")

    def _take(self, certificate: Certificate, chain: Path, key: Path) -> None:
        try:
            _context().load_cert_chain(chain, key)  # a trial: a pair that does not fit would spoil the one in use
            self.context.load_cert_chain(chain, key)
        except ssl.SSLError as error:
            raise UsageError(f"{chain} and {key} do not fit together or are broken: {error.reason}") from error
        self._shown = certificate


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
