"""`paceline-gateway login` and `logout`, and the claims that follow a log-in. Talks to a person through `Desk`."""

import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from paceline_gateway.config import Config, Server, Wearable, parse
from paceline_gateway.errors import ConfigError, UplinkError
from paceline_gateway.login.authority import Offered, offered_of, same_fingerprint
from paceline_gateway.login.grant import LetIn, Polling, begun_of
from paceline_gateway.login.kept import AUTHORITY_NAME, TOKEN_NAME, keep, make_folder, settings_before, settings_text
from paceline_gateway.uplink.account_client import (
    AccountClient,
    Reply,
    UnknownAuthorityError,
    offered_authority,
)


@dataclass(frozen=True)
class Desk:
    """Where a person sits: `say` shows a line, `agree` asks yes or no (None: nobody is there to be asked)."""

    say: Callable[[str], None]
    agree: Callable[[str], bool] | None
    sleep: Callable[[float], Awaitable[None]]
    clock_s: Callable[[], float]


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line; `ca_file` and `fingerprint` state the authority to pin."""

    url: str
    client_name: str
    ca_file: Path | None = None
    fingerprint: str | None = None


async def log_in(path: Path, wish: Wish, desk: Desk) -> Config:
    """Log this gateway in and return the new settings; whatever fails leaves the old ones as they were."""
    make_folder(path)
    old = settings_before(path)
    url = wish.url.rstrip("/")
    settings_text(old, path, {"url": url, "token_file": TOKEN_NAME})  # what cannot be kept need not be asked for
    with _scratch() as scratch:
        server, authority = await _trusted(Server(url, scratch / "token"), wish, scratch, desk)
        async with AccountClient(server) as client:
            let_in = await _until_decided(client, wish.client_name, desk)
    lines = {"url": url, "token_file": TOKEN_NAME} | ({"ca_file": AUTHORITY_NAME} if authority else {})
    config = keep(path, settings_text(old, path, lines), let_in.tokens, authority)
    desk.say(f"Logged in at {url} as {let_in.username or 'a user'}.")
    await claim(config, config.wearables.values(), desk)
    return config


async def log_out(config: Config, desk: Desk) -> None:
    """Give the token back and remove its file; the file goes even when the server does not answer."""
    if config.server is None:
        raise ConfigError(f"{config.path}: server", "is not there: this gateway is not logged in")
    tokens = config.server.tokens()
    try:
        async with AccountClient(config.server) as client:
            reply = await client.give_back(tokens)
        told = "" if reply.status in (200, 204, 401) else f"the server answered {reply.status}"
    except UplinkError as error:
        told = error.problem
    try:
        config.server.token_file.unlink()
    except OSError as error:
        raise ConfigError(str(config.server.token_file), f"cannot be removed: {error.strerror}") from error
    desk.say("Logged out." if not told else f"The token is removed here, but {told}: close it on the server, too.")


async def claim(config: Config, wearables: Iterable[Wearable], desk: Desk) -> None:
    """Make the wearables the user's on the server and say how it went; no refusal stops the others."""
    if config.server is None:
        return
    async with AccountClient(config.server) as client:
        for wearable in wearables:
            reply = await client.claim(wearable.device_id, wearable.key)
            trouble = _refusal(reply)
            desk.say(f"{wearable.name}: " + (trouble or "its journals belong to this account."))


async def claim_new(config: Config, wearable: Wearable) -> None:
    """Make one wearable the user's before it is added; UplinkError, saying why, when it cannot be."""
    if config.server is None:
        return
    async with AccountClient(config.server) as client:
        reply = await client.claim(wearable.device_id, wearable.key)
    if trouble := _refusal(reply):
        raise UplinkError(f"{wearable.name} was not added: {trouble}")


def _refusal(reply: Reply) -> str:
    if reply.status in (200, 201):
        return ""
    if reply.text("error") == "device_claimed":
        return "on the server it belongs to another account, or has another key."
    if reply.status == 401:
        return "the server does not know this gateway's token; do: paceline-gateway login"
    return f"the server answered {reply.status} {reply.text('error')}".rstrip() + "."


async def _until_decided(client: AccountClient, client_name: str, desk: Desk) -> LetIn:
    begun = begun_of(await client.begin(client_name))
    desk.say(f"Open {begun.page} in a browser, log in and enter the code:\n\n    {begun.user_code}\n")
    if begun.page_with_code:
        desk.say(f"or open {begun.page_with_code}\n")
    polling, deadline_s = Polling(begun), desk.clock_s() + begun.lifetime_s
    while desk.clock_s() < deadline_s:
        await desk.sleep(polling.interval_s)
        try:
            reply = await client.poll(begun.device_code)
        except UplinkError:
            reply = None
        if (let_in := polling.answered(reply)) is not None:
            return let_in
    raise UplinkError("nobody approved in time; nothing was changed")


async def _trusted(server: Server, wish: Wish, scratch: Path, desk: Desk) -> tuple[Server, bytes | None]:
    """Return the server with whom to trust for it, and the authority to pin, None for this machine's own."""
    if wish.ca_file is not None:
        try:
            offered = offered_of(wish.ca_file.read_bytes(), str(wish.ca_file))
        except OSError as error:
            raise ConfigError(str(wish.ca_file), f"cannot be read: {error.strerror}") from error
        return await _checked(_pinned(server, offered, scratch)), offered.pem
    try:
        return await _checked(server), None
    except UnknownAuthorityError as error:
        desk.say(f"{server.url} is not vouched for by anybody whom this machine knows.")
        try:
            offered = offered_of(await offered_authority(server.url), f"{server.url}/ca.pem")
        except UplinkError as none:
            raise UplinkError(f"{none.problem}; give its authority with --ca-file") from error
    pinned = await _checked(_pinned(server, offered, scratch))  # does it vouch for this server at all?
    _agree(offered, wish, desk)
    return pinned, offered.pem


async def _checked(server: Server) -> Server:
    async with AccountClient(server) as client:
        await client.greet()
    return server


def _pinned(server: Server, offered: Offered, scratch: Path) -> Server:
    file = scratch / AUTHORITY_NAME
    file.write_bytes(offered.pem)
    return replace(server, ca_file=file)


def _agree(offered: Offered, wish: Wish, desk: Desk) -> None:
    desk.say(
        f"It shows an authority of its own: {offered.name}, until {offered.until}\n"
        f"SHA-256 fingerprint: {offered.fingerprint}"
    )
    if wish.fingerprint is not None:
        if not same_fingerprint(wish.fingerprint, offered):
            raise UplinkError(
                "that is not the fingerprint of --fingerprint: somebody may stand between; nothing was sent"
            )
        return
    if desk.agree is None:
        raise UplinkError("compare the fingerprint with that of ca.pem on the server and give it with --fingerprint")
    if not desk.agree("Is this the fingerprint of ca.pem on the server?"):
        raise UplinkError("the authority was not trusted; nothing was changed")


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="paceline-login-") as folder:
        yield Path(folder)


def server_url_of(path: Path) -> str:
    """Return the server's address in the settings file, ConfigError when there is none."""
    config = parse(settings_before(path), path)
    if config.server is None:
        raise ConfigError(f"{path}: server.url", "is not there yet; do: paceline-gateway login https://your.server")
    return config.server.url
