"""The pages' routes, each with its rule."""

from dataclasses import replace

from paceline_server.activities.access import READ_ACTIVITY
from paceline_server.maps.api import PREFIX as TILES
from paceline_server.maps.api import get_tile
from paceline_server.pages import authenticator, recovery
from paceline_server.pages.account import log_out_everywhere, post_body, post_profile, revoke, show_account
from paceline_server.pages.achievements import show_achievements, show_year
from paceline_server.pages.activities import show_activity
from paceline_server.pages.activity_forms import post_delete, post_edit, post_restore, show_deleted
from paceline_server.pages.activity_list import post_list, show_list
from paceline_server.pages.admin import post_admin, show_admin
from paceline_server.pages.app_shell import show_manifest, show_offline
from paceline_server.pages.apps import close_entry, post_app, post_key, remove_app, show_apps
from paceline_server.pages.archive import post_archive, show_archive
from paceline_server.pages.assets import PREFIX, serve, serve_worker
from paceline_server.pages.authority import show_authority
from paceline_server.pages.calendar import show_calendar
from paceline_server.pages.claim import post_claim, show_claim
from paceline_server.pages.consent import decide_consent, show_consent
from paceline_server.pages.devices import post_device, show_device
from paceline_server.pages.gear import post_gear, post_one_gear, show_gear
from paceline_server.pages.goals import post_goal, post_one_goal, show_goals
from paceline_server.pages.grants import decide, show_grant
from paceline_server.pages.health import post_health, show_health
from paceline_server.pages.home import show_home
from paceline_server.pages.households import post_household, show_devices
from paceline_server.pages.imports import post_files, post_import, show_import, show_imports
from paceline_server.pages.install import show_certificate, show_install, show_profile
from paceline_server.pages.leaving import leave, show_leaving
from paceline_server.pages.login import log_in, log_in_by_passkey, log_in_further, log_out, show_log_in
from paceline_server.pages.more import show_more
from paceline_server.pages.notification_settings import post_settings, show_settings
from paceline_server.pages.notifications import post_notifications, show_notifications
from paceline_server.pages.progress import show_progress
from paceline_server.pages.reading import for_reader
from paceline_server.pages.recorder import show_recorder, show_sync
from paceline_server.pages.recordings import post_recordings, show_recordings
from paceline_server.pages.reference import show_reference
from paceline_server.pages.registration import register, show_registration
from paceline_server.pages.security import (
    add_passkey,
    again,
    post_email,
    post_password,
    prove,
    remove_passkey,
    show_security,
)
from paceline_server.pages.sign_in import (
    come_back,
    go_out,
    post_link,
    post_unlink,
    post_welcome,
    show_links,
    show_welcome,
)
from paceline_server.pages.stats import show_stats
from paceline_server.pages.training import show_training
from paceline_server.pages.unread import counted
from paceline_server.platform.gate import ACCOUNT, OPEN, OPERATE, READ, WRITE, Row
from paceline_server.platform.openapi.contract import TypedHandler

