"""Steps that take two persons."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contests.schemas.common import Id, Moment


class ApprovalIn(Struct, forbid_unknown_fields=True):
    """A step that takes two persons: asked for by one, carried out when another agrees."""

    verb: Annotated[
        Literal[
            "draw_codes",
            "open_codes",
            "add_late_entrant",
            "record_absence",
            "use_reserve",
            "correct_mark",
            "correct_name",
            "recall_contest",
        ],
        Meta(examples=["draw_codes"]),
    ]
    body: Annotated[
        dict[str, Any],
        Meta(
            description="What the step needs: draw_codes {module, codes?}, open_codes {}, "
            "record_absence {entry, reason, module?}, use_reserve {absent, reserve, reason}, "
            "add_late_entrant {members, reason, group?, delegation?, reserve?, team?}, "
            "correct_mark {module, code, judge, aspect, mark, reason, attempt?, round?}, "
            "correct_name {person, name, reason}, recall_contest {reason}.",
            examples=[{"module": "A"}],
        ),
    ] = {}


class DecisionIn(Struct, forbid_unknown_fields=True):
    """The second person's answer."""

    approve: Annotated[bool, Meta(description="False declines.", examples=[True])]


class ApprovalOut(Struct):
    id: Id
    verb: str
    body: dict[str, Any]
    requested_by: Id
    requested_at: Moment
    decided_by: Id | None = None
    decided_at: Moment | None = None
    outcome: Annotated[str, Meta(description="approved, declined, or empty.")] = ""


class Decided(Struct):
    outcome: Annotated[str, Meta(examples=["approved"])]
