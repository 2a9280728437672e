"""Web push: messages as RFC 8291 has them, to services that may be asked, each notice once; a service of few lines."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from paceline_server.errors import UsageError
from paceline_server.keys import DATABASE, NOTICES, PUSH
from paceline_server.notifications import store as notices
from paceline_server.notifications.model import GEAR, Tale
from paceline_server.push.delivering import ATTEMPTS, GIVEN_UP_S
from paceline_server.push.encryption import LARGEST, encrypted, keys_of, public_bytes, public_key
from paceline_server.push.places import USUAL, places_of, public_only
from server.post_office import until
from server.running_server import Person, RunningServer, StandingClock, make_person
from server.test_goals import call

WORN = Tale(GEAR, "shoes", "Blue is worn out", "It has come to its limit.", "/gear")


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unpacked(text), "big"), ec.SECP256R1())


def test_a_message_is_that_of_the_standards_example() -> None:
    """RFC 8291, section 5 and appendix A."""
    sender = private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    receiver = unpacked("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
    auth, salt = unpacked("BTBZMqHH6r4Tts7J_aSIgg"), unpacked("DGv6ra1nlYgDCS1FRnbzlw")
    body = encrypted(b"When I grow up, I want to be a watermelon", receiver, auth, sender, salt)
    assert body == unpacked(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3j"
        "l7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert len(encrypted(bytes(LARGEST), receiver, auth, sender, salt)) == 4096
    with pytest.raises(ValueError, match="at most"):
        encrypted(bytes(LARGEST + 1), receiver, auth, sender, salt)


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com:443/wpush/v2/x", True),
        ("https://wns2-by3p.notify.windows.com/w/?token=x", True),
        ("https://web.push.apple.com/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@10.0.0.1/x", False),
        ("https://fcm.googleapis.com\\@10.0.0.1/x", False),
        ("https://evilpush.apple.com.example/x", False),
        ("https://push.apple.com/x", False),
        ("https://notpush.apple.com/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1]/x", False),
        ("https://fcm.googleapis.com/a b", False),
        ("https://[/", False),
        ("file:///etc/passwd", False),
        ("https://fcm.googleapis.com/" + "x" * 1000, False),
    ],
)
def test_only_known_push_services_may_be_asked(endpoint: str, allowed: bool) -> None:
    assert places_of(USUAL).allow(endpoint) is allowed


def test_of_a_name_only_public_addresses_are_asked() -> None:
    def found(host: str) -> ResolveResult:
        return ResolveResult(hostname="x", host=host, port=443, family=2, proto=0, flags=0)

    private = ("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1")
    of_six = ("::1", "fe80::1%2", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "::", "nonsense")
    assert public_only([found(host) for host in private + of_six]) == []
    assert len(public_only([found(host) for host in ("142.250.1.1", "2a00:1450:4001::1")])) == 2
    for wrong in ("https://a.example/path", "a b", "ftp://a.example", "https://*.example.org"):
        with pytest.raises(UsageError, match="push_services"):
            places_of(wrong)


class PushService:
    """A push service on loopback, and the browser behind it, which reads what comes; `status` is what it answers."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = bytes(range(16))
        self.status = 201
        self.told: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.asked = 0

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/send/{browser}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    def subscription(self, name: str) -> dict[str, Any]:
        """Return what a browser of this service says of itself."""
        p256dh, auth = (
            base64.urlsafe_b64encode(part).rstrip(b"=").decode()
            for part in (public_bytes(self.key.public_key()), self.auth)
        )
        return {"endpoint": f"{self.origin}/send/{name}", "keys": {"p256dh": p256dh, "auth": auth}, "name": name}

    async def _take(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.status == 201:
            self.headers.append(dict(request.headers))
            self.told.append(json.loads(self._read(await request.read())))
        location = {"Location": f"{self.origin}/send/elsewhere"} if self.status == 307 else {}
        return web.Response(status=self.status, headers=location)

    def _read(self, body: bytes) -> bytes:
        """Decrypt as a browser does (RFC 8188, 2.1; RFC 8291, 3.4)."""
        salt, sender = body[:16], body[21 : 21 + body[20]]
        assert int.from_bytes(body[16:20], "big") == 4096 and len(body) <= 4096
        shared = self.key.exchange(ec.ECDH(), public_key(sender))
        key, nonce = keys_of(shared, self.auth, salt, public_bytes(self.key.public_key()), sender)
        plain = AESGCM(key).decrypt(nonce, body[21 + body[20] :], None)
        return plain.rstrip(b"\0")[:-1]


@pytest.fixture(scope="module")
async def service() -> AsyncIterator[PushService]:
    """A push service."""
    running = PushService()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="module")
