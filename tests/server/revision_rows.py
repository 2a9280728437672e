"""What a database held at each revision: two people, a wearable, a journal at work, an activity and a deleted one."""

from typing import Any

Rows = dict[str, list[dict[str, Any]]]

ANN, BOB = "0199c000-0000-7000-8000-00000000000a", "0199c000-0000-7000-8000-00000000000b"
ACTIVITY, DEVICE = "0199c000-0000-7000-8000-0000000000ac", "0011223344556677"
TOKEN_HASH, DEVICE_KEY = bytes(range(32)), bytes(range(32, 64))
MADE_S = 1_760_000_000.0

_DETAIL = {
    "receipt": {
        "recorded": 60,
        "received": 50,
        "gaps": [{"from": 10, "to": 20}],
        "sealed": False,
        "problems": ["clock"],
    },
    "laps": [[0.0, 30.0, "manual"]],
    "pauses": [[40.0, 45.0]],
    "splits": [[200.0, 60.0, 55.0, None, 141.5]],
}
_FIRST: Rows = {
    "users": [
        {"owner_id": ANN, "username": "ann", "password_hash": "$argon2id$a", "created_at_s": MADE_S},
        {"owner_id": BOB, "username": "bob", "password_hash": "$argon2id$b", "created_at_s": MADE_S + 1},
    ],
    "tokens": [
        {"owner_id": ANN, "token_hash": TOKEN_HASH, "kind": "api", "label": "setup", "created_at_s": MADE_S},
    ],
    "devices": [{"owner_id": ANN, "device_id": DEVICE, "device_key": DEVICE_KEY, "claimed_at_s": MADE_S}],
    "device_owners": [{"owner_id": ANN, "device_id": DEVICE}],
    "journals": [
        {
            "owner_id": ANN,
            "device_id": DEVICE,
            "epoch": 0xFFFF_FFFF,
            "start_position": 4096,
            "held_position": 0x8000_0001,
            "processed_position": 8192,
            "resume_position": 8100,
            "created_at_s": MADE_S,
            "updated_at_s": MADE_S,
        }
    ],
    "pending_journals": [{"owner_id": ANN, "device_id": DEVICE, "epoch": 0xFFFF_FFFF}],
    "activities": [
        {
            "owner_id": ANN,
            "activity_id": ACTIVITY,
            "source_key": "journal:1",
            "fingerprint": "1:ab",
            "sport": "running",
            "source": f"wearable {DEVICE}",
            "status": "live",
            "start_utc_s": MADE_S + 0.25,
            "duration_s": 60.0,
            "moving_time_s": 55.0,
            "distance_m": 200.5,
            "ascent_m": None,
            "heart_rate_avg_bpm": 141.5,
            "heart_rate_max_bpm": 150.0,
            "calories_kcal": None,
            "points_count": 50,
            "whole": False,
            "route_polyline": "_p~iF~ps|U",
            "detail": _DETAIL,
            "created_at_s": MADE_S,
            "updated_at_s": MADE_S,
        }
    ],
    "activity_tombstones": [{"owner_id": BOB, "source_key": "journal:2", "deleted_at_s": MADE_S}],
}

