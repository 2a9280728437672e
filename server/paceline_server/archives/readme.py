"""What an archive says to whoever opens it."""

README = """Everything that this Paceline server keeps of you. docs/ARCHIVE.md of Paceline describes it in full.

activities/DAY-ID.fit, .gpx    your workouts, as other programs read them: with your edits, cropped where you cropped
originals/SHA256               files that you imported, byte for byte; source_key in tables/activities.jsonl names them
journals/DEVICE/EPOCH.journal  what your wearables wrote, byte for byte from start_position of tables/journals.jsonl on
telemetry/ID.plt               what was recorded second by second, as the server keeps it (docs/ARCHIVE.md)
tables/NAME.jsonl              rows, a JSON object in a line; names carry units, times are Unix seconds, bytes base64
told/NAME.jsonl                rows that another server does not take over: how you log in, who shares your household
manifest.json                  of each of these files: size, SHA-256, number of rows

A Paceline server reads it again: "Read an archive" on the page of your account, or paceline-server take.

Not in here: your password, the secrets of second factor, passkeys, apps and tokens, the keys of your wearables.
What opens a server is made anew on another one; a wearable is claimed there with its key.
Keep this file as you keep a diary: it says where you were.
"""
