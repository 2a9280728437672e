"""What the small code numbers in records and messages mean; a number once given never changes its meaning.

A reader that meets a number behind the end of a table shows it as a number.
"""

SPORTS = ("other", "running", "walking", "hiking", "cycling", "swimming", "strength", "indoor")
BOOT_CAUSES = ("unknown", "power on", "reset", "watchdog", "deep sleep", "soft reset", "crash", "update")
CLOCK_SOURCES = ("unknown", "gps", "gateway", "rtc", "phone")
PAUSE_REASONS = ("unknown", "button", "auto", "command")
LAP_TRIGGERS = ("unknown", "button", "distance", "time", "command", "plan")
ALERTS = (
    "unknown",
    "journal full",
    "gps lost",
    "battery low",
    "heart rate lost",
    "sensor failed",
    "goal reached",
    "journal damaged",
    "safe mode",
    "update refused",
    "update rolled back",
)
ACTIONS = ("", "start", "stop", "lap", "pause", "resume")
BLOB_KINDS = ("", "settings", "plan", "gps assistance", "firmware", "notices")
