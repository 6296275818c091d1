"""The two pages that certificates are printed on, and where a seal may stand on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core import paper
from core.web import i18n
from credentials import layouts
from credentials.files import messages
from credentials.layouts import Form

HERE = Path(__file__).parent
SEALS: Mapping[str, str] = {
    "issuer": "Over the issuer and the date",
    "middle": "In the middle, at the foot",
    "none": "No room for a seal",
}


def register() -> None:
    messages.install()
    i18n.register(HERE / "locale")
    paper.register("certificates", HERE / "paper")
    layouts.register(
        Form("landscape", "Across the page", "certificates/landscape.typ", wide=True, seals=SEALS)
    )
    layouts.register(
        Form("portrait", "Upright", "certificates/portrait.typ", wide=False, seals=SEALS)
    )
