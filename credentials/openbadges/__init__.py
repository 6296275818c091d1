"""The JSON Schemas of Open Badges 3.0 that our documents promise to satisfy.

Unchanged copies of what 1EdTech publishes at https://purl.imsglobal.org/spec/ob/v3p0/schema/json/
(achievementcredential, profile), © 1EdTech Consortium, under the 1EdTech Specification Document
License; shipped so that nothing is ever fetched.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def schema(name: str) -> dict[str, Any]:
    """`achievementcredential` or `profile`."""
    text = (files(__package__) / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