_GAP = {"owner_id": ANN, "device_id": DEVICE, "epoch": 0xFFFF_FFFF, "from_position": 9000, "to_position": 0x8000_0000}
_SECOND = _FIRST | {"usernames": [{"username": "ann", "owner_id": ANN}, {"username": "bob", "owner_id": BOB}]}
_THIRD = _SECOND | {"journal_gaps": [_GAP]}
_BLOB = {"owner_id": ANN, "device_id": DEVICE, "kind": 2, "version": 7, "data": b"plan", "set_at_s": MADE_S}
_STATUS = {
    "owner_id": ANN,
    "device_id": DEVICE,
    "heard_at_s": MADE_S,
    "epoch": 0xFFFF_FFFF,
    "end_position": 0xFFFF_FFFF,
    "confirmed_position": 0x8000_0001,
    "battery_percent": 80,
    "battery_millivolt": 3900,
    "recording": 1,
    "fix": 3,
    "user_slot": 0,
    "firmware": "0.1.0",
    "settings_version": 3,
    "plan_version": 7,
    "assistance_version": 0,
}
_FOURTH = _THIRD | {"desired_blobs": [_BLOB], "device_status": [_STATUS]}
_PLACE = {"owner_id": ANN, "device_id": DEVICE, "epoch": 0xFFFF_FFFF}
_EVENT = {"position": 0x8000_0001, "kind": "crash", "utc_s": 0, "code": 0, "value": 0, "text": "Traceback …"}
_PART = {"day": "2026-05-04", "last_position": 0x8000_0001, "records": b"\0" * 26}
_METRIC = {"owner_id": ANN, "metric": "steps", "day": "2026-05-04", "source": f"wearable {DEVICE}", "value": 4210.0}
_FIFTH = _FOURTH | {
    "device_events": [_PLACE | _EVENT],
    "daily_parts": [_PLACE | _PART],
    "daily_metrics": [_METRIC | {"latest_utc_s": 1_777_900_000}],
}
_SIXTH = _FIFTH | {
    "users": [_FIRST["users"][0] | {"role": "admin"}, _FIRST["users"][1] | {"role": "user"}],
}
_SEVENTH = _SIXTH | {
    "journals": [_FIRST["journals"][0] | {"fills": 3}],
    "journal_gaps": [_GAP | {"resume_position": 8100}],
}
_GRANT = {"device_code_hash": TOKEN_HASH, "user_code": "WDJBMJHT", "client_name": "pi", "address": "192.0.2.7"}
_EIGHTH = _SEVENTH | {
    "device_grants": [
        _GRANT | {"created_at_s": MADE_S, "expires_at_s": MADE_S + 600, "interval_s": 5.0, "denied": False}
    ],
}
_EVENT_ROW = {"owner_id": ANN, "handler": "journals", "subject": f"{DEVICE}/ffffffff", "event_id": 2**40}
_TIMES = {"made_at_s": MADE_S, "due_at_s": MADE_S, "attempts": 1, "dead": False, "error": "OSError: …"}
_NINTH = {name: rows for name, rows in _EIGHTH.items() if name != "pending_journals"} | {
    "events": [_EVENT_ROW | _TIMES],
}

_TENTH = _NINTH | {"unsealed_devices": [{"owner_id": ANN, "device_id": DEVICE}]}
_SUMS = {"start_utc_s": MADE_S, "zone_s": 7200, "day": 739_000, "sport": "running", "source": f"wearable {DEVICE}"}
_WHOLE = {"stamp": 2**39, "distance_cm": 20_050, "duration_ms": 60_000, "moving_ms": 55_000, "ascent_cm": 0}
_ELEVENTH = _TENTH | {
    "activity_sums": [
        {"owner_id": ANN, "activity_id": ACTIVITY, "energy_cal": 0, "heart": b"\x8d" + bytes(4), "efforts": b""}
        | _SUMS
        | _WHOLE
    ],
}

_PROFILE = {"birth_date": "1990-05-04", "sex": "female", "units": "metric", "language": "en"}
_TWELFTH = _ELEVENTH | {
    "profiles": [{"owner_id": ANN} | _PROFILE],
    "body_values": [{"owner_id": ANN, "metric": "weight_kg", "from_day": "2026-05-04", "value": 61.5}],
}

_THIRTEENTH = _TWELFTH | {
    "invitations": [{"code_hash": TOKEN_HASH, "made_by": ANN, "expires_at_s": MADE_S}],
}

_FOURTEENTH = _THIRTEENTH | {
    "tokens": [
        _FIRST["tokens"][0],
        _FIRST["tokens"][0] | {"owner_id": BOB, "scopes": "activities:read daily:read", "used_at_s": MADE_S},
    ],
}

_DAY = {"owner_id": ANN, "day": "2026-05-04", "source": "phone"}
_WEIGHED = {"owner_id": ANN, "metric": "weight_kg", "day": "2026-05-04", "source": "profile"}
_SLEEP = {"owner_id": ANN, "source": "phone", "sleep_id": "night", "start_utc_s": 1_777_850_000}
_SLEPT = {"end_utc_s": 1_777_880_000, "stages": [[0, 600, "light"]], "stamp_ms": 2**40, "gone": False}
_FIFTEENTH = {name: rows for name, rows in _FOURTEENTH.items() if name != "daily_metrics"} | {
    "day_values": [
        _WEIGHED | {"value": 61.5, "stamp_ms": 0},
        _DAY | {"metric": "steps", "value": None, "stamp_ms": 2**40},
    ],
    "day_counts": [_DAY | {"counts": b"\0" * 33}],
    "day_sleeps": [_SLEEP | _SLEPT],
    "day_sources": [{"owner_id": ANN, "place": 0, "source": "phone"}],
    "day_zones": [{"owner_id": ANN, "from_day": "2026-05-04", "time_zone": "Asia/Tokyo"}],
}

