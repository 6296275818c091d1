"""What is done in a rehearsal's own store, in a process of its own: `python -m admin.rehearsal WORD`.

prepare   secrets, tables, the issuer "rehearsal" and an administrator; twice is once
fill      plays the demonstration there, in the background of its server
link      prints a one-time log-in link for its administrator
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast
from uuid import UUID

from admin.console.first_run import demonstration
from core.accounts import create_account, grant, login_link
from core.commands.output import say
from core.errors import Conflict
from core.installation import write_secrets
from core.organisations import create_organisation
from core.process import ready
from core.security import SYSTEM, Role
from core.settings import SettingsError, current, load, use
from core.tables import Account, Organisation
from credentials.actions import create_issuer

CODE = "rehearsal"
TITLE = {
    "zh-Hans": "演练(不作数)",
    "zh-Hant": "演練(不作實)",
    "en": "Rehearsal (nothing counts)",
    "pt": "Ensaio (nada conta)",
}
TARGET = "/console"


async def prepare() -> None:
    async with ready(current()):
        if not await Organisation.exists().where(Organisation.code == CODE):
            await create_organisation(SYSTEM, code=CODE, title=TITLE, kind="organiser")
        await create_issuer(SYSTEM, CODE)
        await _administrator()


async def fill() -> None:
    demonstration.register()
    async with ready(current()):
        try:
            await demonstration.load(SYSTEM)
        except Conflict:
            return  # it is there, or on its way


async def link() -> None:
    async with ready(current()):
        account = await _administrator()
        say(await login_link(account, target=TARGET))


async def _administrator() -> UUID:
    row = await Account.select(Account.id).where(Account.login == CODE).first()
    if row is not None:
        return cast("UUID", row["id"])
    account = await create_account(SYSTEM, login=CODE, label=TITLE["en"])
    await grant(SYSTEM, account, Role.ADMINISTRATOR)
    return account


def main(word: str) -> int:
    settings = current()
    if not settings.rehearsal:
        raise SettingsError(["This is no rehearsal: its console starts one."])
    if settings.secrets is None:
        write_secrets(settings.data)
        use(load())
    asyncio.run({"prepare": prepare, "fill": fill, "link": link}[word]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
