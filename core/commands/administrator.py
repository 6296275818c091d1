"""`jiangxin administrator`: the way in for whoever holds the machine, the first one above all."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from core import accounts, process
from core.commands.output import complain, say
from core.security import SYSTEM, Role
from core.settings import as_served, current, use
from core.tables import Account


class Administrator:
    word = "administrator"
    help = "make an administrator's account, or let one in again: prints a one-time log-in link"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "login", nargs="?", default="administrator", help="the account's login (administrator)"
        )

    def run(self, arguments: Namespace) -> int:
        use(as_served(current()))
        return process.run(lambda: _let_in(arguments.login))


async def _let_in(login: str) -> int:
    found = (
        await Account.select(Account.id, Account.disabled_at)
        .where(Account.login == accounts.normal(login))
        .first()
    )
    if found and found["disabled_at"] is not None:
        complain(f"The account {login} is disabled. Name another one.")
        return 1
    account = (
        found["id"] if found else await accounts.create_account(SYSTEM, login=login, label=login)
    )
    await accounts.grant(SYSTEM, account, Role.ADMINISTRATOR)
    say(f"{login} logs in once with this link, within twelve hours:")
    say(await accounts.login_link(account))
    return 0
