"""The sample: what one second of a workout is, column by column; every table of samples has these names in this order."""

SPEED_QUANTUM_CM_S = 5

# name, lowest, highest; values outside are held at the bound. The name carries the unit: udeg 1e-6 degree, 2dm 0.2 m,
# cm_s centimetres per second (kept as multiples of SPEED_QUANTUM_CM_S), bpm and spm per minute.
COLUMNS = (
    ("t_s", 0, 0x3FFFFFFF),
    ("fix", 0, 3),
    ("latitude_udeg", -90_000_000, 90_000_000),
    ("longitude_udeg", -180_000_000, 180_000_000),
    ("altitude_2dm", -2500, 50_000),
    ("speed_cm_s", 0, 40_000),
    ("heart_rate_bpm", 0, 255),
    ("heart_rate_confidence", 0, 3),
    ("cadence_spm", 0, 255),
)
