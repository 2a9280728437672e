"""How long to wait before the next try, as a pure function."""


def backoff_s(attempt: int, fraction: float, first_s: float = 1.0, longest_s: float = 300.0) -> float:
    """Return the wait before try number `attempt` + 1 (attempt 0: after the first failure), in seconds.

    The wait doubles up to `longest_s`; `fraction` in [0, 1), drawn by the caller, spreads it over half to whole, so
    that gateways that failed together do not come back together.
    """
    doubled_s = first_s * 2.0 ** min(attempt, 30)
    return min(doubled_s, longest_s) * (0.5 + 0.5 * fraction)
