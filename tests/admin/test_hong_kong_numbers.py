"""Canaries: persons with Hong Kong numbers in a contest with everything in it. Whoever opens a page, an
answer, a table or a paper that shows a name of theirs finds no three characters of a number in it."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import openpyxl
import pypdfium2
import pytest
from litestar import Litestar

from contests.entering.load import entries_of
from contests.identity.sealing import persons_of
from core import disclosure
from core.accounts import grant_row
from core.db import transaction
from core.outbox import drain
from core.privacy import change_person
from core.security import INSTALLATION, SYSTEM, Role
from credentials.actions import create_issuer
from credentials.holder.links import make_link
from credentials.queries import certificates_of
from credentials.tables import Certificate
from plugins.greater_bay_area.documents import hkid_check_digit
from tests.admin.test_people_pages import handed_in, post
from tests.factories_accounts import log_in_browser, make_account
from tests.factories_contests import SmallContest, make_organisation, small_contest

NAMES = ("司徒甲明", "司徒乙明", "司徒丙明", "司徒丁明")
DIGITS = "793793"
"""Few different parts, so that hardly anything on a page is one by chance."""
LETTERS = ("Z", "WX", "QK", "YJ")
NUMBERS = [f"{letters}{DIGITS}{hkid_check_digit(letters, DIGITS)}" for letters in LETTERS]
PARTS = {number[at : at + 3] for number in NUMBERS for at in range(len(number) - 2)}
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")
EVERYTHING = ("organiser", "encryption")
"""May read identities, so that every page is asked for; the others ask for those that showed a name."""
ROLES = (
    *EVERYTHING, "clerk", "chief", "leader", "supervisor", "arbitration", "judge", "employer",
    "administrator",
)  # fmt: skip
_UUID = re.compile(r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}")
_DRAWN = re.compile(r"(?is)<(svg|script|style)\b.*?</\1>|<(link|meta|img)\b[^>]*>")
_LINK = re.compile(r'href="(/(?!static|assets)[^"#]*)"')
_FIELD = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass
class Canaries:
    """known: what an address may name -> values of this contest."""

    small: SmallContest
    people: list[UUID]
    known: dict[str, str]


def leaks(text: str) -> set[str]:
    """Parts of a number in a text that shows a name; drawings, keys of rows, tokens and moments aside."""
    if not any(name in text for name in NAMES):
        return set()
    plain = _DRAWN.sub(" ", text)
    plain = unicodedata.normalize("NFKC", plain).upper()
    plain = re.sub(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?", " ", _UUID.sub(" ", plain))
    plain = re.sub(r"[A-Z0-9_\-.~+/=]{20,}", " ", plain)
    plain = re.sub(r"[()\[\]*]", "", plain)
    return {part for part in PARTS if part in plain}


def texts(data: bytes, media: str) -> Iterator[str]:
    """Everything readable: pages, answers, cells, papers, and each file of a zip by itself."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            if "xl/workbook.xml" in found.namelist():
                book = openpyxl.load_workbook(io.BytesIO(data))
                yield "\n".join(str(c.value or "") for page in book for row in page for c in row)
            else:
                for name in found.namelist():
                    yield from texts(found.read(name), name)
    elif data[:4] == b"%PDF":
        yield "\n".join(
            page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)
        )
    elif data[:8] != b"\x89PNG\r\n\x1a\n" and "image/" not in media:
        yield data.decode("utf-8", "replace")


def leaks_of(answer: httpx.Response) -> set[str]:
    media = answer.headers.get("content-type", "")
    return {part for text in texts(answer.content, media) for part in leaks(text)}