async def pushing(service: PushService, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """A server for the whole file that may ask that service."""
    running = RunningServer(tmp_path_factory.mktemp("pushing") / "data", StandingClock())
    running.config = replace(running.config, push_services=service.origin, public_url="https://run.example.org")
    await running.start()
    yield running
    await running.stop()


async def subscribe(server: RunningServer, service: PushService, name: str) -> Person:
    """Return somebody new with one browser."""
    service.status = 201
    service.told.clear()
    person = make_person(server, name)
    path = f"/users/{person.owner_id}/push-subscriptions"
    await call(server, person, "POST", path, 201, json=service.subscription(name))
    await call(server, person, "POST", path, 200, json=service.subscription(name))
    return person


async def tell(server: RunningServer, person: Person, tale: Tale = WORN) -> None:
    assert await server.app[DATABASE].write(notices.tell, person.owner_id, tale, server.clock.now_s)
    await server.settled()


async def test_a_notice_comes_to_the_browser_once_signed_and_readable_there_alone(
    pushing: RunningServer, service: PushService
) -> None:
    ann = await subscribe(pushing, service, "ann")
    await tell(pushing, ann)
    (told,) = service.told
    assert (told["title"], told["text"], told["link"]) == (WORN.title, WORN.text, "/gear")
    headers = service.headers[-1]
    assert headers["Content-Encoding"] == "aes128gcm" and headers["Topic"] == told["id"].replace("-", "")
    answer = await call(pushing, ann, "GET", f"/users/{ann.owner_id}/push-subscriptions", 200)
    token, key = (part.split("=", 1)[1] for part in headers["Authorization"].removeprefix("vapid ").split(", "))
    assert key == answer["application_server_key"]
    claims = json.loads(unpacked(token.split(".")[1]))
    assert claims["aud"] == service.origin and claims["sub"] == "https://run.example.org"
    assert pushing.clock.now_s < claims["exp"] <= pushing.clock.now_s + 86_400
    signed, _, signature = token.rpartition(".")
    halves = (int.from_bytes(part, "big") for part in (unpacked(signature)[:32], unpacked(signature)[32:]))
    public_key(unpacked(key)).verify(encode_dss_signature(*halves), signed.encode(), ec.ECDSA(hashes.SHA256()))
    (browser,) = answer["subscriptions"]
    bob = make_person(pushing, "bob")
    path = f"/push-subscriptions/{browser['subscription_id']}"
    await call(pushing, bob, "DELETE", path, 404)
    await call(pushing, ann, "DELETE", path, 204)
    await tell(pushing, ann, replace(WORN, subject="bike"))
    assert len(service.told) == 1


async def test_a_service_that_fails_is_asked_again_and_one_that_says_gone_is_forgotten(
    pushing: RunningServer, service: PushService
) -> None:
    eve = await subscribe(pushing, service, "eve")
    service.status = 503
    await tell(pushing, eve)
    service.status = 307  # it may lead anywhere: it is not followed
    pushing.clock.now_s += 60
    await pushing.settled()
    service.status = 201
    pushing.clock.now_s += 60
    await pushing.settled()
    assert [told["title"] for told in service.told] == [WORN.title]
    service.status = 410
    await tell(pushing, eve, replace(WORN, subject="bike"))
    assert await pushing.app[PUSH].every(eve.owner_id) == []


async def test_what_is_read_meanwhile_is_not_sent_and_a_dead_service_is_given_up(
    pushing: RunningServer, service: PushService
) -> None:
    dan = await subscribe(pushing, service, "dan")
    service.status = 500
    await tell(pushing, dan)
    await pushing.app[NOTICES].note_read(dan.owner_id)
    asked = service.asked
    pushing.clock.now_s += 3600
    await pushing.settled()
    assert service.asked == asked
    for days in (0, 4):
        pushing.clock.now_s += days * 86_400
        await tell(pushing, dan, replace(WORN, subject=f"bike {days}"))
        for _ in range(ATTEMPTS):
            pushing.clock.now_s += 3600
            await pushing.settled()
    assert GIVEN_UP_S < 4 * 86_400
    assert await pushing.app[PUSH].every(dan.owner_id) == []
    assert service.told == []


async def test_quiet_hours_hold_a_push_back_and_the_switch_ends_it(
    pushing: RunningServer, service: PushService
) -> None:
    fay = await subscribe(pushing, service, "fay")
    now_min = int(pushing.clock.now_s) % 86_400 // 60
    times = [f"{minute % 1440 // 60:02}:{minute % 60:02}" for minute in (now_min - 60, now_min + 60)]
    quiet = {"quiet_hours": {"from": times[0], "to": times[1]}}
    path = f"/users/{fay.owner_id}/notification-rules"
    await call(pushing, fay, "PUT", path, 200, json=quiet)
    await tell(pushing, fay)
    assert service.told == []
    pushing.clock.now_s += 2 * 3600
    await pushing.settled()
    assert len(service.told) == 1
    await call(pushing, fay, "PUT", path, 200, json={"switches": [{"kind": "gear", "push": False}]})
    await tell(pushing, fay, replace(WORN, subject="bike"))
    assert len(service.told) == 1


async def test_what_is_no_subscription_is_refused(pushing: RunningServer, service: PushService) -> None:
    gus = make_person(pushing, "gus")
    good, path = service.subscription("gus"), f"/users/{gus.owner_id}/push-subscriptions"
    keys = good["keys"]
    for wrong, field in (
        ({"endpoint": "https://127.0.0.1/x"}, "endpoint"),
        ({"endpoint": f"http://localhost:{urlsplit(service.origin).port}/x"}, "endpoint"),
        ({"keys": keys | {"p256dh": "BA" * 20}}, "keys.p256dh"),
        ({"keys": keys | {"auth": "A" * 24}}, "keys.auth"),
    ):
        assert (await call(pushing, gus, "POST", path, 400, json=good | wrong))["field"] == field
    await until(lambda: True)
    assert await asyncio.to_thread(pushing.app[PUSH].server_key)
