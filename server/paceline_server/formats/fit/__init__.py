"""FIT activity files (Garmin FIT protocol, Profile.xlsx 21) → Recordings."""