async def canaries() -> Canaries:
    await make_organisation("federation")
    await create_issuer(SYSTEM, "federation")
    small = await small_contest()
    people = [persons[0] for persons in (await persons_of(small.contest)).values()]
    async with transaction():
        for at, person in enumerate(people):
            kind = "macao_bir" if at == 1 else "hkid"  # one was entered as another kind by mistake
            await change_person(person, name=NAMES[at], documents=[(kind, NUMBERS[at])])
        await grant_row(small.accounts["organiser"], Role.ORGANISER, INSTALLATION)
    await small.judge_everything()
    await small.close()
    await small.finish()
    await drain()
    numbers = await certificates_of(str(small.contest))
    known = {
        "contest": str(small.contest),
        "competition": str(small.competition),
        "organisation": str(small.organisation),
        "entry": str(small.entries[0]),
        "person": str(people[0]),
        "number": numbers[0]["public_id"],
        "public_id": numbers[0]["public_id"],
    }
    return Canaries(small, people, known)


async def account_of(one: Canaries, role: str) -> UUID:
    if role == "judge":
        return one.small.judges[0].account
    if role in one.small.accounts:
        return one.small.accounts[role]
    return await make_account(Role(role))


def addresses(app: Litestar, one: Canaries) -> list[str]:
    """Every page and answer that can be asked for with what is known of the contest; the control room's
    endless news (codes and counts alone) is left out."""
    found = set()
    for route in app.routes:
        fields = _FIELD.findall(route.path)
        if "GET" in getattr(route, "methods", ()) and all(f in one.known for f in fields):
            found.add(_FIELD.sub(lambda m: one.known[m.group(1)], route.path))
    return sorted(path for path in found if not path.endswith("/events"))


async def crawled(
    client: httpx.AsyncClient, paths: list[str], language: str, *, deeper: bool
) -> tuple[dict[str, set[str]], list[str]]:
    """Address -> parts found there, and the addresses that showed a name. deeper: links as well."""
    seen, wrong, named, at = list(dict.fromkeys(paths)), dict[str, set[str]](), list[str](), 0
    headers = {"Accept": "text/html,application/json", "Accept-Language": language}
    first = len(seen)
    while at < len(seen):
        answer = await client.get(seen[at], headers=headers)
        if answer.status_code == 200:
            if any(name in answer.text for name in NAMES):
                named.append(seen[at])
            if parts := leaks_of(answer):
                wrong[seen[at]] = parts
            if deeper and at < first and "text/html" in answer.headers.get("content-type", ""):
                links = [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]
                seen += [link for link in links if link not in seen][:200]
        at += 1
    return wrong, named


def test_a_part_of_a_number_is_found_in_every_spelling() -> None:
    for spelt in ("Z793793(?)", "Z79****", "****793", "Ｚ７９３", "z 793 793"):
        assert leaks(f"<td>{NAMES[0]}</td><td>{spelt}</td>"), spelt
    assert leaks(f"<td>{NAMES[0]}</td><td>Z******(3)</td>") == set()
    assert leaks("<td>Z793793</td>") == set()


@pytest.mark.parametrize("value", ["A123456(3)", "ab123456(9)", "Ａ１２３４５６（３）", "A123456"])
def test_a_number_is_known_in_every_spelling_and_under_any_kind(app: Litestar, value: str) -> None:
    for audience in ("public", "employer", "partner", "staff", "person"):
        assert disclosure.number("macao_bir", value, audience) == ""
        assert disclosure.number("hkid", "1234567", audience) == ""


