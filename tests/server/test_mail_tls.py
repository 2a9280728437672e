"""Letters by TLS: handed to a mail server whose certificate holds, with the password inside; to no other one."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from paceline_server.mail.model import Letter, Queued
from paceline_server.mail.smtp import MailError, Smtp, SmtpServer
from paceline_server.tls.authority import Authority, load_or_make
from paceline_server.tls.certificate import issue
from paceline_server.tls.private_file import write_private
from server.post_office import PostOffice

NOW_S = time.time()  # a handshake looks at the real clock
LETTER, QUEUED = Letter("ann@example.org", "Hello", "w\n"), Queued("o", "0199c000-l", b"", NOW_S, NOW_S + 1e5)


def password_of(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"run", b"s3cret")
    return AuthResult(success=right, handled=False)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice()
    yield office
    office.close()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return load_or_make(tmp_path, "Mail", (), NOW_S)


def served(authority: Authority, folder: Path, name: str) -> ssl.SSLContext:
    """Return what a mail server of that name shakes hands with."""
    file, context = folder / "mail.pem", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    write_private(file, issue(authority, frozenset({name}), NOW_S).pem)
    context.load_cert_chain(file)
    return context


def opened(office: PostOffice, encryption: str, context: ssl.SSLContext) -> SmtpServer:
    tls = {"ssl_context": context} if encryption == "tls" else {"tls_context": context, "require_starttls": True}
    # aiosmtpd does not count the TLS of the port itself.
    office.open(**tls, authenticator=password_of, auth_require_tls=encryption != "tls")
    return SmtpServer("localhost", office.port, encryption, "run", "s3cret")


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.pem.decode())


@pytest.mark.parametrize("encryption", ["tls", "starttls"])
def test_a_letter_goes_to_the_server_whose_certificate_holds_and_to_no_other(
    office: PostOffice, authority: Authority, tmp_path: Path, encryption: str
) -> None:
    server = opened(office, encryption, served(authority, tmp_path, "localhost"))
    with pytest.raises(MailError):
        Smtp(server, "run@example.org").send(LETTER, QUEUED)  # this authority is not the machine's
    assert office.asked == 0
    Smtp(server, "run@example.org", tls=lambda: trusting(authority)).send(LETTER, QUEUED)
    assert [letter["Subject"] for letter in office.letters] == ["Hello"]


@pytest.mark.parametrize("encryption", ["tls", "starttls"])
def test_a_certificate_of_another_name_gets_neither_password_nor_letter(
    office: PostOffice, authority: Authority, tmp_path: Path, encryption: str
) -> None:
    server = opened(office, encryption, served(authority, tmp_path, "mail.lan"))
    with pytest.raises(MailError):
        Smtp(server, "run@example.org", tls=lambda: trusting(authority)).send(LETTER, QUEUED)
    assert office.asked == 0 and office.letters == []
