"""Counts and times of one process, and their text as Prometheus reads it (exposition format 0.0.4)."""

from bisect import bisect_left
from collections.abc import Iterable

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
TYPE = "text/plain; version=0.0.4"


class RequestMetrics:
    """Requests by method, route and status, and how long routes took; routes are patterns, so that nobody is named."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, int], int] = {}
        self._buckets: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def count(self, method: str, route: str, status: int, took_s: float) -> None:
        """Count one answer."""
        key = (method, route, status)
        self._counts[key] = self._counts.get(key, 0) + 1
        self._buckets.setdefault(route, [0] * (len(BOUNDS_S) + 1))[bisect_left(BOUNDS_S, took_s)] += 1
        self._sums[route] = self._sums.get(route, 0.0) + took_s

    def lines(self) -> Iterable[str]:
        """Yield the lines of the text."""
        yield "# TYPE paceline_requests_total counter"
        for (method, route, status), count in sorted(self._counts.items()):
            labels = f'method="{_quoted(method)}",route="{_quoted(route)}",status="{status}"'
            yield f"paceline_requests_total{{{labels}}} {count}"
        yield "# TYPE paceline_request_seconds histogram"
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, count in zip((*BOUNDS_S, "+Inf"), buckets, strict=True):
                total += count
                yield f'paceline_request_seconds_bucket{{route="{_quoted(route)}",le="{bound}"}} {total}'
            yield f'paceline_request_seconds_sum{{route="{_quoted(route)}"}} {self._sums[route]:.6f}'
            yield f'paceline_request_seconds_count{{route="{_quoted(route)}"}} {total}'


def value_lines(name: str, kind: str, value: float) -> Iterable[str]:
    """Yield the lines of one number; `kind` is counter or gauge."""
    yield f"# TYPE {name} {kind}"
    yield f"{name} {value:g}"


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
