"""New tokens for one that the server takes no more (docs/API.md, Tokens): kept durably before they are used.

The server lets the old refresh token hold until the new tokens were used, so that neither a lost answer nor a power cut
locks this gateway out; it must never be shown again once they were, as the server takes that for a thief's copy.
"""

import asyncio
import contextlib
import fcntl
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

from paceline_gateway.config import Server, Tokens
from paceline_gateway.config_edit import replace_file
from paceline_gateway.errors import ConfigError, UplinkError

CLIENT_ID = "paceline-gateway"
_LONGEST = 64 * 1024


async def renew(session: aiohttp.ClientSession, server: Server, base: str, spent: str) -> bool:
    """Replace the tokens of which `spent` is one; False when there is nothing to renew with, or the server refuses.

    UplinkError when the server cannot be understood, or the new tokens cannot be kept: then the old ones hold still.
    An error of the client when no answer came. Processes of one gateway wait for each other, and renew once.
    """
    async with _alone(server.token_file.parent):
        kept = server.tokens()
        if kept.access != spent:
            return True
        if kept.refresh is None:
            return False
        form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": kept.refresh}
        async with session.post(f"{base}/api/v1/oauth/token", data=form, allow_redirects=False) as response:
            body = await response.content.read(_LONGEST)
            status = response.status
        if status in (400, 401):
            return False
        fresh = _tokens(body) if status == 200 else None
        if fresh is None:
            raise UplinkError(f"the server answered {status} when the token was to be renewed")
        try:
            await asyncio.to_thread(replace_file, server.token_file, fresh.text, 0o600)
        except (ConfigError, OSError) as error:
            raise UplinkError(f"new tokens cannot be kept: {error}") from error
        return True


def _tokens(body: bytes) -> Tokens | None:
    try:
        table = json.loads(body)
        access, refresh = table["access_token"], table["refresh_token"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return Tokens.checked(access, refresh)


@contextlib.asynccontextmanager
async def _alone(folder: Path) -> AsyncIterator[None]:
    """Hold the folder's lock: there is no file for it that another user could own."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise ConfigError(str(folder), f"cannot be read: {error.strerror}") from error
    try:
        await asyncio.to_thread(fcntl.flock, descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
