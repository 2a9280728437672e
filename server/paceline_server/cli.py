"""The command `paceline-server`: serve, setup, claim."""

import argparse
import asyncio
import fcntl
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from aiohttp import web

from paceline_server.app import make_app, make_runner
from paceline_server.config import Config
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.devices.service import DeviceService
from paceline_server.errors import NotFoundError, RequestError
from paceline_server.platform.database import Database
from paceline_server.platform.passwords import Passwords
from paceline_server.platform.schema import DatabaseError
from paceline_server.platform.sealing import Sealer
from paceline_server.users import store as users
from paceline_server.users.service import UserService, normal_name

KEY_HEX_DIGITS = 64


class UsageError(Exception):
    """Something is wrong with a file or folder that was named; says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    config = Config(
        data=options.data.resolve(),
        database_url=options.database_url,
        secure_cookies=getattr(options, "secure_cookies", False),
    )
    try:
        config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        options.run(config, options)
    except RequestError as error:
        print(f"paceline-server: {error.message}", file=sys.stderr)
        return 1
    except (UsageError, DatabaseError, OSError) as error:
        print(f"paceline-server: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="paceline-server", description="The Paceline server.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="answer requests until SIGINT or SIGTERM")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=8080, help="port to listen on, 0 for any (default: %(default)s)")
    serve.add_argument("--secure-cookies", action="store_true", help="behind HTTPS: send cookies only there")
    serve.add_argument(
        "--mdns",
        nargs="?",
        const="",
        metavar="URL",
        help="let gateways in the local network find the server; URL where host and port are not how it is reached",
    )
    serve.add_argument("--verbose", action="store_true", help="log every request")
    serve.set_defaults(run=_serve)
    setup = commands.add_parser("setup", help="make a user and an API token, which is printed once")
    setup.add_argument("--username", required=True)
    setup.add_argument("--password-file", type=Path, help="its first line; without it one is made and printed")
    setup.set_defaults(run=_setup)
    claim = commands.add_parser("claim", help="make a wearable a user's")
    claim.add_argument("--username", required=True)
    claim.add_argument("--device-id", required=True, help="16 hex digits")
    claim.add_argument("--key-file", type=Path, required=True, help="the device key: 32 bytes, or 64 hex digits")
    claim.set_defaults(run=_claim)
    for command in (serve, setup, claim):
        command.add_argument("--data", type=Path, required=True, help="folder of everything that the server keeps")
        command.add_argument("--database-url", help="SQLAlchemy URL of a PostgreSQL database (default: SQLite in DATA)")
    return parser


def _serve(config: Config, options: argparse.Namespace) -> None:
    level = logging.INFO if options.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with _locked(config.data, alone=config.one_process):
        asyncio.run(_serve_until_told(config, options.host, options.port, options.mdns))


async def _serve_until_told(config: Config, host: str, port: int, mdns: str | None) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    runner = make_runner(make_app(config))
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound_port = runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        print(f"Paceline serves http://{shown}:{bound_port}/ from {config.data}", flush=True)
        async with _announced(mdns, host, bound_port):
            await told.wait()
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _announced(mdns: str | None, host: str, port: int) -> AsyncIterator[None]:
    """Announce the server while the block runs, when that is wanted; `mdns` is its URL, or "" for host and port."""
    if mdns is None:
        yield
        return
    try:
        from paceline_server.announcement import announced, url_of  # noqa: PLC0415 (zeroconf is an extra)
    except ImportError as error:
        raise UsageError(f"--mdns needs {error.name}: pip install 'paceline-server[mdns]'") from error
    try:
        async with announced(mdns or url_of(host, port), host):
            yield
    except ValueError as error:
        raise UsageError(f"--mdns: {error}") from error


@contextmanager
def _locked(data: Path, *, alone: bool) -> Iterator[None]:
    """Hold the data folder: servers in one would write over each other's journals, but where PostgreSQL orders them."""
    with (data / "server.lock").open("w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"another server runs in {data}") from None
        yield


def _setup(config: Config, options: argparse.Namespace) -> None:
    password, made = _password(options.password_file)
    database, passwords = Database(config.url), Passwords()
    try:
        service = UserService(
            database,
            passwords,
            time.time,
            os.urandom,
            session_lifetime_s=config.session_lifetime_s,
            attempts_per_minute=config.log_in_attempts_per_minute,
        )
        user, token = service.create(options.username, password)
    finally:
        passwords.close()
        database.close()
    print(f"user name: {user.username}")
    if made:
        print(f"password: {password}")
    print(f"user id: {user.owner_id}")
    print(f"API token (shown only now): {token}")


def _password(file: Path | None) -> tuple[str, bool]:
    if file is None:
        return secrets.token_urlsafe(12), True
    return (file.read_text("utf-8").splitlines() or [""])[0], False


def _claim(config: Config, options: argparse.Namespace) -> None:
    key = _key(options.key_file)
    database = Database(config.url)
    device_keys = DeviceKeys(Sealer(config.server_key, os.urandom))
    try:
        found = database.read_now(users.find, normal_name(options.username))
        if found is None:
            raise NotFoundError("not_found", f"There is no user {options.username}.")
        device = DeviceService(database, device_keys, time.time).claim(found[0].owner_id, options.device_id, key)
    finally:
        database.close()
    print(f"device {device.device_id} belongs to {found[0].username}")


def _key(file: Path) -> bytes:
    data = file.read_bytes()
    text = data.strip()
    if len(text) == KEY_HEX_DIGITS:
        try:
            return bytes.fromhex(text.decode("ascii"))
        except ValueError:
            raise UsageError(f"{file} does not hold hex digits") from None
    return data
