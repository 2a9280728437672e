"""Why the totals of a file are not those of its device: looked into, file by file."""

REASONS = {
    ("2019-02-17-062644-ELEMNT-297E-195-0.fit", "ascent_m"): (
        "fifty-seven stops; the device counts a third less than the least that its own altitudes allow at 5 m"
    ),
    ("event_timestamp.fit", "heart_rate_bpm"): (
        "the strap's beats came afterwards; the device's mean was made from what it had received while swimming"
    ),
    ("strava-android-app-201.10-b1218918.fit", "distance_m"): "damaged: what lies before the damage is a tenth of it",
    ("strava-android-app-201.10-b1218918.fit", "timer_s"): "damaged: what lies before the damage is a tenth of it",
    ("0134902991.fit", "timer_s"): "739 records, one a second, and a total of 720 s: the program's own mistake",
    ("0134902991.fit", "ascent_m"): "a virtual ride: altitude in whole metres rises by 82, the program's total says 59",
    ("unterminated-strings.fit", "distance_m"): "32 s: the last record says 64.7 m, the total was rounded elsewhere",
    ("unterminated-strings.fit", "heart_rate_bpm"): "32 s, 33 records whose mean is 87.3, between 80 and 96",
    ("20210218_zwift.fit", "ascent_m"): "a virtual ride over bumps below 2 m, which count as noise",
    ("tomtom-runner3-ride.fit", "ascent_m"): "the device did not count: its total is 0, its altitudes rise by 1,047 m",
    (
        "7445393868.fit",
        "ascent_m",
    ): "on the flat: three quarters of the ups and downs are below 2 m; 18 m more than the device",
}
"""(file, total) → reason."""

ASSERTED_REASONS = {
    ("6688025408.tcx.gz", "moving_s"): "a pool: rows tell a distance only where a lap ends, 35 in 66 minutes",
    ("1604524853.tcx.gz", "avg_hr"): "a row every 1 to 5 s: ours is the mean over time, theirs the mean of the rows",
    (
        "6037744996.gpx.gz",
        "moving_s",
    ): "uphill, 525 m in 5 km, and no speed in the file: theirs counts half of the time as standing",
}
"""Of GPX and TCX files, by name and value."""
