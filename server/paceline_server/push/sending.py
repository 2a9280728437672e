"""One message to a push service (RFC 8030); blocks, and is bounded in time and size."""

import asyncio
from collections.abc import Callable

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec

from paceline_server.push.encryption import SALT_SIZE, encrypted
from paceline_server.push.model import Receiver
from paceline_server.push.places import Places, PublicAddresses
from paceline_server.push.vapid import Sender

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
KEPT_S = 86_400  # by the service, while the browser is not there
_LATER = frozenset({408, 425, 429})


class GoneError(Exception):
    """The browser does not want messages any more, or can never get one from here."""


class PushError(Exception):
    """The push service did not take a message now; says why, without the endpoint."""


class PushServices:
    """Sends messages to browsers, at places that may be asked."""

    def __init__(
        self, sender: Sender, places: Places, clock: Callable[[], float], random_bytes: Callable[[int], bytes]
    ) -> None:
        self.sender = sender
        self.places = places
        self._clock = clock
        self._random_bytes = random_bytes

    def send(self, receiver: Receiver, message: bytes, topic: str) -> None:
        """Send one message; GoneError or PushError when it was not taken. Blocks.

        Of messages of one topic (32 letters of base64url at most) that wait for a browser the service keeps the last.
        """
        if not self.places.allow(receiver.endpoint):
            raise GoneError("its push service may not be asked from here")
        key, salt = ec.generate_private_key(ec.SECP256R1()), self._random_bytes(SALT_SIZE)
        body = encrypted(message, receiver.public_key, receiver.auth, key, salt)
        headers = {
            "Authorization": self.sender.authorization(receiver.endpoint, self._clock()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_S),
            "Topic": topic,
            "Urgency": "normal",
        }
        status = asyncio.run(self._post(receiver.endpoint, body, headers))
        if status in _LATER or status >= 500 or 300 <= status < 400:
            raise PushError(f"the push service answered {status}")
        if status >= 400:
            raise GoneError(f"the push service answered {status}")

    async def _post(self, endpoint: str, body: bytes, headers: dict[str, str]) -> int:
        resolver = None if self.places.is_own(endpoint) else PublicAddresses()
        connector = aiohttp.TCPConnector(resolver=resolver, limit=1)
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=TIMEOUT, connector=connector, cookie_jar=aiohttp.DummyCookieJar()
                ) as session,
                session.post(endpoint, data=body, headers=headers, allow_redirects=False) as response,
            ):
                return response.status  # what else it says is not read
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise PushError(f"the push service cannot be reached ({type(error).__name__})") from None
