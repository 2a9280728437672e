"""Rules of second factors: set up, ask, switch off; how often may be guessed."""

from collections.abc import Callable

from paceline_server.addresses.notices import Notices
from paceline_server.errors import ConflictError, InvalidError, TooManyError, UnauthenticatedError
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.sealing import Sealer
from paceline_server.second_factor import codes, store
from paceline_server.second_factor.model import Enrolment, SecondFactor
from paceline_server.words.speech import N_

FREE_FAILURES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 3600.0


class SecondFactorService:
    """Second factors of users. Wrong codes are counted in the database: a restart, or another process, forgets none."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        notices: Notices,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        notify: Callable[[], None],
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._notices = notices
        self._clock = clock
        self._random_bytes = random_bytes
        self._notify = notify

    async def is_on(self, owner_id: str) -> bool:
        """Tell whether a user's log-in asks for a code."""
        held = await self._database.read(store.get, owner_id)
        return held is not None and held.confirmed

    async def codes_left(self, owner_id: str) -> int:
        """Return how many recovery codes a user has."""
        return await self._database.read(store.count_codes, owner_id)

    async def begin(self, owner_id: str, username: str, server: str) -> Enrolment:
        """Make a secret, which is asked for once it was confirmed; ConflictError when there is one already."""
        secret = self._random_bytes(codes.SECRET_SIZE)
        if not await self._database.write(store.begin, owner_id, self._sealer.seal(secret, _owner(owner_id))):
            raise ConflictError("second_factor_on", "A second factor is switched on already.")
        return _enrolment(secret, username, server)

    async def begun(self, owner_id: str, username: str, server: str) -> Enrolment | None:
        """Return what is being set up, to be shown again; None when nothing is."""
        held = await self._database.read(store.get, owner_id)
        if held is None or held.confirmed:
            return None
        return _enrolment(self._opened(held), username, server)

    async def confirm(self, owner_id: str, code: str) -> list[str]:
        """Switch the second factor on, as a code shows that the app has it; return the recovery codes, shown only now.

        InvalidError for a wrong code, or when nothing is being set up.
        """
        held = await self._database.read(store.get, owner_id)
        if held is None or held.confirmed:
            raise InvalidError("second_factor_code", "Nothing is being set up; begin anew.", field="code")
        step = codes.fitting_step(self._opened(held), code, self._clock(), held.last_step)
        if step is None:
            raise InvalidError("second_factor_code", "This code does not fit; look at the clock, too.", field="code")
        made = codes.new_recovery_codes(self._random_bytes)
        hashes = [codes.recovery_hash(one) for one in made]

        def write(connection: Connection) -> bool:
            told = N_("log-in with codes of an authenticator was switched on for your Paceline account")
            done = store.confirm(connection, owner_id, step, hashes)
            if done:
                self._notices.tell(connection, owner_id, N_("A second factor was switched on"), told)
            return done

        if not await self._database.write(write):
            raise ConflictError("second_factor_on", "A second factor is switched on already.")
        self._notify()
        return made

    async def check(self, owner_id: str, code: str) -> None:
        """See that a code is the user's, and take it: none is taken twice.

        UnauthenticatedError `second_factor_code` for a wrong one; TooManyError after five wrong ones in a row, with a
        wait that doubles from half a minute to an hour.
        """
        held = await self._database.read(store.get, owner_id)
        if held is None or not held.confirmed:
            return
        self._bound(held)
        # Counted first: of guesses that are made at once, each sees those before it.
        if not await self._database.write(store.begin_attempt, owner_id, held.failures, self._clock()):
            raise TooManyError("too_many_attempts", "Another code is being looked at; try again.", retry_after_s=1)
        step = codes.fitting_step(self._opened(held), code, self._clock(), held.last_step)
        if step is not None and await self._database.write(store.take_step, owner_id, step):
            return
        if not await self._database.write(self._take_code, owner_id, codes.recovery_hash(code)):
            raise UnauthenticatedError("second_factor_code", "This code does not fit, or was used already.")
        self._notify()

    async def renew_codes(self, owner_id: str) -> list[str]:
        """Make new recovery codes in place of the old; return them, shown only now."""
        if not await self.is_on(owner_id):
            raise ConflictError("second_factor_off", "There is no second factor.")
        made = codes.new_recovery_codes(self._random_bytes)
        await self._database.write(store.renew_codes, owner_id, [codes.recovery_hash(one) for one in made])
        return made

    async def switch_off(self, owner_id: str, code: str) -> None:
        """Ask for a code no more; as check for a wrong one. The caller has asked for the password."""
        await self.check(owner_id, code)
        await self._database.write(self._remove, owner_id)
        self._notify()

    def reset(self, owner_id: str) -> bool:
        """Switch it off for somebody who lost everything, by who runs the server; blocks. False: there was none."""
        return self._database.write_now(self._remove, owner_id)

    def _bound(self, held: SecondFactor) -> None:
        over = held.failures - FREE_FAILURES
        if over >= 0:
            wait = held.failed_at_s + min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(over, 10)) - self._clock()
            if wait > 0:
                message = f"Too many wrong codes; try again in {int(wait) + 1} s."
                raise TooManyError("too_many_attempts", message, retry_after_s=int(wait) + 1)

    def _take_code(self, connection: Connection, owner_id: str, code_hash: bytes) -> bool:
        taken = store.take_code(connection, owner_id, code_hash)
        if taken:
            left = store.count_codes(connection, owner_id)
            what = f"a recovery code was used, {left} are left, to log in to your Paceline account"
            self._notices.tell(connection, owner_id, N_("A recovery code was used"), what)
        return taken

    def _remove(self, connection: Connection, owner_id: str) -> bool:
        removed = store.remove(connection, owner_id)
        if removed:
            told = N_("log-in with codes of an authenticator was switched off for your Paceline account")
            self._notices.tell(connection, owner_id, N_("The second factor was switched off"), told)
        return removed

    def _opened(self, held: SecondFactor) -> bytes:
        return self._sealer.open(held.sealed_secret, _owner(held.owner_id))


def _enrolment(secret: bytes, username: str, server: str) -> Enrolment:
    return Enrolment(codes.base32(secret), codes.uri_of(secret, username, server))


def _owner(owner_id: str) -> str:
    return f"second factor {owner_id}"
