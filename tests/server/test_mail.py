"""Letters: queued with what they tell of, sent once by a real SMTP server, whatever that does; nothing in the logs."""

import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from paceline_server.cli import main
from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.events import store as events
from paceline_server.keys import ADDRESSES, DATABASE, WORKER
from paceline_server.mail.model import Letter, Queued
from paceline_server.mail.smtp import MailError, Smtp, SmtpServer, message_of, parse_smtp_url, smtp_of
from server.post_office import PostOffice, link_in, until
from server.running_server import Person, RunningServer, make_person

TO = "ann@example.org"
LETTER, QUEUED = Letter(TO, "Hello", "wörld\n"), Queued("o", "0199c000-l", b"", 1_760_100_000.0, 1_760_200_000.0)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server, not open as yet."""
    office = PostOffice()
    yield office
    office.close()


@pytest.fixture
async def mailing(server: RunningServer, office: PostOffice) -> AsyncIterator[RunningServer]:
    """The server, with that mail server set up."""
    await server.stop()
    mail = {"smtp_url": office.url, "mail_from": "Paceline <run@example.org>", "public_url": "https://run.example.org"}
    server.config = replace(server.config, **mail)
    await server.start()
    yield server
    await server.stop()  # while the mail server is there: a letter may be on its way


async def until_failed(server: RunningServer, failures: int) -> None:
    def failed() -> bool:
        # A failure is counted before it is kept, so time must go on until the next try is due.
        server.clock.now_s += 1
        server.app[WORKER].notify()
        return server.app[WORKER].failures >= failures

    await until(failed)


async def test_a_letter_waits_for_a_server_that_is_down_and_refuses_then_comes_once(
    mailing: RunningServer, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    ann = make_person(mailing, "ann")
    await mailing.app[ADDRESSES].want(ann.owner_id, TO)  # returns at once: nothing of SMTP is in the way
    await until_failed(mailing, 1)
    office.refusing = f"451 <{TO}> not now"
    office.open()

    async def until_so(true: Callable[[], bool]) -> None:
        def so() -> bool:
            mailing.clock.now_s += 1
            mailing.app[WORKER].notify()
            return true()

        await until(so)

    await until_so(lambda: "code 451" in caplog.text)  # perhaps it was tried a second time before anybody was there
    office.refusing = None
    await until_so(lambda: bool(office.letters))
    letter = office.letters[0]
    await mailing.settled()
    assert len(office.letters) == 1
    assert (letter["To"], letter["From"]) == (TO, "Paceline <run@example.org>")
    assert letter["Auto-Submitted"] == "auto-generated"
    link = link_in(letter)
    assert link.startswith("/confirm/") and "https://run.example.org/confirm/" in letter.get_content()
    assert await mailing.app[DATABASE].read(events.due, 1e12) == []
    said = caplog.text
    assert TO not in said and link.rpartition("/")[2] not in said


async def test_a_slow_mail_server_holds_nothing_else_up(mailing: RunningServer, office: PostOffice) -> None:
    office.slow = True
    office.open()
    people = [make_person(mailing, name) for name in ("ann", "bob", "cleo")]
    for person in people:
        await mailing.app[ADDRESSES].want(person.owner_id, f"{person.owner_id}@example.org")
    await until(lambda: office.asked == 1)
    # While it thinks, what else is to be worked off is.
    handled = mailing.app[WORKER].handled
    await mailing.app[DATABASE].write(events.emit, "recovery asked", people[0].owner_id, "nobody", mailing.clock())
    mailing.app[WORKER].notify()
    await until(lambda: mailing.app[WORKER].handled > handled)
    assert office.asked == 1 and office.letters == []
    office.slow = False
    await office.letter(3)


async def test_a_letter_whose_link_has_ended_is_not_sent(mailing: RunningServer, office: PostOffice) -> None:
    ann = make_person(mailing, "ann")
    await mailing.app[ADDRESSES].want(ann.owner_id, TO)
    await until_failed(mailing, 1)
    mailing.clock.now_s += 86401
    office.open()
    mailing.app[WORKER].notify()
    await mailing.settled()
    assert office.letters == []


async def test_without_mail_the_link_is_in_the_log_and_only_there(
    server: RunningServer, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        await server.app[ADDRESSES].want(ann.owner_id, TO)
        await server.settled()
    assert "this link was asked for: http://127.0.0.1:8080/confirm/" in caplog.text
    token = caplog.text.partition("/confirm/")[2].split()[0]
    files = server.kept()
    assert token.partition(".")[2].encode() not in files


def test_a_letter_is_the_same_each_time_it_is_tried() -> None:
    first, second = (message_of(LETTER, QUEUED, "run@example.org").as_bytes() for _ in range(2))
    assert first == second and b"Message-ID: <0199c000-l@example.org>" in first


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:

    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = SmtpServer("127.0.0.1", silent.getsockname()[1], "none")
        with pytest.raises(MailError, match=r"did not answer within 0.2 s|SMTPConnectTimeoutError|SMTPTimeoutError"):
            Smtp(server, "run@example.org", timeout_s=0.2).send(LETTER, QUEUED)
    with pytest.raises(MailError, match=r"SMTPConnectError|cannot be reached"):
        Smtp(server, "run@example.org").send(LETTER, QUEUED)


def test_without_the_offer_of_starttls_nothing_is_sent(office: PostOffice) -> None:
    office.open()
    server = SmtpServer("127.0.0.1", office.port, "starttls", "ann", "secret")
    with pytest.raises(MailError):
        Smtp(server, "run@example.org").send(LETTER, QUEUED)
    assert office.asked == 0


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://ann:p%40ss@mail.example.org", SmtpServer("mail.example.org", 465, "tls", "ann", "p@ss")),
        ("smtp://mail.example.org:2525", SmtpServer("mail.example.org", 2525, "starttls")),
        ("smtp://relay.lan:25?starttls=never", SmtpServer("relay.lan", 25, "none")),
        ("smtp://localhost", SmtpServer("localhost", 587, "none")),
    ],
)
def test_an_smtp_url_is_read(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://a:99999",
        "smtp://a?x=y",
        "smtp://a/b",
        "smtp://ann:secret@relay.lan?starttls=never",
    ],
)
def test_an_smtp_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UsageError, match="smtp_url") as refused:
        parse_smtp_url(url)
    assert "secret" not in str(refused.value)


def test_settings_that_do_not_fit_are_told_at_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="needs mail_from"):
        smtp_of(Config(tmp_path, smtp_url="smtp://a"))
    with pytest.raises(UsageError, match="mail_from is an address"):
        smtp_of(Config(tmp_path, smtp_url="smtp://a", mail_from="x", public_url="https://a"))
    assert main(["setup", "--data", str(tmp_path / "x"), "--username", "ann", "--public-url", "ftp://x"]) == 1
    assert "public_url is an address" in capsys.readouterr().err
