"""The sample: one second of a workout, column by column; every table of samples has these names in this order."""

# name, lowest, highest; a value outside is held at the bound. The name carries the unit: udeg 1e-6 degree, 2dm 0.2 m.
COLUMNS = (
    ("t_s", 0, 0x3FFFFFFF),
    ("fix", 0, 3),
    ("latitude_udeg", -90_000_000, 90_000_000),
    ("longitude_udeg", -180_000_000, 180_000_000),
    ("altitude_2dm", -2500, 50_000),
    ("speed_cm_s", 0, 65_535),
    ("heart_rate_bpm", 0, 255),
    ("heart_rate_confidence", 0, 3),
    ("cadence_spm", 0, 255),
)
