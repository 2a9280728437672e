"""Every route of the server, in one table, each with its rule (platform/gate.py)."""

from paceline_server.activities import api as activities
from paceline_server.activities.access import READ_ACTIVITY
from paceline_server.addresses import api as addresses
from paceline_server.api_keys import api as api_keys
from paceline_server.apps import api as apps
from paceline_server.archives import api as archives
from paceline_server.authorizations import api as authorizations
from paceline_server.daily import api as daily
from paceline_server.desired import api as desired
from paceline_server.device_events import api as device_events
from paceline_server.devices import api as devices
from paceline_server.duplicates import api as duplicates
from paceline_server.export import api as export
from paceline_server.gear import api as gear
from paceline_server.goals import api as goals
from paceline_server.grants import api as grants
from paceline_server.health import api as health
from paceline_server.households import api as households
from paceline_server.imports import api as imports
from paceline_server.journals import api as journals
from paceline_server.leaving import api as leaving
from paceline_server.links import api as links
from paceline_server.live import api as live
from paceline_server.new_password import api as new_password
from paceline_server.notifications import api as notifications
from paceline_server.operations import api as operations
from paceline_server.pages.routes import PAGE_ROUTES
from paceline_server.passkeys import api as passkeys
from paceline_server.platform.gate import (
    ACCOUNT,
    ACCOUNT_USERS,
    CARRY,
    CLAIM,
    LEAVE,
    OPEN,
    OPERATE,
    READ,
    READ_USERS,
    WRITE,
    WRITE_USERS,
    Row,
)
from paceline_server.platform.policy import Scope
from paceline_server.profile import api as profile
from paceline_server.push import api as push
from paceline_server.reference import api as reference
from paceline_server.registration import api as registration
from paceline_server.second_factor import api as second_factor
from paceline_server.stats import api as stats
from paceline_server.training import api as training
from paceline_server.uploads import api as uploads
from paceline_server.users import api as users

V1 = "/api/v1"


