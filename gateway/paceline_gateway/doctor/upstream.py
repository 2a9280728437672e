"""The server: is it there, is the token good, does it know the wearables; and what time it has."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from paceline_gateway.config import Config, Server
from paceline_gateway.doctor.finding import Finding, note, ok, problem
from paceline_gateway.errors import ConfigError, UplinkError
from paceline_gateway.uplink.client import Probe, UplinkClient
from paceline_gateway.watch.labels import labels

_NOBODY = bytes(8)
_LOG_IN = "log in again: paceline-gateway login"


async def server_findings(config: Config) -> tuple[list[Finding], float | None]:
    """Ask the server about every wearable; return what was found and the server's UTC seconds, None when not told."""
    if config.server is None:
        return [note("server", "none in the settings: journals are only kept here", "paceline-gateway login URL")], None
    ids = list(config.wearables) or [_NOBODY]
    answers: dict[bytes, Probe] = {}
    try:
        async with UplinkClient(config.server) as client:
            for device_id in ids:
                answers[device_id] = await client.probe(device_id)
    except ConfigError as error:
        return [problem("token", str(error), _LOG_IN)], None
    except UplinkError as error:
        return [problem("server", str(error), "is it up, is server.url right, does this machine reach it?")], None
    return list(_said(config.server, config, answers)), _utc_s(answers[ids[0]].date)


def _said(server: Server, config: Config, answers: dict[bytes, Probe]) -> Iterator[Finding]:
    strange = [answer for answer in answers.values() if not answer.is_json or answer.status not in (200, 401, 403, 404)]
    if strange:
        text = (
            f"{server.url} answers {strange[0].status}{'' if strange[0].is_json else ', and not as a server of ours'}"
        )
        yield problem("server", text, "is server.url right? if it is, look at the server's log")
        return
    refused = [answer for answer in answers.values() if answer.status in (401, 403)]
    if len(refused) == len(answers):
        yield ok("server", f"{server.url} answers")
        yield problem("token", f"the server refuses it ({refused[0].status})", _LOG_IN)
        return
    yield ok("server", f"{server.url} answers")
    yield ok("token", "the server takes it")
    for device_id, label in labels(config.wearables).items():
        if (status := answers[device_id].status) != 200:
            name = config.wearables[device_id].name
            advice = "claim it for the account that this gateway is logged in with"
            yield problem("wearable", f"{name} ({label}) is not one of that account ({status})", advice)


def _utc_s(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError):
        return None
