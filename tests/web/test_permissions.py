"""Roles within scopes: who may do what, where."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.errors import Forbidden
from core.security import (
    INSTALLATION,
    ISSUER_PERMISSIONS,
    PERMISSIONS,
    SYSTEM,
    Actor,
    GrantFacts,
    Role,
    Scope,
    check,
)

CONTEST, OTHER = Scope("contest", "c1"), Scope("contest", "c2")
COMPETITION, ORGANISATION = Scope("competition", "p1"), Scope("organisation", "o1")
ISSUER = Scope("issuer", "skills-centre")
AROUND = (CONTEST, COMPETITION, ORGANISATION)


def actor(*grants: tuple[Role, Scope]) -> Actor:
    return Actor(uuid4(), "somebody", tuple(GrantFacts(role, scope) for role, scope in grants))


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_brings_its_permissions_within_its_scope_and_no_other(
    role: Role, permission: str
) -> None:
    somebody = actor((role, CONTEST))

    assert somebody.may(permission, *AROUND) == (role in PERMISSIONS[permission])
    assert not somebody.may(permission, OTHER, COMPETITION)


@pytest.mark.parametrize("scope", AROUND)
def test_a_grant_on_what_encloses_the_contest_counts(scope: Scope) -> None:
    assert actor((Role.ORGANISER, scope)).may("contest.close", *AROUND)


def test_a_grant_on_the_installation_counts_everywhere_but_for_an_issuer() -> None:
    everywhere = actor((Role.ORGANISER, INSTALLATION), (Role.ADMINISTRATOR, INSTALLATION))

    assert everywhere.may("contest.close", *AROUND)
    for permission in ISSUER_PERMISSIONS:
        assert not everywhere.may(permission, ISSUER, ORGANISATION)


@pytest.mark.parametrize("permission", sorted(ISSUER_PERMISSIONS))
def test_signing_for_an_issuer_takes_a_grant_on_it(permission: str) -> None:
    assert actor((Role.ORGANISER, ISSUER)).may(permission, ISSUER)
    assert not actor((Role.ORGANISER, ISSUER)).may(permission, Scope("issuer", "another"))


def test_somebody_without_grants_may_nothing() -> None:
    assert not any(actor().may(permission, *AROUND) for permission in PERMISSIONS)


def test_the_installation_itself_may_everything() -> None:
    assert all(SYSTEM.may(permission) for permission in PERMISSIONS)


def test_a_lookalike_of_the_installations_actor_may_nothing() -> None:
    assert not Actor(SYSTEM.account, SYSTEM.label).may("installation.manage")


def test_check_names_the_permission() -> None:
    with pytest.raises(Forbidden) as caught:
        check(actor((Role.JUDGE, CONTEST)), "contest.close", CONTEST)

    assert caught.value.params == {"permission": "contest.close"}


def test_a_misspelt_permission_is_a_mistake_not_a_refusal() -> None:
    with pytest.raises(LookupError, match="Known ones"):
        actor().may("contest.clsoe")


def test_may_somewhere_asks_in_every_scope_that_there_is_a_grant_in() -> None:
    assert actor((Role.ORGANISER, CONTEST)).may_somewhere("account.manage")
    assert not actor((Role.JUDGE, CONTEST)).may_somewhere("account.manage")


def test_every_role_brings_something_or_is_named_as_bringing_nothing_yet() -> None:
    bringing = frozenset().union(*PERMISSIONS.values())

    assert set(Role) - bringing == {Role.EMPLOYER}
