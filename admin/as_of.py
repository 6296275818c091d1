"""`jiangxin as-of`: what was believed of a contest at a moment, from the log and the ledger."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.queries.as_of import believed
from core.commands.output import complain, say_json
from core.errors import NotFound
from core.process import run
from credentials.lifecycle.as_of import certificates_as_of

DONE, UNUSABLE = 0, 2


def moment(text: str) -> datetime:
    """An ISO instant; UTC where it names no offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is no moment; write it like 2026-11-30T08:00+08:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


async def told(contest: UUID, at: datetime) -> dict[str, Any]:
    """No names: results by entry, certificates by number. Raises NotFound."""
    record = asdict(await believed(contest, at))
    record["certificates"] = [asdict(one) for one in await certificates_as_of(str(contest), at)]
    return record


class AsOf:
    word = "as-of"
    help = "what was believed of a contest at a moment: log, results, certificates, as JSON"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contest", type=UUID, help="the contest's id")
        parser.add_argument("moment", type=moment, help="like 2026-11-30T08:00+08:00")

    def run(self, arguments: Namespace) -> int:
        """0, or 2 when there was nothing then."""

        async def work() -> int:
            try:
                found = await told(arguments.contest, arguments.moment)
            except NotFound as error:
                complain(str(error))
                return UNUSABLE
            say_json(plain(found))
            return DONE

        return run(work)


def plain(value: Any) -> Any:
    """Instants as ISO text."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