API_ROUTES = [
    Row("POST", f"{V1}/auth/login", users.log_in, OPEN),
    Row("POST", f"{V1}/auth/second-factor", users.log_in_further, OPEN),
    Row("POST", f"{V1}/auth/passkey/begin", passkeys.begin_log_in, OPEN),
    Row("POST", f"{V1}/auth/passkey", passkeys.log_in, OPEN),
    Row("POST", f"{V1}/auth/prove", users.prove, ACCOUNT),
    Row("POST", f"{V1}/auth/recover", new_password.ask, OPEN),
    Row("POST", f"{V1}/auth/new-password", new_password.choose, OPEN),
    Row("POST", f"{V1}/auth/confirm-email", addresses.confirm_email, OPEN),
    Row("POST", f"{V1}/auth/logout", users.log_out, LEAVE),
    Row("POST", f"{V1}/oauth/device_authorization", grants.begin, OPEN),
    Row("POST", f"{V1}/oauth/token", authorizations.issue, OPEN),
    Row("POST", f"{V1}/oauth/revoke", authorizations.revoke, OPEN),
    Row("GET", "/.well-known/oauth-authorization-server", authorizations.show_metadata, OPEN),
    Row("GET", f"{V1}/users/{{user_id}}/apps", apps.list_apps, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/apps", apps.register_app, ACCOUNT_USERS),
    Row("DELETE", f"{V1}/users/{{user_id}}/apps/{{client_id}}", apps.remove_app, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/tokens", api_keys.make_key, ACCOUNT_USERS),
    Row("POST", f"{V1}/users", registration.register, OPEN),
    Row("POST", f"{V1}/invitations", registration.invite, OPERATE),
    Row("GET", f"{V1}/users/{{user_id}}/tokens", users.list_tokens, ACCOUNT_USERS),
    Row("DELETE", f"{V1}/users/{{user_id}}/tokens/{{token_id}}", users.revoke_token, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/logout-everywhere", users.log_out_everywhere, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/password", new_password.change_password, ACCOUNT_USERS),
    Row("GET", f"{V1}/users/{{user_id}}/email", addresses.get_email, ACCOUNT_USERS),
    Row("PUT", f"{V1}/users/{{user_id}}/email", addresses.put_email, ACCOUNT_USERS),
    Row("DELETE", f"{V1}/users/{{user_id}}/email", addresses.delete_email, ACCOUNT_USERS),
    Row("GET", f"{V1}/users/{{user_id}}/second-factor", second_factor.get_second_factor, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/second-factor", second_factor.begin, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/second-factor/confirm", second_factor.confirm, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/second-factor/recovery-codes", second_factor.renew_codes, ACCOUNT_USERS),
    Row("DELETE", f"{V1}/users/{{user_id}}/second-factor", second_factor.switch_off, ACCOUNT_USERS),
    Row("GET", f"{V1}/users/{{user_id}}/passkeys", passkeys.list_passkeys, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/passkeys/begin", passkeys.begin_registration, ACCOUNT_USERS),
    Row("POST", f"{V1}/users/{{user_id}}/passkeys", passkeys.post_passkey, ACCOUNT_USERS),
    Row("PATCH", f"{V1}/users/{{user_id}}/passkeys/{{passkey_id}}", passkeys.patch_passkey, ACCOUNT_USERS),
    Row("DELETE", f"{V1}/users/{{user_id}}/passkeys/{{passkey_id}}", passkeys.delete_passkey, ACCOUNT_USERS),
    Row("GET", f"{V1}/users/{{user_id}}", users.get_user, READ_USERS.by(Scope.PROFILE_READ)),
    Row("GET", f"{V1}/users/{{user_id}}/export", archives.download, ACCOUNT_USERS),
    Row("POST", f"{V1}/archive", archives.post_archive, ACCOUNT),
    Row("GET", f"{V1}/archive", archives.get_archive, ACCOUNT),
    Row("DELETE", f"{V1}/users/{{user_id}}", leaving.leave, ACCOUNT_USERS),
    Row("GET", f"{V1}/users/{{user_id}}/profile", profile.get_profile, READ_USERS.by(Scope.PROFILE_READ)),
    Row("PATCH", f"{V1}/users/{{user_id}}/profile", profile.patch_profile, WRITE_USERS.by(Scope.PROFILE_WRITE)),
    Row("GET", f"{V1}/users/{{user_id}}/body", profile.list_body, READ_USERS.by(Scope.PROFILE_READ)),
    Row(
        "PUT", f"{V1}/users/{{user_id}}/body/{{metric}}/{{day}}", profile.put_body, WRITE_USERS.by(Scope.PROFILE_WRITE)
    ),
    Row("GET", f"{V1}/users/{{user_id}}/body/{{metric}}/{{day}}", profile.get_body, READ_USERS.by(Scope.PROFILE_READ)),
    Row(
        "DELETE",
        f"{V1}/users/{{user_id}}/body/{{metric}}/{{day}}",
        profile.delete_body,
        WRITE_USERS.by(Scope.PROFILE_WRITE),
    ),
    Row("GET", f"{V1}/users/{{user_id}}/activities", activities.list_activities, READ_USERS.by(Scope.ACTIVITIES_READ)),
    Row(
        "GET",
        f"{V1}/users/{{user_id}}/activities/deleted",
        activities.list_deleted,
        READ_USERS.by(Scope.ACTIVITIES_READ),
    ),
    Row("GET", f"{V1}/users/{{user_id}}/devices", devices.list_devices, READ_USERS.by(Scope.DEVICES_READ)),
    Row("GET", f"{V1}/users/{{user_id}}/daily", daily.list_days, READ_USERS.by(Scope.DAILY_READ)),
    Row(
        "PUT",
        f"{V1}/users/{{user_id}}/daily/{{day}}/{{metric}}",
        daily.put_day_metric,
        WRITE_USERS.by(Scope.DAILY_WRITE),
    ),
    Row("GET", f"{V1}/users/{{user_id}}/daily-rules", daily.get_rules, READ_USERS.by(Scope.DAILY_READ)),
    Row("PUT", f"{V1}/users/{{user_id}}/daily-rules", daily.put_rules, WRITE_USERS.by(Scope.DAILY_WRITE)),
    Row("GET", f"{V1}/users/{{user_id}}/stats", stats.get_stats, READ_USERS.by(Scope.ACTIVITIES_READ)),
    Row("GET", f"{V1}/users/{{user_id}}/progress", stats.get_progress, READ_USERS.by(Scope.ACTIVITIES_READ)),
    Row(
        "GET",
        f"{V1}/users/{{user_id}}/recommendations",
        training.get_recommendations,
        READ_USERS.by(Scope.ACTIVITIES_READ),
    ),
    Row(
        "GET",
        f"{V1}/users/{{user_id}}/achievements",
        training.list_achievements,
        READ_USERS.by(Scope.ACTIVITIES_READ),
    ),
    Row("GET", f"{V1}/users/{{user_id}}/year", training.get_year, READ_USERS.by(Scope.ACTIVITIES_READ)),
    Row("GET", f"{V1}/users/{{user_id}}/goals", goals.list_goals, READ_USERS.by(Scope.ACTIVITIES_READ)),
    Row("POST", f"{V1}/goals", goals.post_goal, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("GET", f"{V1}/goals/{{goal_id}}", goals.get_goal, READ.by(Scope.ACTIVITIES_READ)),
    Row("GET", f"{V1}/goals/{{goal_id}}/periods", goals.list_periods, READ.by(Scope.ACTIVITIES_READ)),
    Row("PATCH", f"{V1}/goals/{{goal_id}}", goals.patch_goal, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("DELETE", f"{V1}/goals/{{goal_id}}", goals.delete_goal, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("GET", f"{V1}/users/{{user_id}}/gear", gear.list_gear, READ_USERS.by(Scope.ACTIVITIES_READ)),
    Row("GET", f"{V1}/users/{{user_id}}/usual-gear", gear.get_usual, READ_USERS.by(Scope.ACTIVITIES_READ)),
    Row("PUT", f"{V1}/users/{{user_id}}/usual-gear", gear.put_usual, WRITE_USERS.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/gear", gear.post_gear, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/gear/choices", gear.post_choice, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("GET", f"{V1}/gear/{{gear_id}}", gear.get_gear, READ.by(Scope.ACTIVITIES_READ)),
    Row("PATCH", f"{V1}/gear/{{gear_id}}", gear.patch_gear, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("DELETE", f"{V1}/gear/{{gear_id}}", gear.delete_gear, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("GET", f"{V1}/activities/{{activity_id}}/gear", gear.get_choice, READ.by(Scope.ACTIVITIES_READ)),
    Row("GET", f"{V1}/users/{{user_id}}/health", health.get_health, READ_USERS.by(Scope.DAILY_READ)),
    Row("GET", f"{V1}/users/{{user_id}}/meals", health.list_meals, READ_USERS.by(Scope.DAILY_READ)),
    Row("POST", f"{V1}/meals", health.post_meal, WRITE.by(Scope.DAILY_WRITE)),
    Row("GET", f"{V1}/meals/{{meal_id}}", health.get_meal, READ.by(Scope.DAILY_READ)),
    Row("PATCH", f"{V1}/meals/{{meal_id}}", health.patch_meal, WRITE.by(Scope.DAILY_WRITE)),
    Row("DELETE", f"{V1}/meals/{{meal_id}}", health.delete_meal, WRITE.by(Scope.DAILY_WRITE)),
    Row(
        "GET",
        f"{V1}/users/{{user_id}}/push-subscriptions",
        push.list_subscriptions,
        READ_USERS.by(Scope.NOTICES_READ),
    ),
    Row(
        "POST",
        f"{V1}/users/{{user_id}}/push-subscriptions",
        push.post_subscription,
        WRITE_USERS.by(Scope.NOTICES_WRITE),
    ),
    Row(
        "DELETE",
        f"{V1}/push-subscriptions/{{subscription_id}}",
        push.delete_subscription,
        WRITE.by(Scope.NOTICES_WRITE),
    ),
    Row("GET", f"{V1}/users/{{user_id}}/notifications", notifications.list_notices, READ_USERS.by(Scope.NOTICES_READ)),
    Row(
        "POST",
        f"{V1}/users/{{user_id}}/notifications/read",
        notifications.post_read,
        WRITE_USERS.by(Scope.NOTICES_WRITE),
    ),
    Row(
        "GET",
        f"{V1}/users/{{user_id}}/notification-rules",
        notifications.get_rules,
        READ_USERS.by(Scope.NOTICES_READ),
    ),
    Row(
        "PUT",
        f"{V1}/users/{{user_id}}/notification-rules",
        notifications.put_rules,
        WRITE_USERS.by(Scope.NOTICES_WRITE),
    ),
    Row(
        "DELETE", f"{V1}/notifications/{{notification_id}}", notifications.delete_notice, WRITE.by(Scope.NOTICES_WRITE)
    ),
    Row("GET", f"{V1}/activities/{{activity_id}}/feedback", training.get_feedback, READ.by(Scope.ACTIVITIES_READ)),
    Row("GET", f"{V1}/workouts", daily.metric_history, READ.by(Scope.DAILY_READ)),
    Row("POST", f"{V1}/workouts", daily.post_workouts, WRITE.by(Scope.DAILY_WRITE)),
    Row("GET", f"{V1}/activities/{{activity_id}}", activities.get_activity, READ_ACTIVITY.by(Scope.ACTIVITIES_READ)),
    Row(
        "GET",
        f"{V1}/activities/{{activity_id}}/streams",
        activities.get_streams,
        READ_ACTIVITY.by(Scope.ACTIVITIES_READ),
    ),
    Row(
        "GET",
        f"{V1}/activities/{{activity_id}}/file/{{format}}",
        export.download_workout,
        READ.by(Scope.ACTIVITIES_READ),
    ),
    Row(
        "GET", f"{V1}/activities/{{activity_id}}/recordings", duplicates.get_recordings, READ.by(Scope.ACTIVITIES_READ)
    ),
    Row(
        "PATCH",
        f"{V1}/activities/{{activity_id}}/recordings",
        duplicates.patch_recordings,
        WRITE.by(Scope.ACTIVITIES_WRITE),
    ),
    Row("GET", f"{V1}/activities/{{activity_id}}/live", live.watch, READ_ACTIVITY.by(Scope.LIVE_READ)),
    Row("GET", f"{V1}/activities/{{activity_id}}/original", imports.get_original, READ.by(Scope.ACTIVITIES_READ)),
    Row("POST", f"{V1}/imports", imports.post_import, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("PUT", f"{V1}/files/{{file_name}}", imports.put_file, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("GET", f"{V1}/imports", imports.list_imports, READ.by(Scope.ACTIVITIES_READ)),
    Row("GET", f"{V1}/imports/{{batch_id}}", imports.get_import, READ.by(Scope.ACTIVITIES_READ)),
    Row("POST", f"{V1}/imports/{{batch_id}}/confirm", imports.confirm, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/imports/{{batch_id}}/undo", imports.undo, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/activities", uploads.post_activity, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/activities/start", uploads.start_activity, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/activities/{{activity_id}}/points", uploads.add_points, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/activities/{{activity_id}}/finish", uploads.finish_activity, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("PATCH", f"{V1}/activities/{{activity_id}}", activities.patch_activity, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row(
        "POST",
        f"{V1}/activities/{{activity_id}}/restore",
        activities.restore_activity,
        WRITE.by(Scope.ACTIVITIES_WRITE),
    ),
    Row("DELETE", f"{V1}/activities/{{activity_id}}", activities.delete_activity, WRITE.by(Scope.ACTIVITIES_WRITE)),
    Row("POST", f"{V1}/devices", devices.claim_device, CLAIM),
    Row("GET", f"{V1}/devices/{{device_id}}/journals", journals.list_journals, READ.by(Scope.DEVICES_READ)),
    Row("GET", f"{V1}/devices/{{device_id}}/journal/{{epoch}}", journals.get_journal, CARRY),
    Row("PUT", f"{V1}/devices/{{device_id}}/journal/{{epoch}}", journals.put_journal, CARRY),
    Row(
        "GET", f"{V1}/devices/{{device_id}}/desired", desired.list_desired, CARRY.by(Scope.GATEWAY, Scope.DEVICES_READ)
    ),
    Row(
        "GET",
        f"{V1}/devices/{{device_id}}/desired/{{kind}}",
        desired.get_desired,
        CARRY.by(Scope.GATEWAY, Scope.DEVICES_READ),
    ),
    Row("PUT", f"{V1}/devices/{{device_id}}/desired/{{kind}}", desired.put_desired, WRITE.by(Scope.DEVICES_WRITE)),
    Row(
        "DELETE", f"{V1}/devices/{{device_id}}/desired/{{kind}}", desired.delete_desired, WRITE.by(Scope.DEVICES_WRITE)
    ),
    Row("PUT", f"{V1}/devices/{{device_id}}/settings", desired.put_settings, WRITE.by(Scope.DEVICES_WRITE)),
    Row("PUT", f"{V1}/devices/{{device_id}}/plan", desired.put_plan, WRITE.by(Scope.DEVICES_WRITE)),
    Row("GET", f"{V1}/devices/{{device_id}}/status", desired.get_status, READ.by(Scope.DEVICES_READ)),
    Row("PUT", f"{V1}/devices/{{device_id}}/status", desired.put_status, CARRY),
    Row("GET", f"{V1}/devices/{{device_id}}/events", device_events.list_events, READ.by(Scope.DEVICES_READ)),
    Row("POST", f"{V1}/links", links.begin_link, CARRY),
    Row("POST", f"{V1}/links/answers", links.answer_link, CARRY),
    Row("GET", f"{V1}/households", households.list_households, READ.by(Scope.DEVICES_READ)),
    Row("PUT", f"{V1}/households", households.put_household, WRITE.by(Scope.DEVICES_WRITE)),
    Row("POST", f"{V1}/households/invitations", households.invite, WRITE.by(Scope.DEVICES_WRITE)),
    Row("POST", f"{V1}/households/join", households.join, WRITE.by(Scope.DEVICES_WRITE)),
    Row("DELETE", f"{V1}/households/{{host_id}}/members/{{member_id}}", households.part, WRITE.by(Scope.DEVICES_WRITE)),
    Row("PUT", f"{V1}/households/slots/{{device_id}}/{{slot}}", households.answer_slot, WRITE.by(Scope.DEVICES_WRITE)),
    Row("GET", f"{V1}/devices/{{device_id}}/slots", households.list_slots, READ.by(Scope.DEVICES_READ)),
    Row("PUT", f"{V1}/devices/{{device_id}}/slots/{{slot}}", households.give_slot, WRITE.by(Scope.DEVICES_WRITE)),
    Row("GET", f"{V1}/devices/{{device_id}}", devices.get_device, READ.by(Scope.DEVICES_READ)),
    Row("PATCH", f"{V1}/devices/{{device_id}}", devices.change_device, WRITE.by(Scope.DEVICES_WRITE)),
    Row("DELETE", f"{V1}/devices/{{device_id}}", devices.release_device, WRITE.by(Scope.DEVICES_WRITE)),
    Row("GET", f"{V1}/admin/events/dead", operations.list_dead, OPERATE),
    Row("POST", f"{V1}/admin/events/dead", operations.settle_dead, OPERATE),
    Row("GET", f"{V1}/openapi.json", reference.get_document, OPEN),
    Row("GET", "/healthz", operations.health, OPEN),
    Row("GET", "/readyz", operations.ready, OPEN),
    Row("GET", "/metrics", operations.show_metrics, OPEN),
]

ROWS = [*API_ROUTES, *PAGE_ROUTES]
ROUTES = [row.route() for row in ROWS]
