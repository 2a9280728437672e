"""The device grant as the gateway sees it (RFC 8628, 3.2 to 3.5); pure."""

from dataclasses import dataclass

from paceline_gateway.config import Tokens
from paceline_gateway.errors import UplinkError
from paceline_gateway.uplink.account_client import Reply

SLOWER_BY_S = 5.0
LONGEST_INTERVAL_S = 60.0


@dataclass(frozen=True)
class Begun:
    """What the server gave to begin with: the code is shown to a person, the device code to nobody."""

    device_code: str
    user_code: str
    page: str
    page_with_code: str
    lifetime_s: float
    interval_s: float


@dataclass(frozen=True)
class LetIn:
    """A person has approved."""

    tokens: Tokens
    username: str


def begun_of(reply: Reply) -> Begun:
    """Read the answer to the first request; UplinkError when it holds no grant."""
    device_code, user_code, page = (reply.text(name) for name in ("device_code", "user_code", "verification_uri"))
    if reply.status != 200 or not (device_code and user_code and page):
        detail = reply.text("error_description") or reply.text("message") or reply.text("error")
        raise UplinkError(f"the server gives no code to log in with ({reply.status} {detail})".replace(" )", ")"))
    complete = reply.text("verification_uri_complete")
    lifetime_s, interval_s = reply.number("expires_in", 600), reply.number("interval", 5)
    return Begun(device_code, user_code, page, complete, lifetime_s, interval_s)


class Polling:
    """Decides on each answer: let in, how long to wait, or that it is over."""

    def __init__(self, begun: Begun) -> None:
        self.interval_s = begun.interval_s

    def answered(self, reply: Reply | None) -> LetIn | None:
        """Take an answer, None for one that did not come; return the tokens or None to go on after `interval_s`.

        UplinkError when a person refused, when nobody decided in time, or when the server is not to be understood.
        """
        if reply is None or reply.status == 429 or reply.status >= 500:  # 3.5: be gentler when it times out
            self.interval_s = min(2 * self.interval_s, LONGEST_INTERVAL_S)
            return None
        token, error = reply.text("access_token"), reply.text("error")
        tokens = Tokens.checked(token, reply.text("refresh_token") or None)
        if reply.status == 200 and tokens is not None:
            return LetIn(tokens, reply.text("username"))
        if error == "slow_down":
            self.interval_s += SLOWER_BY_S
        if error in ("slow_down", "authorization_pending"):
            return None
        ends = {"access_denied": "a person refused this gateway", "expired_token": "nobody approved in time"}
        raise UplinkError(ends.get(error, f"the server answered {reply.status} {error}") + "; nothing was changed")
