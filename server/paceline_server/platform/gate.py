"""The gate before every route: asks the policy with the rule that the routes' table names, before the handler runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Self

import msgspec
from aiohttp import web

from paceline_server.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from paceline_server.platform.answers import struct_response
from paceline_server.platform.auth import identify, refuse_other_pages, refuse_other_user
from paceline_server.platform.form_bodies import read_form
from paceline_server.platform.once import acted_once
from paceline_server.platform.openapi.contract import TypedHandler
from paceline_server.platform.openapi.taking import refuse_strange_query, taken
from paceline_server.platform.policy import (
    ANONYMOUS,
    Action,
    Facts,
    Scope,
    Verdict,
    Viewer,
    Visibility,
    decide,
    narrowest_seen,
)
from paceline_server.platform.rate_limits.pace import PACE
from paceline_server.platform.web import Handler

FindFacts = Callable[[web.Request, Viewer], Facts | Awaitable[Facts]]


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks at whose thing: what a handler needs that shows something to others than its owner."""

    viewer: Viewer
    facts: Facts
    scopes: frozenset[Scope]

    @property
    def owner_id(self) -> str:
        """Whose thing it is: what is read is read as his."""
        assert self.facts.owner_id is not None  # the gate lets nobody read what is nobody's
        return self.facts.owner_id

    def into(self, visibility: Visibility) -> Visibility | None:
        """Return how far the viewer sees into the thing while it has this visibility; None: not at all."""
        return narrowest_seen(self.viewer, replace(self.facts, visibility=visibility), self.scopes)

    def of_stranger(self) -> Self:
        """Return the sight of somebody who is nobody to the owner."""
        return replace(self, viewer=ANONYMOUS, facts=replace(self.facts, followed=False))


SIGHT = web.RequestKey("sight", Sight)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route does, how it is known whose thing it does it to, and the scopes of which one is enough.

    Without scopes only a log-in that has all of them will do. `shareable`: the owner may show it to everybody.
    """

    action: Action
    facts: FindFacts
    scopes: frozenset[Scope] = frozenset()
    shareable: bool = False

    def by(self, *scopes: Scope) -> Self:
        """Return the rule for a route that a token of one of these scopes may use."""
        return replace(self, scopes=frozenset(scopes))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the routes' table; `files`: the handler takes files from a page's form."""

    method: str
    path: str
    handler: Handler | TypedHandler
    rule: Rule
    files: bool = False

    def route(self) -> web.RouteDef:
        """Return what aiohttp's router takes; the handler runs only for those whom the rule lets in."""
        return web.route(self.method, self.path, guarded(self.rule, self.handler, files=self.files))


def guarded(rule: Rule, handler: Handler | TypedHandler, *, files: bool = False) -> Handler:
    """Return the handler behind its rule; a typed one gets its values checked, and may answer with a Struct."""

    async def behind(request: web.Request) -> web.StreamResponse:
        refuse_other_pages(request)
        identity = await identify(request) if rule.action is not Action.OPEN else None
        refuse_other_user(request, identity)
        if PACE in request.app:
            request.app[PACE].take(request, identity)
        if rule.action is not Action.OPEN:
            viewer = identity.viewer if identity is not None else ANONYMOUS
            found = rule.facts(request, viewer)
            facts = found if isinstance(found, Facts) else await found
            _enforce(decide(viewer, rule.action, facts, rule.scopes))
            request[SIGHT] = Sight(viewer, facts, rule.scopes)
        return await acted_once(request, lambda: _answered(request, handler, files=files))

    return behind


async def _answered(request: web.Request, handler: Handler | TypedHandler, *, files: bool) -> web.StreamResponse:
    if not isinstance(handler, TypedHandler):
        refuse_strange_query(request.query)
        await read_form(request, files=files)
        return await handler(request)
    answer = await handler.run(request, **await taken(request, handler.contract))
    if isinstance(answer, msgspec.Struct):
        return struct_response(answer, handler.contract.status)
    return answer


def under_viewer(_request: web.Request, viewer: Viewer) -> Facts:
    """Facts of what is looked for only among the viewer's own: others' are absent there."""
    return Facts(viewer.owner_id)


def of_named_user(request: web.Request, _viewer: Viewer) -> Facts:
    """Facts of what belongs to the user whom the path names."""
    return Facts(request.match_info["user_id"])


def of_nobody(_request: web.Request, _viewer: Viewer) -> Facts:
    """Facts of what is nobody's."""
    return Facts()


def _enforce(verdict: Verdict) -> None:
    if verdict is Verdict.LOG_IN:
        raise UnauthenticatedError("unauthenticated", "Log in, or send a bearer token that holds.")
    if verdict is Verdict.FORBID:
        raise ForbiddenError("scope", "This token reaches less far; log in as a person for this.")
    if verdict is Verdict.HIDE:
        raise NotFoundError("not_found", "There is no such thing, or it is not yours.")


OPEN = Rule(Action.OPEN, of_nobody)
READ = Rule(Action.READ, under_viewer)
WRITE = Rule(Action.WRITE, under_viewer)
READ_USERS = Rule(Action.READ, of_named_user)
WRITE_USERS = Rule(Action.WRITE, of_named_user)
CLAIM = Rule(Action.CLAIM, under_viewer, frozenset({Scope.GATEWAY, Scope.DEVICES_WRITE}))
CARRY = Rule(Action.CARRY, under_viewer, frozenset({Scope.GATEWAY}))
ACCOUNT = Rule(Action.ACCOUNT, under_viewer)
ACCOUNT_USERS = Rule(Action.ACCOUNT, of_named_user)
LEAVE = Rule(Action.LEAVE, under_viewer)
OPERATE = Rule(Action.OPERATE, of_nobody, frozenset({Scope.ADMIN}))
