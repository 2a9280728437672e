"""Which statuses a route can answer with problem details (errors outside the API are pages), and what each means."""

from paceline_server.platform.answers import API_PREFIX
from paceline_server.platform.gate import Row
from paceline_server.platform.openapi.contract import Contract, Raw
from paceline_server.platform.policy import Action

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MEANINGS = {
    400: "The query or the body breaks a rule; `field` names where.",
    401: "Nobody is logged in, or the log-in is wrong.",
    403: "The log-in may not do this, or another site's page sends it.",
    404: "There is no such thing, or it is another user's: no difference is shown.",
    408: "The body did not come in time.",
    409: "It does not fit what is held.",
    412: "It was changed since it was read; `etag` is its present tag.",
    413: "The body is over its limit, which `limit` says in bytes.",
    415: "The body's coding is not known.",
    422: "The key was used for another request.",
    429: "Too many of them; again in `retry_after_s` seconds.",
    503: "Not now.",
}


def refusals(row: Row, contract: Contract) -> list[int]:
    """Return the statuses of problem details that a route may answer, rising."""
    found = set(contract.refuses) | {429}
    if row.rule.action is not Action.OPEN:
        found |= {401, 403}
        if "{" in row.path or row.rule.action is Action.OPERATE:
            found.add(404)
    if contract.query is not None or contract.body is not None:
        found.add(400)
    if contract.body is not None or isinstance(contract.sends, Raw):
        found |= {400, 408, 413, 415}
    if contract.tagged:
        found |= {400} if row.method == "GET" else {400, 412}
    if row.method in WRITES:
        found |= {400, 409, 422}  # what an Idempotency-Key brings with it
        found.add(403)  # for a page of another site
    return sorted(found) if row.path.startswith(API_PREFIX) else []
