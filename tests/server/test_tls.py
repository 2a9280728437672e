"""The own authority and its certificates, by real handshakes: what it vouches for, when it renews, what is broken."""

import asyncio
import ssl
import stat
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from paceline_server.errors import UsageError
from paceline_server.tls.authority import EARLIEST, Authority, load_or_make, moment
from paceline_server.tls.certificate import issue, split
from paceline_server.tls.keeper import FILE, GivenSource, OwnSource, TlsKeeper
from paceline_server.tls.private_file import write_private
from server.running_server import StandingClock
from server.shaking_hands import answering, calling

DAY_S = 86400.0
APPLES_LIMIT = timedelta(days=397)
HERE = frozenset({"127.0.0.1", "localhost"})


@pytest.fixture
def now_s() -> float:
    """The time that clients go by."""
    return float(int(time.time()))


@pytest.fixture
def authority(tmp_path: Path, now_s: float) -> Authority:
    """The authority of a new data folder."""
    return load_or_make(tmp_path, "Paceline of a test", ("vm",), now_s)


class Source(OwnSource):
    """Certificates for names that a test changes."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.wanted = HERE
        super().__init__(authority, folder / FILE, lambda: self.wanted)


def serving(authority: Authority, folder: Path, names: frozenset[str], now_s: float) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    write_private(folder / "one.pem", issue(authority, names, now_s).pem)
    context.load_cert_chain(folder / "one.pem")
    return context


def test_the_authority_is_made_once_and_its_key_is_nobody_elses(tmp_path: Path, authority: Authority) -> None:
    again = load_or_make(tmp_path, "Another", (), time.time())
    assert again.certificate == authority.certificate
    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600
    assert (tmp_path / "ca.pem").read_bytes() == authority.pem
    assert b"PRIVATE" not in authority.pem


async def test_phones_that_trust_it_trust_this_server_and_no_bank(
    tmp_path: Path, authority: Authority, now_s: float
) -> None:
    names = HERE | {"vm", "hub.local", "bank.example", "203.0.113.9"}
    assert split(names, authority) == (HERE | {"vm", "hub.local"}, {"bank.example", "203.0.113.9"})
    async with answering(serving(authority, tmp_path, HERE | {"vm", "hub.local"}, now_s)) as port:
        for host in ("127.0.0.1", "localhost", "vm", "hub.local"):
            async with calling(port, authority.pem, host) as one:
                assert await one.says(b"hello\n") == b"hello\n"
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            async with calling(port, authority.pem, "other.local"):
                pass
    # A thief of the key gets nowhere with a certificate for others.
    async with answering(serving(authority, tmp_path, frozenset({"bank.example"}), now_s)) as port:
        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            async with calling(port, authority.pem, "bank.example"):
                pass


async def test_a_clock_that_is_years_behind_spoils_nothing(tmp_path: Path, now_s: float) -> None:
    clock = StandingClock()
    clock.now_s = 0.0
    authority = load_or_make(tmp_path, "Paceline", (), clock.now_s)
    assert authority.certificate.not_valid_before_utc <= EARLIEST
    keeper = TlsKeeper(Source(authority, tmp_path), clock)
    assert keeper.ends < EARLIEST
    clock.now_s = now_s
    assert await keeper.look()
    async with answering(keeper.context) as port, calling(port, authority.pem) as one:
        assert await one.says(b"x\n") == b"x\n"


def test_certificates_last_less_than_apple_takes_and_not_longer_than_the_authority(
    authority: Authority, now_s: float
) -> None:
    made = issue(authority, HERE, now_s)
    assert made.begins <= moment(now_s) < made.ends
    assert made.ends - made.begins < APPLES_LIMIT
    assert not made.is_due(HERE, authority, now_s)
    assert made.is_due(HERE, authority, now_s + 61 * DAY_S)
    assert made.is_due(HERE, authority, now_s - 2 * DAY_S)  # the clock was ahead when it was made
    assert made.is_due(HERE | {"192.168.1.7"}, authority, now_s)
    assert not made.is_due(frozenset({"localhost"}), authority, now_s)
    late_s = authority.certificate.not_valid_after_utc.timestamp() - 5 * DAY_S
    last = issue(authority, HERE, late_s)
    assert last.ends == authority.certificate.not_valid_after_utc
    assert not last.is_due(HERE, authority, late_s + DAY_S)


async def test_it_is_renewed_under_load_without_a_lost_handshake(
    tmp_path: Path, authority: Authority, now_s: float
) -> None:
    clock = StandingClock()
    clock.now_s = now_s - 61 * DAY_S
    keeper = TlsKeeper(Source(authority, tmp_path), clock)
    stopped, grown = asyncio.Event(), asyncio.Event()
    seen: list[x509.Certificate] = []

    async def load(port: int) -> None:
        while not stopped.is_set():
            async with calling(port, authority.pem) as one:
                assert await one.says(b"x\n") == b"x\n"
                seen.append(one.certificate)
                grown.set()

    async def more(count: int) -> None:
        wanted = len(seen) + count
        while len(seen) < wanted:
            grown.clear()
            await grown.wait()

    async with answering(keeper.context) as port, calling(port, authority.pem) as old:
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(load(port))
            await more(8)
            clock.now_s = now_s
            assert await keeper.look()
            assert not await keeper.look()
            await more(12)
            stopped.set()
        assert await old.says(b"still here\n") == b"still here\n"
    ends = {one.not_valid_after_utc for one in seen}
    assert seen[0].not_valid_after_utc == old.certificate.not_valid_after_utc and len(ends) == 2
    assert seen[-1].not_valid_after_utc == keeper.ends == max(ends)


async def test_a_new_address_of_the_machine_gets_into_the_certificate(
    tmp_path: Path, authority: Authority, now_s: float
) -> None:
    source = Source(authority, tmp_path)
    keeper = TlsKeeper(source, lambda: now_s)
    source.wanted = HERE | {"192.168.178.20", "203.0.113.9"}
    assert await keeper.look()
    assert keeper.names == HERE | {"192.168.178.20"}
    assert not await keeper.look()
    source.wanted = HERE  # an address that is gone does no harm
    assert not await keeper.look()
    ends = keeper.ends
    assert TlsKeeper(Source(authority, tmp_path), lambda: now_s).ends == ends  # kept for the next start
    (tmp_path / FILE).write_bytes(b"rubbish")
    assert TlsKeeper(Source(authority, tmp_path), lambda: now_s).names == HERE
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def load_elsewhere(folder: Path) -> None:
    """Put another authority's certificate in the place of ours."""
    (folder / "other").mkdir()
    (folder / "ca.pem").write_bytes(load_or_make(folder / "other", "Other", (), time.time()).pem)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "ca.key").unlink(), "another's authority"),
        (lambda folder: (folder / "ca.pem").unlink(), "ca.pem is gone"),
        (lambda folder: (folder / "ca.pem").write_bytes(b"rubbish"), "cannot be read"),
        (lambda folder: (folder / "ca.key").write_bytes(b""), "cannot be read"),
        (load_elsewhere, "do not belong together"),
    ],
)
def test_broken_files_of_the_authority_are_named(
    tmp_path: Path, authority: Authority, spoil: object, said: str
) -> None:
    assert callable(spoil)
    spoil(tmp_path)
    with pytest.raises(UsageError, match=said):
        load_or_make(tmp_path, "Paceline", (), time.time())
    assert authority.names[0] == "local"


