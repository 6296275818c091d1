"""Levels, titles and certificates that came of contests, counted."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from credentials.records.season import Conferred, certificates_by_contest, conferred
from credentials.records.tables import Honour, Proposal
from credentials.tables import Certificate

NOW = datetime(2026, 3, 2, tzinfo=UTC)


async def proposal(contest: str, state: str, kind: str = "title") -> UUID:
    id = uuid4()
    await Proposal.insert(
        Proposal(
            id=id,
            contest=contest,
            entry=str(uuid4()),
            person=uuid4(),
            kind=kind,
            code="expert",
            grade="",
            title='{"zh-Hans":"技术能手"}',
            authority="city",
            issuer="city",
            facts="{}",
            state=state,
            created_at=NOW,
        )
    )
    return id


@pytest.mark.engine
async def test_what_a_correction_took_back_is_not_counted_and_a_withdrawn_honour_not_as_granted(
    database: object,
) -> None:
    for state in ("proposed", "granted", "refused", "withdrawn", "questioned"):
        await proposal("a", state)
    gone = await proposal("a", "granted")
    await proposal("a", "proposed", kind="level")
    await proposal("elsewhere", "granted")
    await Honour.insert(
        Honour(
            id=uuid4(),
            person=uuid4(),
            kind="technical_expert",
            code="expert",
            title="{}",
            authority="city",
            granted_on="2026-03-01",
            proposal=gone,
            withdrawn_at=NOW,
            created_at=NOW,
        )
    )

    title = {"zh-Hans": "技术能手"}
    assert await conferred(["a", "b"]) == [
        Conferred("a", "level", title, "city", 1, 0),
        Conferred("a", "title", title, "city", 4, 1),
    ]
    assert await conferred([]) == []


@pytest.mark.engine
async def test_revoked_certificates_are_not_counted(database: object) -> None:
    for contest, state in (
        ("a", "issued"),
        ("a", "suspended"),
        ("a", "revoked"),
        ("b", "revoked"),
        ("c", "issued"),
    ):
        await Certificate.insert(
            Certificate(
                id=uuid4(),
                public_id=uuid4().hex,
                kind="award",
                issuer="city",
                contest=contest,
                title_code="award",
                grade="first",
                title="{}",
                awarded_on="2026-03-01",
                content_hash="",
                current=uuid4(),
                state=state,
                issued_at=NOW,
            )
        )

    assert await certificates_by_contest(["a", "b"]) == {"a": 2}
    assert await certificates_by_contest([]) == {}
