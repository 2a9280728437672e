"""A method that the document does not tell of a path is refused, and does nothing."""

import re

import pytest
from server.answers_checked import DOCUMENT
from server.running_server import RunningServer, make_person

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "QUERY"}
NAMES = {"device_id": "5a17c0de00000001", "token_id": "9f86d081884c7d65", "kind": "settings", "metric": "steps"}
ID = "0199c6f1-3a52-7b1e-9d40-5c6d7e8f9a0b"


def concrete(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: NAMES.get(name[1], ID if name[1].endswith("_id") else "1"), path)


def reach(url: str) -> set[str]:
    """Return the methods of all paths that a request for this address may mean."""
    found: set[str] = set()
    for path, item in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), url):
            found |= {method.upper() for method in item}
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_not_documented_is_refused(server: RunningServer) -> None:
    ann = make_person(server, "ann")
    wrong: list[str] = []
    for path in DOCUMENT["paths"]:
        url = concrete(path)
        for method in sorted(METHODS - reach(url)):
            async with server.http.request(method, url, headers=ann.headers) as response:
                if response.status != 405 or set(response.headers["Allow"].split(",")) - {"HEAD"} != reach(url):
                    wrong.append(f"{method} {path}: {response.status} {response.headers.get('Allow')}")
    assert wrong == []
