"""Where the sample codec's models begin: chances of a 0 in 1/256; a line is a context, with 15 nodes of the rank tree.

Found by `python -m paceline_tools.bench.tune_codec` on half of the recordings. Part of the format: never changed.
"""

HABIT_PRIOR = bytes.fromhex(
    "f8 f8 f4 f8 8f 8c 80 e3 a5 b7 75 9e e9 80 80"
    "f8 f8 e4 ec 9b ab 80 ae b6 c2 7c 92 c0 80 80"
    "f8 f8 e0 d5 b1 60 80 94 d4 d7 74 80 d5 80 80"
    "f8 f8 f3 a2 d6 8d 80 7f bb d8 72 40 e6 80 80"
    "f8 e7 ed 6d f0 a7 ab 7f 88 dc 8a 39 e6 ab 80"
    "f8 bc f8 62 f1 92 80 90 6b c7 b2 7b f3 80 80"
    "f8 8b f8 77 d8 ca 80 af 67 98 c3 88 f2 80 80"
    "f5 75 e1 a0 8d d1 3d c4 6f 6d a9 7c de 5e 20"
)
LATEST_PRIOR = bytes.fromhex(
    "f8 f6 f8 e0 a9 b0 92 ce 9e b9 74 5f f8 66 40"
    "f8 f7 f1 bf e0 e9 ab 80 b6 cc d1 30 c0 ab 80"
    "f8 ec f8 7f ea ee 80 78 a8 c7 c3 1d cd 80 80"
    "f8 d2 f8 5c ef f5 ab 96 67 c0 d4 28 d5 ab 80"
    "f8 89 f8 5c ef de 80 a1 5b b9 d5 31 d9 80 80"
    "f8 56 d0 87 9d d1 3a c0 5e 6c b2 aa cd 5b 20"
)
