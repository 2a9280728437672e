"""How accounts are entered, put together: log-ins, addresses, passwords, second factors, passkeys."""

from collections.abc import Callable
from dataclasses import dataclass

from paceline_server.addresses.notices import Notices
from paceline_server.addresses.service import AddressService
from paceline_server.config import Config
from paceline_server.mail.writing import Desk
from paceline_server.new_password.service import NewPasswordService
from paceline_server.passkeys.service import PasskeyService
from paceline_server.platform.database import Database
from paceline_server.platform.passwords import Passwords
from paceline_server.platform.sealing import Sealer
from paceline_server.second_factor.service import SecondFactorService
from paceline_server.users.service import UserService


@dataclass(frozen=True, slots=True)
class Entries:
    """The services; the command line makes them as the application does."""

    users: UserService
    second_factors: SecondFactorService
    addresses: AddressService
    new_passwords: NewPasswordService
    passkeys: PasskeyService

    def reset_second_factor(self, username: str) -> bool:
        """Switch the second factor of a user off, by who runs the server; blocks. NotFoundError; False: was off."""
        return self.second_factors.reset(self.users.owner_of(username))


def make_entries(
    config: Config,
    database: Database,
    passwords: Passwords,
    sealer: Sealer,
    clock: Callable[[], float],
    random_bytes: Callable[[int], bytes],
    notify: Callable[[], None] = lambda: None,
) -> Entries:
    """Make them over an open database; `notify` wakes who sends letters."""
    desk = Desk(sealer, clock, random_bytes, config.address)
    notices = Notices(desk)
    second_factors = SecondFactorService(database, sealer, notices, clock, random_bytes, notify)
    users = UserService(
        database,
        passwords,
        second_factors,
        sealer,
        clock,
        random_bytes,
        session_lifetime_s=config.session_lifetime_s,
        attempts_per_minute=config.log_in_attempts_per_minute,
    )
    return Entries(
        users,
        second_factors,
        AddressService(database, desk, clock, notify),
        NewPasswordService(database, passwords, users, second_factors, desk, clock, notify),
        PasskeyService(database, notices, clock, random_bytes, notify),
    )