async def test_nobody_sees_a_part_of_a_number_beside_a_name(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    one = await canaries()
    wrong, showing = {}, list[str]()
    for at, role in enumerate(ROLES):
        client.cookies.clear()
        await log_in_browser(client, await account_of(one, role))
        asked = addresses(app, one) if role in EVERYTHING else showing
        found, named = await crawled(
            client, asked, LANGUAGES[at % len(LANGUAGES)], deeper=role == "organiser"
        )
        wrong |= {f"{role} {address}": parts for address, parts in found.items()}
        showing += [address for address in named if address not in showing]

    assert wrong == {}
    assert len(showing) > 5


async def test_no_table_or_paper_handed_out_has_a_part_of_one(client: httpx.AsyncClient) -> None:
    one = await canaries()
    await log_in_browser(client, one.small.accounts["organiser"])
    at = f"/console/contests/{one.small.contest}/people"
    asked = [
        (f"{at}/export", {"documents": "yes", "format": "xlsx"}),
        (f"{at}/export", {"documents": "yes", "format": "csv"}),
        (f"{at}/badges", {}),
    ]
    files = [await post(client, one.small, path, **fields) for path, fields in asked]

    assert [file.status_code for file in files] == [200, 200, 200]
    assert [leaks_of(file) for file in files] == [set(), set(), set()]
    assert all(any(NAMES[0] in text for text in texts(file.content, "")) for file in files)


async def test_a_table_being_corrected_keeps_a_number_without_showing_it(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(entrants=2, until="draft")
    await log_in_browser(client, small.accounts["organiser"])
    wrong = NUMBERS[0][:-1] + ("1" if NUMBERS[0][-1] != "1" else "2")
    rows = [
        ["参赛编号", "姓名", "证件号码", "代表队", "杂项"],
        ["101", NAMES[0], wrong, "dongguan", NUMBERS[0]],
        ["102", NAMES[1], NUMBERS[1], "dongguan", ""],
    ]
    draft = await handed_in(client, small, pasted="\n".join("\t".join(row) for row in rows))
    pages = [
        await client.get(draft + asked, headers={"Accept-Language": language})
        for asked in ("", "?show=all", "?edit=2", "?show=all&edit=3")
        for language in LANGUAGES
    ]
    await post(client, small, f"{draft}/mend", **{"3.name": NAMES[2], "3.document_number": ""})
    await post(client, small, f"{draft}/mend", **{"2.document_number": NUMBERS[0]})
    done = await post(client, small, f"{draft}/carry-out")
    held = [member for entry in await entries_of(small.contest) for member in entry.members]

    assert all(any(name in page.text for name in NAMES) for page in pages)
    assert [leaks_of(page) for page in pages] == [set()] * len(pages)
    assert done.status_code == 303, done.text[:3000]
    assert {(m.name, n) for m in held for _, n in m.documents} == {
        (NAMES[0], NUMBERS[0]),
        (NAMES[2], NUMBERS[1]),
    }


async def test_a_form_that_comes_back_keeps_a_number_without_showing_it(
    client: httpx.AsyncClient,
) -> None:
    small = await small_contest(entrants=2, until="draft")
    await log_in_browser(client, small.accounts["organiser"])
    at = f"/console/contests/{small.contest}/people/new"
    typed = {"members": "1", "name": NAMES[0], "document_kind": "HKID"}

    back = await post(client, small, at, **typed, document_number=NUMBERS[0], delegation="nowhere")
    kept = re.search(r'name="document_number.kept" value="([0-9a-f]+)"', back.text)
    assert kept is not None
    done = await post(
        client, small, at, delegation="dongguan", **typed, **{"document_number.kept": kept[1]}
    )
    held = [member for entry in await entries_of(small.contest) for member in entry.members]

    assert back.status_code == 422
    assert NAMES[0] in back.text
    assert leaks_of(back) == set()
    assert done.status_code == 303, done.text[:3000]
    assert [("hkid", NUMBERS[0])] in [list(member.documents) for member in held]


async def test_a_holder_s_own_file_keeps_numbers_apart_from_the_name(
    client: httpx.AsyncClient,
) -> None:
    one = await canaries()
    holder = await holder_of_a_certificate()
    link = await make_link(await one.small.actor("organiser"), one.small.contest, holder)
    assert (await client.post(urlsplit(link).path)).status_code == 303
    pages, named = await crawled(client, ["/mine", "/mine/everything.zip"], "en", deeper=True)
    everything = await client.get("/mine/everything.zip")

    with zipfile.ZipFile(io.BytesIO(everything.content)) as found:
        apart = found.read("documents/numbers.txt").decode()
    assert pages == {}
    assert named
    assert any(number in apart for number in NUMBERS)
    assert not any(name in apart for name in NAMES)


async def holder_of_a_certificate() -> UUID:
    row = await Certificate.select(Certificate.person).first()
    assert row is not None
    return UUID(str(row["person"]))
