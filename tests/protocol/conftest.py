"""Hypothesis draws the same examples on every run and is not timed."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "protocol",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("protocol")