_KEYED = _FIFTEENTH | {
    "idempotency_keys": [
        {"owner_id": ANN, "key_hash": TOKEN_HASH, "attempt": bytes(16), "fingerprint": DEVICE_KEY}
        | {"made_at_s": MADE_S, "answer": b"sealed"}
    ],
}

_SEVENTEENTH = _KEYED | {"activities": [_FIRST["activities"][0] | {"telemetry_sha256": "ab" * 32}]}

_GOAL = {"owner_id": ANN, "goal_id": ACTIVITY, "client_id": None, "metric": "distance", "period": "weekly"}
_WANTED = {"target_value": 2e4, "start_date": "2026-05-04", "end_date": None, "first_weekday": 0, "title": "x"}
_REACHED = {"owner_id": ANN, "goal_id": ACTIVITY, "period_start": "2026-05-04", "reached_at_s": MADE_S}
_EIGHTEENTH = _SEVENTEENTH | {
    "goals": [_GOAL | _WANTED | {"sport": None, "created_at_s": MADE_S}],
    "goals_reached": [_REACHED | {"value": 21_000.0}],
}

_BIKE = {"owner_id": ANN, "gear_id": ACTIVITY, "client_id": None, "kind": "bike", "name": "Bike", "part_of": None}
_USED = {"used_from": "2026-05-04", "retired_on": None, "initial_distance_m": 1e5, "initial_time_s": 0.0}
_LIMITS = {"distance_limit_m": 1e6, "time_limit_s": None, "warned_at_s": None, "created_at_s": MADE_S}
_WITH_GEAR = _EIGHTEENTH | {
    "gear": [_BIKE | _USED | _LIMITS],
    "gear_choices": [{"owner_id": ANN, "activity_id": ACTIVITY, "gear_ids": [ACTIVITY]}],
    "gear_usual": [{"owner_id": ANN, "sport": "cycling", "from_day": "2026-05-04", "gear_id": ACTIVITY}],
}

_LETTER = {"owner_id": ANN, "letter_id": ACTIVITY, "sealed": b"sealed", "made_at_s": MADE_S, "expires_at_s": MADE_S}
_LINK = {"owner_id": ANN, "link_hash": TOKEN_HASH, "purpose": "recover", "about": "", "expires_at_s": MADE_S}
_FACTOR = {"owner_id": ANN, "sealed_secret": b"sealed", "confirmed": True, "last_step": 2**40, "failures": 1}
_PASSKEY = {"owner_id": ANN, "credential_hash": TOKEN_HASH, "credential": b"id", "public_key": b"key", "rp_id": "a.b"}
_CHALLENGE = {"ticket_hash": TOKEN_HASH, "challenge": TOKEN_HASH, "purpose": "log in", "expires_at_s": MADE_S}
_ENTERED = _WITH_GEAR | {
    "letters": [_LETTER],
    "links": [_LINK],
    "email_addresses": [{"owner_id": ANN, "email": "ann@example.org", "waiting": None}],
    "email_directory": [{"owner_id": ANN, "email": "ann@example.org"}],
    "second_factors": [_FACTOR | {"failed_at_s": MADE_S}],
    "recovery_codes": [{"owner_id": ANN, "code_hash": TOKEN_HASH}],
    "passkeys": [_PASSKEY | {"sign_count": 2**32 - 1, "name": "phone", "created_at_s": MADE_S}],
    "passkey_challenges": [_CHALLENGE],
}

_COUNTED = _ENTERED | {
    "rate_buckets": [{"name": "log_in", "key_hash": bytes(16), "level": 1.5, "at_s": MADE_S}],
}

_NAMED = _FIRST["devices"][0] | {"name": "Bike", "revoked_at_s": MADE_S, "released_at_s": None}
_SUSPECT = {"from_position": 4096, "to_position": 8192, "reason": "altered", "sha256": "ab" * 32, "found_at_s": MADE_S}
_WEARABLES = _COUNTED | {"devices": [_NAMED], "journal_quarantine": [_PLACE | _SUSPECT]}