async def shown_until(port: int, authority: Authority) -> datetime:
    async with calling(port, authority.pem) as one:
        return one.certificate.not_valid_after_utc


def test_an_authority_that_ran_out_says_what_to_do(tmp_path: Path, authority: Authority, now_s: float) -> None:
    with pytest.raises(UsageError, match=r"ran out on 20.*install the new one"):
        load_or_make(tmp_path, "Paceline", (), now_s + 4000 * DAY_S)


async def test_a_given_certificate_is_taken_anew_when_its_files_change(
    tmp_path: Path, authority: Authority, now_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    chain = tmp_path / "given.pem"

    def give(at_s: float) -> None:
        write_private(chain, issue(authority, HERE, at_s).pem)

    give(now_s - 50 * DAY_S)
    keeper = TlsKeeper(GivenSource(chain, chain), lambda: now_s)
    first = keeper.ends
    assert not await keeper.look()
    async with answering(keeper.context) as port:
        for broken in (b"", b"rubbish", issue(authority, HERE, now_s).pem.partition(b"-----BEGIN CERT")[2]):
            write_private(chain, broken)
            assert not await keeper.look() and not await keeper.look()
            assert str(chain) in keeper.trouble
            assert await shown_until(port, authority) == first
        chain.unlink()
        assert not await keeper.look() and "cannot be read" in keeper.trouble
        give(now_s - 200 * DAY_S)
        assert not await keeper.look() and "ran out" in keeper.trouble
        give(now_s)
        assert await keeper.look() and keeper.trouble == ""
        assert await shown_until(port, authority) == keeper.ends > first
    assert sum("stays as it is" in record.message for record in caplog.records) == 4  # once each, not every minute


def test_a_given_pair_that_does_not_fit_is_refused_at_the_start(tmp_path: Path, authority: Authority) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(issue(authority, HERE, time.time()).pem)
    key.write_bytes(issue(authority, HERE, time.time()).pem)
    with pytest.raises(UsageError, match="do not fit together"):
        TlsKeeper(GivenSource(chain, key), time.time)
