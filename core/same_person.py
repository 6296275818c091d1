"""Which records are one human being's, once two of them were joined.

Joining moves nothing: each record keeps its id, its key and whatever was signed for it, and taking the
joining back restores both exactly. Whoever asks for something *of a person* asks for all of them:

    Certificate.person.is_in(await records_of(person))

The kernel keeps no joinings. The package that does says once how they are found:

    same_person.register(joined)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from uuid import UUID

Joined = Callable[[Collection[UUID]], Awaitable[Sequence[Sequence[UUID]]]]
"""Ids -> the groups that any of them belongs to, in each the record that stands for all first."""

_joined: list[Joined] = []


def register(joined: Joined) -> None:
    """The last one counts; twice does no harm."""
    _joined[:] = [joined]


async def records_of(person: UUID) -> tuple[UUID, ...]:
    """The record that stands for all first; the person's own alone, where nothing was joined."""
    return (await records_of_all([person]))[person]


async def records_of_all(persons: Iterable[UUID]) -> Mapping[UUID, tuple[UUID, ...]]:
    """`records_of` of many at once; each of them is a key."""
    wanted = list(dict.fromkeys(persons))
    found: dict[UUID, tuple[UUID, ...]] = {person: (person,) for person in wanted}
    for joined in _joined if wanted else ():
        for group in await joined(wanted):
            found |= {person: tuple(group) for person in group if person in found}
    return found


async def standing_for(person: UUID) -> UUID:
    """The record under which the person is shown and to which new things are added."""
    return (await records_of(person))[0]
