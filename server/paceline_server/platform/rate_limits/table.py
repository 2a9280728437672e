"""Every limit in one table. A bucket of `amount` leaks evenly, in `window_s` all of it; what does not fit is refused.

Tight limits hold over all servers of one PostgreSQL; the general ones count in each process, as a row in a database for
every request would cost more than the request.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """One row; the settings `log_in_attempts_per_minute` and `requests_per_minute` stand over some amounts."""

    name: str
    amount: float
    window_s: float
    counts: str


USER = Limit("user", 600, 60, "requests of one user, but for journals and files of the pages")
ADDRESS = Limit("address", 600, 60, "requests of one address without a log-in")
JOURNALS = Limit("journals", 1 << 30, 60, "bytes of journals of one user; a range counts as 16 KiB at least")
LOG_IN = Limit("log_in", 10, 60, "log-ins and passwords on one name from one address")
LOG_IN_ADDRESS = Limit("log_in_address", 30, 60, "log-ins from one address")
LOG_IN_NAME = Limit("log_in_name", 200, 600, "log-ins on one name from everywhere")
REGISTRATION = Limit("registration", 10, 3600, "accounts made from one address")
GRANT = Limit("grant", 10, 60, "device grants begun from one address")
GRANT_ALL = Limit("grant_all", 600, 60, "device grants begun from everywhere")
USER_CODE = Limit("user_code", 10, 60, "user codes that one user tries")
CLAIM = Limit("claim", 30, 600, "wearables that one user claims")
CONSENT = Limit("consent", 30, 60, "apps that one user lets in")
TOKENS = Limit("tokens", 120, 60, "tokens asked for, renewed and revoked from one address")
CLIENT_SECRET = Limit("client_secret", 10, 60, "wrong clients and secrets from one address")
SIGN_IN = Limit("sign_in", 30, 60, "sign-ins through providers begun from one address")
APP = Limit("app", 20, 3600, "apps that one user registers")
API_KEY = Limit("api_key", 20, 3600, "keys that one user makes")
PASSKEY = Limit("passkey", 60, 600, "log-ins by passkey from one address")
LETTER_ASKED = Limit("letter_asked", 10, 3600, "letters with a new password's link, asked for from one address")
LINK_OPENED = Limit("link_opened", 30, 600, "links of letters opened from one address")
CONFIRMATION = Limit("confirmation", 5, 3600, "letters that confirm an e-mail address, asked for by one user")
EXPORT = Limit("export", 4, 3600, "archives of one user")
ARCHIVE = Limit("archive", 10, 3600, "archives that one user sends to be read")

OF_PROGRAMS = (CONSENT, TOKENS, CLIENT_SECRET, SIGN_IN, APP, API_KEY)
OF_LETTERS = (PASSKEY, LETTER_ASKED, LINK_OPENED, CONFIRMATION)
OF_LOG_INS = (LOG_IN, LOG_IN_ADDRESS, LOG_IN_NAME, REGISTRATION)
TIGHT = (*OF_LOG_INS, GRANT, GRANT_ALL, USER_CODE, CLAIM, EXPORT, ARCHIVE, *OF_PROGRAMS, *OF_LETTERS)
LIMITS = (USER, ADDRESS, JOURNALS, *TIGHT)

JOURNAL_LEAST_BYTES = 16 << 10
