"""What a partner sees is asked of the authorities' policy, beside the person's consent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from core import disclosure
from core.partner import Disclosure, PartnerRules
from core.registry import registry
from core.security import SYSTEM
from core.settings import Settings
from credentials.keys import new_private_key
from credentials.partners import actions as partners
from credentials.partners.actions import NothingToSign
from credentials.partners.batch import read_unsigned, told
from tests.credentials.facts import BODY
from tests.credentials.test_partner_signing import consented, granted, partner


class Closed(PartnerRules):
    """An authority that lets no partner see a name, whatever was agreed to."""

    code = "closed"
    title: ClassVar[dict[str, str]] = {"en": "Closed"}

    def disclosure(self) -> Sequence[Disclosure]:
        return [Disclosure("name", "partner", "none", {"en": "none"}, "Closed Act 1")]


class _Registry:
    def partners(self) -> list[PartnerRules]:
        return [*registry().partners(), Closed()]


async def test_a_policy_that_shows_partners_no_name_keeps_the_certificate_here(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await partner(new_private_key())
    await consented(*await granted("张伟"))

    with monkeypatch.context() as closed:
        closed.setattr(disclosure, "registry", _Registry)
        with pytest.raises(NothingToSign):
            await partners.send_batch(SYSTEM, BODY)
    sent = await partners.send_batch(SYSTEM, BODY)

    assert any("张伟" in line for line in told(read_unsigned(sent)))
