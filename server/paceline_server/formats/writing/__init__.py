"""Recordings → files of other programs: FIT, GPX, TCX, CSV, GeoJSON. Pure: a workout in, bytes out."""
