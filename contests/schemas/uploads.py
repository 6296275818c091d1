"""Files that are read and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct


class UploadFinding(Struct):
    """One thing in an uploaded file. A warning stops nothing."""

    place: Annotated[
        str,
        Meta(
            description="Sheet and cell, or file and line.", examples=["Marking Scheme Import!G17"]
        ),
    ]
    code: Annotated[str, Meta(examples=["cis-mark-unreadable"])]
    severity: Literal["error", "warning"]
    message: Annotated[str, Meta(description="What is wrong and what to do.")]


class MarkCount(Struct):
    """How many aspects of a kind, and their marks."""

    count: Annotated[int, Meta(examples=[26])]
    marks: Annotated[str, Meta(examples=["24"])]
    descriptors: int | None = None


class SchemeImported(Struct):
    """What was read of a workbook. Nothing is saved: PUT `scheme` to the contest."""

    title: str
    criteria: Annotated[int, Meta(examples=[6])]
    sub_criteria: Annotated[int, Meta(examples=[36])]
    judgement: MarkCount
    measurement: MarkCount
    total: Annotated[str, Meta(description="Recomputed from the aspects.", examples=["100"])]
    typed_variation: str | None
    variation: str | None
    calculators: list[dict[str, Any]]
    findings: list[UploadFinding]
    scheme: Annotated[dict[str, Any] | None, Meta(description="Null while a finding is an error.")]


class PackageScored(Struct):
    """Standings of an uploaded package; nothing is stored. Empty while a finding is an error."""

    standings: Annotated[
        list[dict[str, Any]],
        Meta(
            examples=[
                [
                    {
                        "entry": "e1",
                        "group": "",
                        "rank": 1,
                        "total": "92.5",
                        "status": "scored",
                        "decided_by": "total",
                    }
                ]
            ]
        ),
    ]
    aspects: Annotated[
        list[dict[str, Any]],
        Meta(examples=[[{"entry": "e1", "aspect": "A1.1", "panel": "18.5", "award": "18.5"}]]),
    ]
    findings: list[UploadFinding]
