"""docs/API.md names every route of the API, and none that is not there; and every code of an error."""

import re
from pathlib import Path

from paceline_server.platform.answers import STATUS
from paceline_server.routes import API_ROUTES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "API.md").read_text()
SOURCES = ROOT / "server" / "paceline_server"


def test_the_headings_are_the_routes() -> None:
    headings = set(re.findall(r"^### ([A-Z]+ /\S+)$", DOCUMENT, re.MULTILINE))
    assert headings == {f"{route.method} {route.path}" for route in API_ROUTES}


def test_every_error_code_is_documented() -> None:
    raised = r"(?:" + "|".join(error.__name__ for error in STATUS) + r')\(\s*"([a-z_]+)"'
    files = [path for path in SOURCES.rglob("*.py") if not {"commands", "pages"} & set(path.parts)]
    codes = {code for path in files for code in re.findall(raised, path.read_text())}
    assert len(codes) > 12
    assert {code for code in codes if f"`{code}`" not in DOCUMENT} == set()