_AUTHORIZATION = {"owner_id": BOB, "authorization_hash": TOKEN_HASH, "kind": "app", "client_id": ACTIVITY}
_AGREED = {"scopes": "activities:read", "created_at_s": MADE_S, "expires_at_s": MADE_S + 60}
_LET_IN = _WEARABLES | {
    "authorizations": [_AUTHORIZATION | _AGREED | {"label": "planner", "refresh_hash": DEVICE_KEY}],
    "apps": [
        {
            "owner_id": ANN,
            "client_id": ACTIVITY,
            "name": "planner",
            "redirect_uris": "https://a.example/",
            "created_at_s": 0,
        }
    ],
    "app_owners": [{"client_id": ACTIVITY, "owner_id": ANN}],
    "authorization_codes": [
        {"owner_id": BOB, "code_hash": TOKEN_HASH, "client_id": ACTIVITY, "redirect_uri": "https://a.example/"}
        | {"challenge": "c" * 43, "scopes": "activities:read", "expires_at_s": MADE_S}
    ],
}

_SEEN = {"title": "River", "visibility": "public", "perceived_effort": 7, "edits": {"title": "River"}, "revision": 3}
_BOX = {"south_deg": 47.0, "west_deg": 8.0, "north_deg": 47.1, "east_deg": 8.1}
_ID = {"owner_id": ANN, "activity_id": ACTIVITY}
_UPLOADS = _LET_IN | {
    "activities": [_SEVENTEENTH["activities"][0] | _SEEN | _BOX],
    "activity_tombstones": [_FIRST["activity_tombstones"][0] | {"activity_id": ACTIVITY, "kept": {"sport": "running"}}],
    "shared_activities": [_ID],
    "uploads": [
        _ID | {"state": "open", "said": {"sport": "x"}, "points": 2**33, "created_at_s": MADE_S, "heard_at_s": MADE_S}
    ],
    "upload_parts": [_ID | {"from_row": 2**33, "rows": 1, "body": b"zstd"}],
}

_OUTSIDE = {"owner_id": ANN, "identity_hash": TOKEN_HASH, "issuer": "https://id.example", "subject": "7"}
_SIGNED_IN = _UPLOADS | {
    "outside_identities": [_OUTSIDE | {"label": "ann@id.example", "linked_at_s": MADE_S}],
    "identity_owners": [{"identity_hash": TOKEN_HASH, "owner_id": ANN}],
}

_SLOT = {"device_id": DEVICE, "slot": 1, "accepted": True}
_HOUSEHOLDS = _SIGNED_IN | {
    "households": [{"owner_id": ANN, "name": "Home", "made_at_s": MADE_S}],
    "household_members": [{"owner_id": ANN, "member_id": BOB, "joined_at_s": MADE_S}],
    "memberships": [{"owner_id": BOB, "host_id": ANN, "joined_at_s": MADE_S}],
    "household_invitations": [{"code_hash": TOKEN_HASH, "host_id": ANN, "expires_at_s": MADE_S}],
    "wrist_slots": [_SLOT | {"owner_id": ANN, "from_utc_s": MADE_S, "person_id": BOB, "until_utc_s": None}],
    "worn_slots": [_SLOT | {"owner_id": BOB, "host_id": ANN, "since_s": MADE_S}],
}

_COMPOSED = _HOUSEHOLDS | {"wrist_settings": [{"owner_id": ANN, "device_id": DEVICE, "fields": "{}"}]}
_CAUSED = _COMPOSED | {"events": [row | {"request_id": ACTIVITY} for row in _COMPOSED["events"]]}

_BATCH = {"owner_id": ANN, "batch_id": ACTIVITY, "name": "a.zip"}
_READ = {"staged_sha256": "", "state": "done", "at_once": None, "reason": "", "total_files": 1, "read_files": 1}
_SEEN_FILE = {"number": 1, "sha256": "ab" * 32, "size_bytes": 2**33, "state": "imported", "wanted": "", "reason": ""}
_IMPORTS = _CAUSED | {
    "imports": [_BATCH | _READ | {"size_bytes": 2**33, "made_at_s": MADE_S}],
    "import_files": [_BATCH | _SEEN_FILE | {"detail": {"recordings": [], "warnings": []}}],
}

_TOLD = {"kind": "gear", "subject": "x", "title": "Worn", "text": "Worn out.", "link": "/gear", "made_at_s": MADE_S}
_NOTICED = _IMPORTS | {
    "notices": [{"owner_id": ANN, "notice_id": ACTIVITY, "read_at_s": None, "shown": True} | _TOLD],
}

_WISHES = {"quiet_from_min": 1320, "quiet_to_min": 420, "reminder_min": None, "reminder_weekdays": 127}
_RULED = _NOTICED | {
    "notices": [_NOTICED["notices"][0] | {"mail": "digest"}],
    "notice_rules": [{"owner_id": ANN} | _WISHES | {"digest_min": 480, "inactive_days": 7, "unsynced_h": None}],
    "notice_switches": [{"owner_id": ANN, "kind": "gear", "channel": "mail", "switched_on": True}],
}