_ROWS: list[Row] = [
    Row("GET", "/", show_home, READ),
    Row("GET", "/activities", show_list, READ),
    Row("POST", "/activities", post_list, WRITE),
    Row("GET", "/calendar", show_calendar, READ),
    Row("GET", "/activities/{activity_id}", show_activity, READ_ACTIVITY),
    Row("POST", "/activities/{activity_id}/edit", post_edit, WRITE),
    Row("POST", "/activities/{activity_id}/delete", post_delete, WRITE),
    Row("POST", "/activities/{activity_id}/restore", post_restore, WRITE),
    Row("GET", "/activities/{activity_id}/recordings", show_recordings, READ),
    Row("POST", "/activities/{activity_id}/recordings", post_recordings, WRITE),
    Row("GET", "/deleted", show_deleted, READ),
    Row("GET", "/stats", show_stats, READ),
    Row("GET", "/progress", show_progress, READ),
    Row("GET", "/training", show_training, READ),
    Row("GET", "/achievements", show_achievements, READ),
    Row("GET", "/year", show_year, READ),
    Row("GET", "/goals", show_goals, READ),
    Row("POST", "/goals", post_goal, WRITE),
    Row("POST", "/goals/{goal_id}", post_one_goal, WRITE),
    Row("GET", "/imports", show_imports, READ),
    Row("POST", "/imports", post_files, WRITE, files=True),
    Row("GET", "/imports/{batch_id}", show_import, READ),
    Row("POST", "/imports/{batch_id}", post_import, WRITE),
    Row("GET", "/gear", show_gear, READ),
    Row("POST", "/gear", post_gear, WRITE),
    Row("POST", "/gear/{gear_id}", post_one_gear, WRITE),
    Row("GET", "/health", show_health, READ),
    Row("POST", "/health", post_health, ACCOUNT),
    Row("GET", "/record", show_recorder, READ),
    Row("GET", "/sync", show_sync, READ),
    Row("GET", "/notifications", show_notifications, READ),
    Row("POST", "/notifications", post_notifications, WRITE),
    Row("GET", "/notifications/settings", show_settings, READ),
    Row("POST", "/notifications/settings", post_settings, WRITE),
    Row("GET", "/devices", show_devices, READ),
    Row("POST", "/devices", post_household, ACCOUNT),
    Row("GET", "/devices/{device_id}", show_device, READ),
    Row("POST", "/devices/{device_id}", post_device, ACCOUNT),
    Row("GET", "/claim", show_claim, ACCOUNT),
    Row("POST", "/claim", post_claim, ACCOUNT),
    Row("GET", "/device", show_grant, ACCOUNT),
    Row("POST", "/device", decide, ACCOUNT),
    Row("GET", "/oauth/authorize", show_consent, ACCOUNT),
    Row("POST", "/oauth/authorize", decide_consent, ACCOUNT),
    Row("GET", "/more", show_more, READ),
    Row("GET", "/admin", show_admin, OPERATE.by()),
    Row("POST", "/admin", post_admin, OPERATE.by()),
    Row("GET", "/account", show_account, ACCOUNT),
    Row("GET", "/account/apps", show_apps, ACCOUNT),
    Row("POST", "/account/apps/keys", post_key, ACCOUNT),
    Row("POST", "/account/apps/own", post_app, ACCOUNT),
    Row("POST", "/account/apps/close", close_entry, ACCOUNT),
    Row("POST", "/account/apps/remove", remove_app, ACCOUNT),
    Row("POST", "/account/profile", post_profile, ACCOUNT),
    Row("POST", "/account/body", post_body, ACCOUNT),
    Row("GET", "/account/archive", show_archive, ACCOUNT),
    Row("POST", "/account/archive", post_archive, ACCOUNT, files=True),
    Row("GET", "/account/leave", show_leaving, ACCOUNT),
    Row("POST", "/account/leave", leave, ACCOUNT),
    Row("POST", "/account/revoke", revoke, ACCOUNT),
    Row("POST", "/account/logout-everywhere", log_out_everywhere, ACCOUNT),
    Row("GET", "/account/security", show_security, ACCOUNT),
    Row("POST", "/account/security/email", post_email, ACCOUNT),
    Row("POST", "/account/security/password", post_password, ACCOUNT),
    Row("POST", "/account/security/passkeys", add_passkey, ACCOUNT),
    Row("POST", "/account/security/passkeys/remove", remove_passkey, ACCOUNT),
    Row("GET", "/account/security/authenticator", authenticator.show_secret, ACCOUNT),
    Row("GET", "/account/security/authenticator.svg", authenticator.show_qr, ACCOUNT),
    Row("POST", "/account/security/authenticator", authenticator.begin, ACCOUNT),
    Row("POST", "/account/security/authenticator/confirm", authenticator.confirm, ACCOUNT),
    Row("POST", "/account/security/authenticator/off", authenticator.switch_off, ACCOUNT),
    Row("POST", "/account/security/recovery-codes", authenticator.renew_codes, ACCOUNT),
    Row("GET", "/account/again", again, ACCOUNT),
    Row("POST", "/account/again", prove, ACCOUNT),
    Row("POST", "/login/code", log_in_further, OPEN),
    Row("POST", "/login/passkey", log_in_by_passkey, OPEN),
    Row("GET", "/recover", recovery.show_recovery, OPEN),
    Row("POST", "/recover", recovery.ask, OPEN),
    Row("GET", "/recover/new", recovery.show_choice, OPEN),
    Row("POST", "/recover/new", recovery.choose, OPEN),
    Row("GET", "/recover/{link}", recovery.open_recovery, OPEN),
    Row("GET", "/confirm", recovery.show_confirmation, OPEN),
    Row("POST", "/confirm", recovery.confirm, OPEN),
    Row("GET", "/confirm/{link}", recovery.open_confirmation, OPEN),
    Row("GET", "/account/sign-in", show_links, ACCOUNT),
    Row("POST", "/account/sign-in/{provider}", post_link, ACCOUNT),
    Row("POST", "/account/unlink", post_unlink, ACCOUNT),
    Row("GET", "/sign-in/{provider}", go_out, OPEN),
    Row("GET", "/sign-in/{provider}/callback", come_back, OPEN),
    Row("GET", "/welcome", show_welcome, OPEN),
    Row("POST", "/welcome", post_welcome, OPEN),
    Row("GET", "/login", show_log_in, OPEN),
    Row("POST", "/login", log_in, OPEN),
    Row("GET", "/register", show_registration, OPEN),
    Row("POST", "/register", register, OPEN),
    Row("POST", "/logout", log_out, OPEN),
    Row("GET", "/install", show_install, OPEN),
    Row("GET", "/ca.pem", show_authority, OPEN),
    Row("GET", "/ca.crt", show_certificate, OPEN),
    Row("GET", "/ca.mobileconfig", show_profile, OPEN),
    Row("GET", "/api", show_reference, OPEN),
    Row("GET", "/worker.js", serve_worker, OPEN),
    Row("GET", "/app.webmanifest", show_manifest, OPEN),
    Row("GET", "/offline", show_offline, OPEN),
    Row("GET", PREFIX + "{name}", serve, OPEN),
    Row("GET", TILES + "{z}/{x}/{y}", get_tile, OPEN),
]


def _for_people(row: Row) -> Row:
    if row.path.startswith((PREFIX, TILES)) or isinstance(row.handler, TypedHandler):
        return row
    # What everybody may see is for people who are not logged in: its head has no count.
    handler = row.handler if row.rule is OPEN else counted(row.handler, by_itself=row.path == "/")
    return replace(row, handler=for_reader(handler))


PAGE_ROUTES: list[Row] = [_for_people(row) for row in _ROWS]
