"""What changes when one marking scheme takes another's place, part by part. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contests.founding.messages import PARTS
from core.scoring.codec import to_json
from core.scoring.model import Scheme, Text
from core.web.i18n import LANGUAGES

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_CHILDREN = ("modules", "criteria", "sub_criteria", "aspects", "sections")


@dataclass(frozen=True, slots=True)
class Change:
    """field: msgid. before and after: a Text where it is one, else words; "" where nothing stands."""

    field: str
    before: Text | str
    after: Text | str


@dataclass(frozen=True, slots=True)
class Difference:
    """kind: added, removed or changed. part: msgid of module, criterion, sub-criterion, aspect."""

    kind: str
    part: str
    id: str
    title: Text
    changes: Sequence[Change] = ()


def differences(before: Scheme, after: Scheme) -> list[Difference]:
    """In the order of the new scheme; what falls away stands at the end."""
    old, new = dict(_parts(before)), dict(_parts(after))
    found = [
        difference
        for key, part in new.items()
        if (difference := _difference(key, old.get(key), part)) is not None
    ]
    gone = [
        Difference(REMOVED, PARTS[kind], id_, part["title"])
        for (kind, id_), part in old.items()
        if (kind, id_) not in new
    ]
    return [*found, *gone]


def _difference(
    key: tuple[str, str], before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> Difference | None:
    kind, id_ = key
    if before is None:
        return Difference(ADDED, PARTS[kind], id_, after["title"])
    names = dict.fromkeys([*before, *after])
    changes = [
        Change(PARTS.get(name, name), _shown(before.get(name)), _shown(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]
    return Difference(CHANGED, PARTS[kind], id_, after["title"], changes) if changes else None


def _parts(scheme: Scheme) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    plain = to_json(scheme)
    for section in plain.get("sections", ()):
        yield ("section", section["id"]), section
    for module in plain["modules"]:
        yield ("module", module["id"]), _own(module)
        for criterion in module["criteria"]:
            yield ("criterion", f"{module['id']} · {criterion['id']}"), _own(criterion)
            for sub in criterion["sub_criteria"]:
                yield ("sub_criterion", sub["id"]), _own(sub)
                for aspect in sub["aspects"]:
                    yield ("aspect", aspect["id"]), {**aspect, "sub_criterion": sub["id"]}


def _own(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in _CHILDREN}


def _shown(value: Any) -> Text | str:
    if value is None:
        return ""
    if isinstance(value, Mapping) and value and set(value) <= set(LANGUAGES):
        return dict(value)
    if isinstance(value, str | int):
        return str(value)
    return json.dumps(value, ensure_ascii=False)[:200]