_GROUP = {"owner_id": ANN, "group_id": ACTIVITY, "shown_id": ACTIVITY, "merged": True, "made_of": "ab" * 32}
_PAIR = {"owner_id": ANN, "one_id": ACTIVITY, "other_id": BOB, "same": "perhaps", "said_by": "owner"}
_DUPLICATES = _RULED | {
    "activities": [_UPLOADS["activities"][0] | {"behind": None}],
    "activity_pairs": [_PAIR | {"reasons": ["near"], "stamp": "ab" * 32}],
    "activity_groups": [_GROUP | {"choices": {"laps": ACTIVITY}, "used": {"laps": ACTIVITY}, "updated_at_s": MADE_S}],
}

_ARCHIVE = {"owner_id": ANN, "state": "taken", "staged": "ab" * 8, "reason": "", "digest": "ab" * 32, "renewed": True}
_ARCHIVES = _DUPLICATES | {
    "archives": [_ARCHIVE | {"total_rows": 2**33, "taken_rows": 2**33, "sent_at_s": MADE_S}],
    "archive_origins": [{"origin_id": BOB, "owner_id": ANN}],
}

_MEAL = {"owner_id": ANN, "meal_id": ACTIVITY, "client_id": "a", "name": "Lunch", "energy_kcal": 640.0}
_FED = _ARCHIVES | {"meals": [_MEAL | {"eaten_at_s": MADE_S}]}
_LIFTED = _FED | {"activity_sums": [one | {"lifted_g": 2**40} for one in _ARCHIVES["activity_sums"]]}

_BROWSER = {"owner_id": ANN, "subscription_id": "ab" * 16, "name": "phone", "sealed": b"sealed", "made_at_s": MADE_S}
_PUSHED = _LIFTED | {"push_subscriptions": [_BROWSER | {"failing_since_s": None}]}

_WHEN = {"start_utc_s": MADE_S, "duration_s": 60.0, "distance_m": 180.0}
_TOMB = _PUSHED["activity_tombstones"][0]
_DELETED = _PUSHED | {"activity_tombstones": [_TOMB | _WHEN]}
_CLOCKED = _DELETED | {"activities": [one | {"utc_offset_s": 20_700} for one in _DELETED["activities"]]}
_OFFERED = _CLOCKED | {"offered_devices": [{"owner_id": BOB, "device_id": "0011223344556678"}]}
_WORN = _OFFERED | {"notices": [_RULED["notices"][0] | {"wrist_number": 1_790_000_000}]}
_WEEKLY = _WORN | {"profiles": [{"owner_id": ANN, "first_weekday": 5, "browser_language": "de"} | _PROFILE]}
_FOLLOWED = _WEEKLY | {"goals": [_WEEKLY["goals"][0] | {"later_weekdays": "2026-11-30:5"}]}

ROWS: dict[str, Rows] = {
    "0001": _FIRST | {"schema_version": [{"version": 1}]},
    "0002": _SECOND,
    "0003": _THIRD,
    "0004": _FOURTH,
    "0005": _FIFTH,
    "0006": _SIXTH,
    "0007": _SEVENTH,
    "0008": _EIGHTH,
    "0009": _NINTH,
    "0010": _TENTH,
    "0011": _ELEVENTH,
    "0012": _TWELFTH,
    "0013": _THIRTEENTH,
    "0014": _FOURTEENTH,
    "0015": _FIFTEENTH,
    "0016": _KEYED,
    "0017": _SEVENTEENTH,
    "0018": _EIGHTEENTH,
    "0019": _WITH_GEAR,
    "0020": _ENTERED,
    "0021": _COUNTED,
    "0022": _WEARABLES,
    "0023": _LET_IN,
    "0024": _UPLOADS,
    "0025": _SIGNED_IN,
    "0026": _HOUSEHOLDS,
    "0027": _COMPOSED,
    "0028": _CAUSED,
    "0029": _IMPORTS,
    "0030": _NOTICED,
    "0031": _RULED,
    "0032": _DUPLICATES,
    "0033": _ARCHIVES,
    "0034": _FED,
    "0035": _LIFTED,
    "0036": _PUSHED,
    "0037": _DELETED,
    "0038": _CLOCKED,
    "0039": _OFFERED,
    "0040": _WORN,
    "0041": _WEEKLY,
    "0042": _FOLLOWED,
}
