"""What users do with the way into their account, once each: address, letter, codes, passkey, forgotten password."""

from urllib.parse import urlsplit

import pyotp
from paceline_server.keys import ADDRESSES, NEW_PASSWORDS, PASSKEYS, SECOND_FACTORS
from paceline_server.passkeys.ceremonies import Place
from paceline_server.platform.tokens import identity_of
from server.running_server import Person, RunningServer
from server.soft_authenticator import SoftAuthenticator


async def full_entry(server: RunningServer, session: Person) -> None:
    """Do it all; the account is left without a second factor, so that the password opens it."""
    app, owner_id = server.app, session.owner_id
    await app[ADDRESSES].want(owner_id, "ann@example.org")
    await app[NEW_PASSWORDS].ask("ann", "")
    await server.settled()
    enrolment = await app[SECOND_FACTORS].begin(owner_id, "ann", "here")
    code = pyotp.totp.TOTP(enrolment.secret).at(int(server.clock()))
    recovery = await app[SECOND_FACTORS].confirm(owner_id, code)
    await app[SECOND_FACTORS].check(owner_id, recovery[0])
    assert await app[SECOND_FACTORS].codes_left(owner_id) == 9
    assert app[SECOND_FACTORS].reset(owner_id)
    identity = identity_of(session.token)
    assert identity is not None
    place = Place(urlsplit(server.url).hostname or "", server.url)
    key = SoftAuthenticator(place.origin, place.rp_id)
    ticket, options = await app[PASSKEYS].begin_registration(identity, "ann", place)
    await app[PASSKEYS].register(identity, ticket, key.create(options), "phone", place)
    ticket, options = await app[PASSKEYS].begin_log_in(place, "")
    assert await app[PASSKEYS].identify(ticket, key.get(options), place, "") == owner_id
