"""The server's certificate: only the pinned authority may vouch for it, and nothing goes to who is not the server."""

import asyncio
import logging
import random
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from gateway.authority import Authority
from gateway.journal_server import TOKEN, JournalServer
from paceline_gateway.config import Server
from paceline_gateway.errors import ConfigError, UplinkError
from paceline_gateway.spool import Spool
from paceline_gateway.uplink.client import UplinkClient
from paceline_gateway.uplink.upload import Uploader

DEVICE_ID = bytes(8)
EPOCH = 5


@asynccontextmanager
async def serving(
    folder: Path, tls: ssl.SSLContext, ca_file: Path | None
) -> AsyncIterator[tuple[JournalServer, Server]]:
    server = JournalServer()
    url = await server.start(tls)
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    yield server, Server(url, token, ca_file)
    await server.stop()


async def test_a_server_that_the_pinned_authority_vouches_for_gets_the_journal(tmp_path: Path) -> None:
    ours = Authority(tmp_path)
    async with serving(tmp_path, ours.server(), ours.file) as (server, settings), UplinkClient(settings) as client:
        await client.put(DEVICE_ID, EPOCH, 0, b"bytes")
        assert server.held[DEVICE_ID.hex(), EPOCH] == b"bytes"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("another authority of the same name", "certificate"),
        ("another authority", "unable to get local issuer certificate"),
        ("another host", "IP address mismatch"),
        ("run out", "certificate has expired"),
        ("not pinned", "is server.ca_file missing"),
    ],
)
async def test_another_certificate_is_one_clear_message_and_gets_no_byte(
    tmp_path: Path, case: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    ours = Authority(tmp_path / "ours")
    tls = ours.server()
    if case.startswith("another authority"):
        tls = Authority(tmp_path / "theirs", "Made Up" if "same" in case else "Other").server()
    elif case == "another host":
        tls = ours.server("127.0.0.2")
    elif case == "run out":
        tls = ours.server(days=-1)
    spool = Spool(tmp_path / "spool")
    journal = spool.device(DEVICE_ID).begin(EPOCH, 0)
    journal.write(0, b"bytes")
    journal.sync()
    async with serving(tmp_path, tls, None if case == "not pinned" else ours.file) as (server, settings):
        async with UplinkClient(settings) as client:
            draw = random.Random(1).random
            device = spool.device(DEVICE_ID)
            uploader = Uploader(DEVICE_ID, "Test", spool=device, client=client, draw=draw, wake=asyncio.Event())
            for hour_s in (0.0, 3600.0, 7200.0):
                await uploader.round(lambda now_s=hour_s: now_s)
            with pytest.raises(UplinkError, match=re.escape(reason)):
                await client.desired(DEVICE_ID)
        assert server.requests == []
    spool.close()
    told = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == 1
    assert f"{settings.url} shows a certificate that is not vouched for by" in told[0] and reason in told[0]


@pytest.mark.parametrize(
    ("text", "problem"), [(None, "No such file"), ("", "no certificate"), ("PEM?", "no certificate")]
)
async def test_an_authority_that_is_none_ends_the_start(tmp_path: Path, text: str | None, problem: str) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigError, match=problem):
        async with UplinkClient(Server("https://127.0.0.1", tmp_path / "token", path)):
            pass
