"""The competition rooms as a browser without scripts uses them, each input that a person makes counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from core.accounts import create_session
from tests.contests.founding.kit import Founder, founder

ACCEPT = {"Accept": "text/html", "Accept-Language": "zh-CN"}
Files = dict[str, tuple[str, bytes]]


@dataclass
class Form:
    """action "" = the page's own address. values: as they would be sent untouched."""

    action: str = ""
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page that are posted."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._form = Form(given.get("action", ""))
            self.found.append(self._form)
        if self._form is None:
            return
        if tag == "input" and given.get("name") and given.get("type") != "file":
            if given.get("type") != "checkbox" or "checked" in given:
                self._form.values[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
            self._form.choices[self._select] = []
        elif tag == "option" and self._select:
            self._form.choices[self._select].append(given.get("value", ""))
            if "selected" in given or self._select not in self._form.values:
                self._form.values[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


@dataclass
class Desk:
    """One organiser's browser. inputs: fields typed or chosen and buttons or links pressed."""

    client: httpx.AsyncClient
    one: Founder
    inputs: int = 0

    @property
    def at(self) -> str:
        return f"/console/competitions/{self.one.competition}"

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path, headers=ACCEPT)

    async def follow(self, path: str, link: str) -> httpx.Response:
        """Presses a link that must stand on the page."""
        assert f'href="{link}"' in (await self.get(path)).text, link
        self.inputs += 1
        return await self.get(link)

    async def form(self, path: str, action: str = "") -> Form:
        """The posted form of the page whose action ends so; logging out is none of them."""
        forms = Forms((await self.get(path)).text).found
        wanted = [f for f in forms if f.action != "/logout" and f.action.endswith(action)]
        assert wanted, f"{path} has no form {action!r}"
        return wanted[0]

    async def fill(
        self, path: str, typed: dict[str, str], *, action: str = "", files: Files | None = None
    ) -> httpx.Response:
        """Types these fields into the form, leaves the rest as it is, presses its button."""
        form = await self.form(path, action)
        self.inputs += len(typed) + len(files or {}) + 1
        return await self.client.post(
            form.action or path, data={**form.values, **typed}, files=files, headers=ACCEPT
        )

    async def sent(self, path: str, typed: dict[str, str], **more: object) -> str:
        """The same; it must succeed. Returns where it leads."""
        answer = await self.fill(path, typed, **more)  # type: ignore[arg-type]
        assert answer.status_code == 303, (answer.status_code, _alert(answer.text))
        return str(answer.headers["location"])


async def desk(client: httpx.AsyncClient) -> Desk:
    one = await founder()
    client.cookies.set("jiangxin", await create_session(one.account))
    return Desk(client, one)


def _alert(page: str) -> str:
    start = page.find('role="alert"')
    return page[start : start + 400] if start >= 0 else page[:300]
