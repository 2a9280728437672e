"""The policy as a function: all viewers × actions × whose × visibilities, against what is written out here."""

from itertools import product

import pytest
from paceline_server.platform.policy import (
    ANONYMOUS,
    Action,
    Facts,
    Kind,
    Role,
    Scope,
    Verdict,
    Viewer,
    Visibility,
    decide,
    narrowest_seen,
)

ANN, BOB = "ann", "bob"
PRIVATE, FOLLOWERS, PUBLIC = Visibility
ALLOW, LOG_IN, FORBID, HIDE = Verdict
# Which scope the rules here ask for, and which ones each kind of log-in has here (None: all).
NEEDED = {
    Action.READ: frozenset({Scope.ACTIVITIES_READ, Scope.DAILY_READ}),
    Action.WRITE: frozenset({Scope.ACTIVITIES_WRITE}),
    Action.CARRY: frozenset({Scope.GATEWAY}),
    Action.CLAIM: frozenset({Scope.GATEWAY}),
    Action.OPERATE: frozenset({Scope.ADMIN}),
}
HAS = {
    Kind.SESSION: None,
    Kind.API: None,
    Kind.GATEWAY: frozenset({Scope.GATEWAY}),
    Kind.APP: frozenset({Scope.DAILY_READ, Scope.PROFILE_READ}),
}
OWN = {  # action → what each of the owner's log-ins gets, in the order of Kind
    Action.OPEN: (ALLOW, ALLOW, ALLOW, ALLOW),
    Action.READ: (ALLOW, ALLOW, FORBID, ALLOW),
    Action.WRITE: (ALLOW, ALLOW, FORBID, FORBID),
    Action.CARRY: (ALLOW, ALLOW, ALLOW, FORBID),
    Action.CLAIM: (ALLOW, ALLOW, ALLOW, FORBID),
    Action.LEAVE: (ALLOW, ALLOW, ALLOW, ALLOW),
    Action.ACCOUNT: (ALLOW, FORBID, FORBID, FORBID),
    Action.OPERATE: (HIDE, HIDE, FORBID, FORBID),
}


def judged(owner: str, kind: Kind, action: Action, facts: Facts, role: Role = Role.USER) -> Verdict:
    return decide(Viewer(owner, kind, role, HAS[kind]), action, facts, NEEDED.get(action, frozenset()))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("followed", [False, True])
def test_ones_own_depends_on_the_reach_of_the_log_in_alone(
    action: Action, visibility: Visibility, followed: bool
) -> None:
    got = tuple(judged(ANN, kind, action, Facts(ANN, visibility, followed)) for kind in Kind)
    public = action is Action.READ and visibility is PUBLIC
    assert got == ((ALLOW,) * 4 if public else OWN[action])


@pytest.mark.parametrize(("kind", "role"), [*product(Kind, Role)])
@pytest.mark.parametrize("action", sorted(set(Action) - {Action.OPEN, Action.OPERATE}))
def test_anothers_is_seen_only_as_it_is_shown_whatever_ones_role(kind: Kind, role: Role, action: Action) -> None:
    refused = HIDE if judged(ANN, kind, action, Facts(ANN)) is ALLOW else FORBID
    for visibility, followed in product(Visibility, (False, True)):
        shown = action is Action.READ and (
            visibility is PUBLIC or (visibility is FOLLOWERS and followed and kind is not Kind.GATEWAY)
        )
        assert judged(BOB, kind, action, Facts(ANN, visibility, followed), role) is (ALLOW if shown else refused)


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.OPEN}))
def test_who_is_not_logged_in_sees_what_is_public(action: Action) -> None:
    for visibility, followed in product(Visibility, (False, True)):
        shown = action is Action.READ and visibility is PUBLIC
        assert decide(ANONYMOUS, action, Facts(ANN, visibility, followed)) is (ALLOW if shown else LOG_IN)


@pytest.mark.parametrize(("kind", "role"), [*product(Kind, Role)])
def test_what_is_nobodys_or_not_there_is_hidden(kind: Kind, role: Role) -> None:
    for action, visibility in product(set(Action) - {Action.OPEN, Action.OPERATE}, Visibility):
        assert judged(BOB, kind, action, Facts(None, visibility), role) in {HIDE, FORBID}


@pytest.mark.parametrize(("kind", "role"), [*product(Kind, Role)])
def test_only_an_admin_looks_after_the_server_and_no_gateway(kind: Kind, role: Role) -> None:
    expected = FORBID if HAS[kind] is not None else ALLOW if role is Role.ADMIN else HIDE
    assert judged(BOB, kind, Action.OPERATE, Facts(), role) is expected


@pytest.mark.parametrize(("action", "given"), [*product(sorted(NEEDED), Scope)])
def test_one_of_the_scopes_that_a_rule_names_is_enough_and_no_other_is(action: Action, given: Scope) -> None:
    viewer = Viewer(ANN, Kind.API, Role.ADMIN, frozenset({given}))
    assert decide(viewer, action, Facts(ANN), NEEDED[action]) is (ALLOW if given in NEEDED[action] else FORBID)
    assert decide(viewer, action, Facts(ANN)) is FORBID


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.SESSION}))
def test_no_token_reaches_the_account_whatever_its_scopes(kind: Kind) -> None:
    for scopes in (None, frozenset(Scope)):
        assert decide(Viewer(ANN, kind, Role.ADMIN, scopes), Action.ACCOUNT, Facts(ANN), frozenset(Scope)) is FORBID


@pytest.mark.parametrize("kind", Kind)
def test_how_far_one_sees_into_a_thing(kind: Kind) -> None:
    has, needed = HAS[kind], NEEDED[Action.READ]
    reaches = has is None or not needed.isdisjoint(has)
    for visibility, followed in product(Visibility, (False, True)):
        facts = Facts(ANN, visibility, followed)
        public = PUBLIC if visibility is PUBLIC else None
        assert narrowest_seen(Viewer(ANN, kind, scopes=has), facts, needed) is (PRIVATE if reaches else public)
        follows = followed and reaches and visibility is not PRIVATE
        assert narrowest_seen(Viewer(BOB, kind, scopes=has), facts, needed) is (FOLLOWERS if follows else public)
        assert narrowest_seen(ANONYMOUS, facts, needed) is public
