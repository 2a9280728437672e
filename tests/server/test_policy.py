"""The policy as a function: all viewers × actions × whose × visibilities, against what is written out here."""

from itertools import product

import pytest
from paceline_server.platform.policy import ANONYMOUS, Action, Facts, Role, Scope, Verdict, Viewer, Visibility, decide

ANN, BOB = "ann", "bob"
PRIVATE, FOLLOWERS, PUBLIC = Visibility
ALLOW, LOG_IN, FORBID, HIDE = Verdict
PEOPLE = {"session": Scope.SESSION, "api": Scope.API, "gateway": Scope.GATEWAY}
OWN = {  # action → what each of the owner's log-ins gets
    Action.OPEN: (ALLOW, ALLOW, ALLOW),
    Action.READ: (ALLOW, ALLOW, FORBID),
    Action.WRITE: (ALLOW, ALLOW, FORBID),
    Action.CARRY: (ALLOW, ALLOW, ALLOW),
    Action.CLAIM: (ALLOW, ALLOW, ALLOW),
    Action.LEAVE: (ALLOW, ALLOW, ALLOW),
    Action.ACCOUNT: (ALLOW, FORBID, FORBID),
    Action.OPERATE: (HIDE, HIDE, FORBID),
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("followed", [False, True])
def test_ones_own_depends_on_the_reach_of_the_log_in_alone(
    action: Action, visibility: Visibility, followed: bool
) -> None:
    facts = Facts(ANN, visibility, followed)
    got = tuple(decide(Viewer(ANN, scope), action, facts) for scope in PEOPLE.values())
    public = action is Action.READ and visibility is PUBLIC
    assert got == ((ALLOW, ALLOW, ALLOW) if public else OWN[action])


@pytest.mark.parametrize(("scope", "role"), [*product(Scope, Role)])
@pytest.mark.parametrize("action", sorted(set(Action) - {Action.OPEN, Action.OPERATE}))
def test_anothers_is_seen_only_as_it_is_shown_whatever_ones_role(scope: Scope, role: Role, action: Action) -> None:
    viewer = Viewer(BOB, scope, role)
    refused = HIDE if decide(Viewer(ANN, scope), action, Facts(ANN)) is ALLOW else FORBID
    for visibility, followed in product(Visibility, (False, True)):
        shown = action is Action.READ and (
            visibility is PUBLIC or (visibility is FOLLOWERS and followed and scope is not Scope.GATEWAY)
        )
        assert decide(viewer, action, Facts(ANN, visibility, followed)) is (ALLOW if shown else refused)


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.OPEN}))
def test_who_is_not_logged_in_sees_what_is_public(action: Action) -> None:
    for visibility, followed in product(Visibility, (False, True)):
        shown = action is Action.READ and visibility is PUBLIC
        assert decide(ANONYMOUS, action, Facts(ANN, visibility, followed)) is (ALLOW if shown else LOG_IN)


@pytest.mark.parametrize("viewer", [Viewer(BOB, scope, role) for scope, role in product(Scope, Role)])
def test_what_is_nobodys_or_not_there_is_hidden(viewer: Viewer) -> None:
    for action, visibility in product(set(Action) - {Action.OPEN, Action.OPERATE}, Visibility):
        assert decide(viewer, action, Facts(None, visibility)) in {HIDE, FORBID}


@pytest.mark.parametrize(("scope", "role"), [*product(Scope, Role)])
def test_only_an_admin_looks_after_the_server_and_no_gateway(scope: Scope, role: Role) -> None:
    expected = FORBID if scope is Scope.GATEWAY else ALLOW if role is Role.ADMIN else HIDE
    assert decide(Viewer(BOB, scope, role), Action.OPERATE, Facts()) is expected
