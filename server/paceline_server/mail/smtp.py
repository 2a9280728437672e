"""One letter to an SMTP server (RFC 5321; STARTTLS by RFC 3207); blocks, and is bounded in time."""

import asyncio
import ipaddress
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import parse_qsl, unquote, urlsplit

import aiosmtplib

from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.mail.model import Letter, Queued

TIMEOUT_S = 15.0
_PORTS = {"smtp": 587, "smtps": 465}


class MailError(Exception):
    """A letter could not be handed over; says what the server answered, but neither an address nor the letter."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed over; `encryption` is tls, starttls, or none."""

    host: str
    port: int
    encryption: str
    username: str | None = None
    password: str | None = None


def parse_smtp_url(url: str) -> SmtpServer:
    """Read `smtps://user:password@host:465` or `smtp://…:587`; UsageError says what is wrong, without the password.

    smtp: STARTTLS must be offered, but by a server on loopback, or with `?starttls=never` where there is no password.
    """
    try:
        parts = urlsplit(url)
        port, asked = parts.port, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise UsageError("smtp_url is no URL like smtps://user:password@mail.example.org") from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
        raise UsageError("smtp_url is a URL like smtps://user:password@mail.example.org or smtp://…")
    if asked not in ({}, {"starttls": "never"}):
        raise UsageError("smtp_url knows only ?starttls=never")
    plain = parts.scheme == "smtp" and (bool(asked) or _is_loopback(parts.hostname))
    if plain and parts.username and not _is_loopback(parts.hostname):
        raise UsageError("smtp_url: a password is not sent without encryption")
    encryption = "tls" if parts.scheme == "smtps" else "none" if plain else "starttls"
    name, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    return SmtpServer(parts.hostname, port or _PORTS[parts.scheme], encryption, name, password)


def checked_sender(text: str) -> str:
    """Return `mail_from`; UsageError when it is no address."""
    name, address = parseaddr(text)
    if "@" not in address.strip("@") or not text.isprintable():
        raise UsageError(f"mail_from is an address like {name or 'Paceline'} <paceline@example.org>")
    return text


def message_of(letter: Letter, queued: Queued, sender: str) -> EmailMessage:
    """Return a letter as it travels: the same each time it is tried, so that a mailbox can tell a copy."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(queued.made_at_s)
    message["Message-ID"] = f"<{queued.letter_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    message.set_content(letter.text, cte="quoted-printable" if not letter.text.isascii() else "7bit")
    return message


class Smtp:
    """Hands letters over; `tls` makes what a server's certificate is checked by."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        *,
        timeout_s: float = TIMEOUT_S,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._server = server
        self._sender = sender
        self._timeout_s = timeout_s
        self._tls = tls

    def send(self, letter: Letter, queued: Queued) -> None:
        """Hand one letter over; MailError when the server did not take it in time. Blocks."""
        asyncio.run(self._send(message_of(letter, queued, self._sender)))

    async def _send(self, message: EmailMessage) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._hand_over(message)
        except TimeoutError:
            raise MailError(f"the mail server did not answer within {self._timeout_s:g} s") from None
        except aiosmtplib.SMTPException as error:
            raise MailError(_said(error)) from None  # what it says may repeat the address
        except (OSError, ValueError) as error:
            raise MailError(f"the mail server cannot be reached: {type(error).__name__}") from None

    async def _hand_over(self, message: EmailMessage) -> None:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.encryption == "tls",
            # None would take what an attacker leaves of the offer.
            start_tls=server.encryption == "starttls",
            tls_context=self._tls() if server.encryption != "none" else None,
            timeout=self._timeout_s,
        )
        transport = None
        try:
            async with client:
                transport = client.transport
                await client.send_message(message)
        finally:
            # Closed by the client alone, TLS waits for the server's farewell, and this loop ends before it comes.
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()


def smtp_of(config: Config) -> Smtp | None:
    """Return what the settings say of mail, None when none is set up; UsageError when they do not fit together."""
    if config.smtp_url is None:
        return None
    if config.mail_from is None or config.public_url is None:
        raise UsageError("smtp_url needs mail_from, the sender, and public_url, which the links in letters begin with")
    return Smtp(parse_smtp_url(config.smtp_url), checked_sender(config.mail_from))


def _said(error: aiosmtplib.SMTPException) -> str:
    code = getattr(error, "code", None)
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        code = error.recipients[0].code
    return f"the mail server: {type(error).__name__}" + (f", code {code}" if code else "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
