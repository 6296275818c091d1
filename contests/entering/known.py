"""What an import is held against: who is entered already, delegations, partner rules. Plain values;
`load.py` fills them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.partner import PartnerRules
from core.scoring.model import Text

Document = tuple[str, str]
"""(kind, normalised number)."""


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member of an entry of this contest, with what is on record."""

    person: UUID
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[Document] = ()


@dataclass(frozen=True, slots=True)
class KnownEntry:
    id: UUID
    members: Sequence[KnownMember]
    number: str = ""
    group: str = ""
    delegation: UUID | None = None
    reserve: bool = False
    status: str = ""
    team: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """owners: of the documents that the table names. elsewhere: person -> titles of the other
    contests of the competition. authorities: the partners that recognise the competition."""

    entries: Sequence[KnownEntry] = ()
    owners: Mapping[Document, UUID] = field(default_factory=dict)
    elsewhere: Mapping[UUID, Sequence[Text]] = field(default_factory=dict)
    delegations: Mapping[UUID, Text] = field(default_factory=dict)
    delegation_codes: Mapping[UUID, str] = field(default_factory=dict)
    delegation_cities: Mapping[UUID, str] = field(default_factory=dict)
    groups: Sequence[str] = ()
    partners: Sequence[PartnerRules] = ()
    authorities: Sequence[PartnerRules] = ()
    contest_class: str = ""
    occupation: str = ""
    held_on: str = ""
