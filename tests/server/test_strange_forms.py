"""Every form of every page, filled in as no browser does: one clear refusal, never a fault, on either database."""

import zlib
from html.parser import HTMLParser

import pytest
from paceline_server.platform.auth import COOKIE, form_key_of
from paceline_server.platform.form_bodies import FORM
from paceline_server.routes import ROWS
from server.running_server import Person, RunningServer, log_in, make_person
from server.test_policy_routes import Walk

# What would end the walk: the log-in itself.
NOT_SENT = {"/logout", "/account/logout-everywhere", "/account/leave", "/account/revoke"}
LARGE, LONG = "9" * 20, "😀" * 3000  # a number that fits no column, for what is no free text


class Forms(HTMLParser):
    """The forms of a page that are posted: where to, and their fields with what a browser would send."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.strange: dict[str, str] = {}
        self._open = False
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = has.get("method") == "post"
            if self._open:
                self.found.append((has["action"], {}))
        name = has.get("name", "")
        if self._open and name and tag in {"input", "textarea", "button", "select"}:
            self.found[-1][1].setdefault(name, has.get("value", ""))
            self._select = name if tag == "select" else ""
            if tag != "button" and has.get("type", "text") not in {"checkbox", "radio"} and name != "form_key":
                free = tag == "textarea" or has.get("type", "text") in {"text", "search", "password", "email", "url"}
                self.strange[name] = LONG if free and "inputmode" not in has and tag != "select" else LARGE
        if self._open and tag == "option" and self._select and "selected" in has:
            self.found[-1][1][self._select] = has.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


async def forms_of(
    server: RunningServer, walk: Walk, person: Person, begins: str
) -> list[tuple[str, dict[str, str], str, str]]:
    """Every field of a form that the pages of the table show: action, what it sends, the field, a strange value."""
    found: dict[tuple[str, str], tuple[str, dict[str, str], str, str]] = {}
    for row in ROWS:
        if row.method != "GET" or row.path.startswith(("/api", "/static")) or not row.path.startswith(begins):
            continue
        path = row.path.format(**walk.names)
        async with server.http.get(path, headers=cookie(person)) as response:
            assert response.status < 500, path
            forms = Forms(await response.text() if response.content_type == "text/html" else "")
        for action, fields in forms.found:
            if action not in NOT_SENT:
                named = [(name, value) for name, value in forms.strange.items() if name in fields]
                found |= {(action, name): (action, fields, name, value) for name, value in named}
    return list(found.values())


def cookie(person: Person) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={person.token}"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # where a column has bounds
async def test_no_field_of_a_form_is_a_fault(server: RunningServer) -> None:
    walk = Walk(server)
    await walk.fill()
    faults: list[str] = []
    people = [(await log_in(server, walk.ann), "/"), (await log_in(server, walk.root), "/admin")]
    for person, begins in people:  # strange log-ins are among the forms: no more come in
        for action, fields, name, value in await forms_of(server, walk, person, begins):
            status = await posted(server, person, action, coded(fields | {name: value}))
            if status >= 500:
                faults.append(f"{action} {name}: {status}")
    walk.database.close()
    assert faults == []


async def test_what_is_no_form_is_one_clear_refusal(server: RunningServer) -> None:
    person = await log_in(server, make_person(server, "ann"))
    key = coded({"form_key": form_key_of(person.token)})
    for body, kind, status in (
        (f"{key}&name={'x' * 300_000}", FORM, 413),
        (f"{key}&name=%ff", FORM, 303),  # a browser of another age: the byte is shown as one that is not known
        (f"{key}&name=\xff".encode("latin-1"), FORM, 400),
        (f"{key}&name=x", f"{FORM}; charset=klingon", 400),
        (f"{key}&name=\\ud800", f"{FORM}; charset=unicode_escape", 400),
        (key, "multipart/form-data; boundary=x", 415),
        ("", FORM, 403),
    ):
        assert await posted(server, person, "/devices", body, kind) == status, kind
    assert await posted(server, person, "/devices", zlib.compress(key.encode()), FORM, "deflate") == 415
    assert await posted(server, person, "/api/v1/oauth/token", coded({"client_id": "\x00"})) == 400


async def posted(
    server: RunningServer, person: Person, path: str, body: str | bytes, kind: str = FORM, coding: str = "identity"
) -> int:
    headers = cookie(person) | {"Content-Type": kind, "Content-Encoding": coding}
    async with server.http.post(path, data=body, headers=headers, allow_redirects=False) as response:
        return response.status


def coded(fields: dict[str, str]) -> str:
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields.items())


def quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
