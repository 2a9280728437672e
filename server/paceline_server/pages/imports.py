"""The pages of imports: send files, see what is in them, import, take back."""

from datetime import tzinfo

from aiohttp import web

from paceline_server.errors import ConflictError, InvalidError, TooLargeError, TooManyError
from paceline_server.formats.containers import shown
from paceline_server.imports.model import COMES, NEW
from paceline_server.imports.receiving import receive
from paceline_server.imports.service import BatchNow
from paceline_server.imports.shapes import MOST_FILES
from paceline_server.keys import CONFIG, IMPORTS, USERS
from paceline_server.pages import local_time
from paceline_server.pages.imports_view import FILE_STATES, batch_view, file_view, files_beside, jumps
from paceline_server.pages.render import render
from paceline_server.platform.auth import form_key, refuse_other_forms, require
from paceline_server.platform.ids import parse_id
from paceline_server.words.speech import gettext as _

SHOWN_BATCHES = 20
SHOWN_FILES = 200


async def show_imports(request: web.Request) -> web.Response:
    """GET /imports."""
    return await _page(request)


async def post_files(request: web.Request) -> web.StreamResponse:
    """POST /imports {form_key, look, file …}: send files; of who has no key no file is read."""
    identity = await require(request)
    config = request.app[CONFIG]
    if request.content_type != "multipart/form-data":
        refuse_other_forms(request, await request.post())
        return await _page(request, trouble=_("Choose at least one file."), status=400)
    try:
        async with receive(
            request, config.data, config.max_import_bytes, lambda fields: refuse_other_forms(request, fields)
        ) as found:
            name = shown(found.name) if found.name else "file"
            at_once = None if found.fields.get("look") is None else False
            batch = await request.app[IMPORTS].take(identity.owner_id, name, found, at_once=at_once)
    except (InvalidError, TooLargeError, TooManyError) as error:
        return await _page(request, trouble=error.message, status=400)
    return _see(batch.batch.batch_id)


async def show_import(request: web.Request) -> web.Response:
    """GET /imports/{batch_id}."""
    return await _one(request)


async def post_import(request: web.Request) -> web.StreamResponse:
    """POST /imports/{batch_id} {do: all | new | chosen | undo, file …, form_key}."""
    identity = await require(request)
    form = await request.post()
    refuse_other_forms(request, form)
    imports, batch_id = request.app[IMPORTS], parse_id(request.match_info["batch_id"])
    try:
        if form.get("do") == "undo":
            await imports.undo(identity.owner_id, batch_id)
        elif form.get("do") == "chosen":
            await imports.confirm(identity.owner_id, batch_id, [_number(one) for one in form.getall("file", [])])
        else:
            states = (NEW,) if form.get("do") == "new" else COMES
            await imports.confirm(identity.owner_id, batch_id, None, states)
    except (ConflictError, InvalidError) as error:
        return await _one(request, trouble=error.message, status=400)
    return _see(batch_id)


async def _page(request: web.Request, *, trouble: str = "", status: int = 200) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    found = await request.app[IMPORTS].latest(identity.owner_id, SHOWN_BATCHES)
    return render(
        "imports.html",
        status=status,
        username=user.username,
        batches=[batch_view(one, _zone(request)) for one in found],
        most_mib=request.app[CONFIG].max_import_bytes >> 20,
        trouble=trouble,
        form_key=form_key(request),
    )


async def _one(request: web.Request, *, trouble: str = "", status: int = 200) -> web.Response:
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    after = _after(request.query.get("after", ""))
    now = await _found(request, identity.owner_id, after)
    zone = _zone(request)
    batch = batch_view(now, zone)
    shown = now.files[:SHOWN_FILES]
    names = {one.number: one.name for one in shown}
    before = sorted({number for one in shown for number in files_beside(one)} - names.keys())
    if before:  # on an earlier page
        names |= await request.app[IMPORTS].names(identity.owner_id, batch.batch_id, before)
    files = [file_view(one, zone, names) for one in shown]
    return render(
        "import.html",
        status=status,
        username=user.username,
        batch=batch,
        files=files,
        jumps=jumps(now, files),
        states=FILE_STATES,
        after=after,
        more=files[-1].number if len(now.files) > SHOWN_FILES else 0,
        choosable=batch.can_choose and any(one.choosable for one in files),
        trouble=trouble,
        form_key=form_key(request),
    )


async def _found(request: web.Request, owner_id: str, after: int) -> BatchNow:
    batch_id = parse_id(request.match_info["batch_id"])
    return await request.app[IMPORTS].get(owner_id, batch_id, after, SHOWN_FILES + 1)


def _zone(request: web.Request) -> tzinfo:
    return local_time.zone_of(request.cookies.get(local_time.COOKIE))


def _after(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _number(value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7 else 0
    if not 1 <= number <= MOST_FILES:
        raise InvalidError("field", "Choose files of this import.", field="file")
    return number


def _see(batch_id: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/imports/{batch_id}", "Cache-Control": "no-store"})
