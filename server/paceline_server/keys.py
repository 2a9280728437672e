"""What an application carries, by name: handlers take it from `request.app`."""

from asyncio import Event
from collections.abc import Callable
from concurrent.futures import Executor

from aiohttp import web

from paceline_server.activities.editor import ActivityEditor
from paceline_server.activities.service import ActivityService
from paceline_server.activity_list.service import ActivityListService
from paceline_server.addresses.service import AddressService
from paceline_server.api_keys.service import ApiKeyService
from paceline_server.apps.service import AppService
from paceline_server.authorizations.service import AuthorizationService
from paceline_server.config import Config
from paceline_server.daily.service import DailyService
from paceline_server.desired.service import DesiredService
from paceline_server.device_events.service import DeviceEventService
from paceline_server.devices.service import DeviceService
from paceline_server.events.worker import EventWorker
from paceline_server.export.parts import ExportParts
from paceline_server.gear.service import GearService
from paceline_server.goals.service import GoalService
from paceline_server.grants.service import GrantService
from paceline_server.households.service import HouseholdService
from paceline_server.idempotency.service import IdempotencyService
from paceline_server.journals.service import JournalService
from paceline_server.leaving.service import LeavingService
from paceline_server.live.hub import Hub
from paceline_server.new_password.service import NewPasswordService
from paceline_server.passkeys.service import PasskeyService
from paceline_server.platform.database import Database
from paceline_server.profile.service import ProfileService
from paceline_server.reference.service import Reference
from paceline_server.registration.service import RegistrationService
from paceline_server.second_factor.service import SecondFactorService
from paceline_server.sign_in.service import SignInService
from paceline_server.stats.service import StatsService
from paceline_server.uploads.service import UploadService
from paceline_server.users.service import UserService

CONFIG = web.AppKey("config", Config)
CLOCK: web.AppKey[Callable[[], float]] = web.AppKey("clock")
DATABASE = web.AppKey("database", Database)
STOPPING = web.AppKey("stopping", Event)
POOL: web.AppKey[Executor] = web.AppKey("pool")  # for work over a millisecond: decoding, analysis, packing
HUB = web.AppKey("hub", Hub)
USERS = web.AppKey("users", UserService)
GEAR = web.AppKey("gear", GearService)
GOALS = web.AppKey("goals", GoalService)
ADDRESSES = web.AppKey("addresses", AddressService)
NEW_PASSWORDS = web.AppKey("new_passwords", NewPasswordService)
PASSKEYS = web.AppKey("passkeys", PasskeyService)
SECOND_FACTORS = web.AppKey("second_factors", SecondFactorService)
GRANTS = web.AppKey("grants", GrantService)
PROFILES = web.AppKey("profiles", ProfileService)
APPS = web.AppKey("apps", AppService)
API_KEYS = web.AppKey("api_keys", ApiKeyService)
AUTHORIZATIONS = web.AppKey("authorizations", AuthorizationService)
REGISTRATION = web.AppKey("registration", RegistrationService)
SIGN_IN = web.AppKey("sign_in", SignInService)
LEAVING = web.AppKey("leaving", LeavingService)
EXPORT = web.AppKey("export", ExportParts)
IDEMPOTENCY = web.AppKey("idempotency", IdempotencyService)
DEVICES = web.AppKey("devices", DeviceService)
HOUSEHOLDS = web.AppKey("households", HouseholdService)
DAILY = web.AppKey("daily", DailyService)
DEVICE_EVENTS = web.AppKey("device_events", DeviceEventService)
DESIRED = web.AppKey("desired", DesiredService)
STATS = web.AppKey("stats", StatsService)
WORKER = web.AppKey("worker", EventWorker)
JOURNALS = web.AppKey("journals", JournalService)
ACTIVITIES = web.AppKey("activities", ActivityService)
EDITOR = web.AppKey("editor", ActivityEditor)
UPLOADS = web.AppKey("uploads", UploadService)
REFERENCE = web.AppKey("reference", Reference)
ACTIVITY_LISTS = web.AppKey("activity_lists", ActivityListService)
