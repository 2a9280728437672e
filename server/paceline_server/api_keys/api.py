"""HTTP of the API keys; the list and its end are those of all tokens (users/api.py)."""

from aiohttp import web

from paceline_server.api_keys.shapes import KeyMade, NewKey
from paceline_server.keys import API_KEYS
from paceline_server.platform.answers import utc_text
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.recent import require_recent
from paceline_server.platform.tokens import identity_of, token_id_of


@gives(201, KeyMade, refuses=(409, 429))
async def make_key(request: web.Request, body: NewKey) -> KeyMade:
    """Make a key for a program of one's own.

    It reaches what its scopes open, and never the account itself. It is told once; only its hash is kept.
    """
    owner_id = (await require_recent(request)).owner_id
    expires_at_s = body.expires_at.timestamp() if body.expires_at is not None else None
    key = await request.app[API_KEYS].make(owner_id, body.label, frozenset(body.scopes), expires_at_s)
    identity = identity_of(key)
    assert identity is not None
    shown_end = utc_text(expires_at_s) if expires_at_s is not None else None
    return KeyMade(key, token_id_of(identity.token_hash), body.label.strip(), sorted(set(body.scopes)), shown_end)
