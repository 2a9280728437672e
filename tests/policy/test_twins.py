"""What gateway and server both need and may not share: kept twice, alike."""

from policy.tree import ROOT

SUPERVISORS = ("gateway/paceline_gateway/service/supervisor.py", "server/paceline_server/service/supervisor.py")


def test_both_tell_systemd_the_same() -> None:
    """Gateway and server never import each other, and the protocol, which they share, runs on the wearable as well."""
    one, other = ((ROOT / path).read_text().replace("_log", "log") for path in SUPERVISORS)
    lines = [[line for line in text.splitlines() if "getLogger" not in line] for text in (one, other)]
    assert lines[0] == lines[1]
