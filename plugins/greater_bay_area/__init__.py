"""Partner rules of the Greater Bay Area: mainland Guangdong, Hong Kong and Macao.

Rules and format checks only: documents and proposals are stored by the platform. A delegation is
never derived from a city: the 2025 contest had twelve delegations from eleven cities.
"""

from __future__ import annotations

from collections.abc import Iterable

from plugins import PartnerRules, hookimpl
from plugins.greater_bay_area import messages as messages
from plugins.greater_bay_area.authorities import Guangdong, HongKong, Macao


@hookimpl
def partner_rules() -> Iterable[PartnerRules]:
    return [Guangdong(), HongKong(), Macao()]
