"""A form of the console as data: what is asked, who may send it, and the verb that it calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from admin.console.running.hall import Hall
from admin.console.running.typed import Typing
from core.security import Actor


@dataclass(frozen=True, slots=True)
class Field:
    """kind: text, area, choice, tick or hidden. label, hint and the words of choices are msgids,
    unless `said` is set: then they are said already."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    value: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What to say: a msgid and its parameters; undo: the address whose form takes it back."""

    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)
    undo: str = ""


Ask = Callable[[Hall, Mapping[str, str], str], Awaitable[Sequence[Field]]]
Run = Callable[[Actor, UUID, Typing, Hall], Awaitable[Done]]
Load = Callable[[Hall, str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Duty:
    """One form on one page. path: below the contest's address. room: which entry of the side is
    current. what: one sentence of help. two: another person has to approve. states: in which the verb
    works; elsewhere the page says so instead of asking. below: the template part that lists what is
    on record, filled by `load`. tab: its name among those of the same room."""

    code: str
    room: str
    path: str
    tab: str
    title: str
    what: str
    button: str
    permission: str
    ask: Ask
    run: Run
    states: tuple[str, ...]
    two: bool = False
    below: str = ""
    load: Load | None = None
    plain: bool = False


async def nothing(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return ()


def module_field(hall: Hall, language: str, *, value: str = "", whole: bool = False) -> Field:
    """Modules that are drawn; whole: also the contest as one."""
    from core.web.i18n import pick, translate

    every = [("", translate("The whole contest", language))] if whole else []
    known = [(id_, f"{id_} · {pick(title, language)}") for id_, title in hall.modules]
    return Field("module", translate("Module", language), "choice", choices=[*every, *known],
                 value=value, said=True)  # fmt: skip


CODE = Field("code", "Code of the work", hint="As it stands on the work.", required=True)
ATTEMPT = Field("attempt", "Attempt", value="1")
REASON = Field("reason", "Reason", "area", hint="It stays in the record, sealed.", required=True)
