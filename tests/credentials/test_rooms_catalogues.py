"""Every sentence of the rooms of trust and of partners exists in all four languages."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import credentials
from core.errors import JiangxinError
from core.web.i18n import read_catalogue
from credentials.partners import actions as partners
from credentials.partners import messages
from credentials.trusting import actions as trusting
from credentials.trusting import messages as endings

ROOT = Path(credentials.__file__).parent
PLACES = re.compile(r"\{(\w+)\}")


def errors_of(module: ModuleType) -> set[str]:
    found = [e for e in vars(module).values() if isinstance(e, type)]
    own = [e for e in found if issubclass(e, JiangxinError) and e.__module__ == module.__name__]
    return {e.title for e in own}


ROOMS = {
    "partners": errors_of(partners) | set(messages.FINDINGS.values()),
    "trusting": errors_of(trusting) | set(endings.FINDINGS.values()),
}


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "pt"])
@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_is_translated_with_its_places(room: str, language: str) -> None:
    catalogue = read_catalogue(ROOT / room / f"locale/{language}.po")

    assert ROOMS[room] == set(catalogue)
    for msgid, text in catalogue.items():
        assert set(PLACES.findall(text)) == set(PLACES.findall(msgid)), msgid
