"""The pages about people over plain HTTP: what was typed stays, nothing is entered before a yes."""

from __future__ import annotations

import io
import re
from uuid import UUID

import httpx
import openpyxl
import pypdfium2
import pytest

from contests.entering.load import entries_of
from contests.entering.tables import PeopleImport
from contests.tables import Delegation, Entry
from core.accounts import create_session
from core.tables import AuditEntry
from tests.contests.entering.tables import Rows, hkid, mainland, text, xls, xlsx
from tests.contests.entering.test_importing import HEAD, ROWS, picture, zipped
from tests.factories_contests import SmallContest, small_contest

HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def prepared(client: httpx.AsyncClient, name: str = "organiser") -> SmallContest:
    small = await small_contest(entrants=2, until="draft")
    await log_in(client, small, name)
    return small


async def log_in(client: httpx.AsyncClient, small: SmallContest, name: str) -> None:
    account = small.accounts.get(name) or small.judges[0].account
    client.cookies.set("jiangxin", await create_session(account))


async def page(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    answer = await client.get(path, headers=HTML)
    assert answer.status_code == status, answer.text[:800]
    return answer.text


async def post(
    client: httpx.AsyncClient, small: SmallContest, path: str, *, files: dict[str, tuple[str, bytes]] | None = None,
    **fields: str,
) -> httpx.Response:  # fmt: skip
    """As a browser does: with the token of a page."""
    html = (await client.get("/console", headers=HTML)).text
    token = re.search(r'name="csrf_token" value="(\w+)"', html) or re.search(
        r'"x-csrf-token": "(\w+)"', html
    )
    assert token is not None
    data = {"csrf_token": token.group(1), **fields}
    return await client.post(path, data=data, files=files, headers=HTML)


async def handed_in(
    client: httpx.AsyncClient, small: SmallContest, data: bytes = b"", pasted: str = ""
) -> str:
    """The address of the draft."""
    path = f"/console/contests/{small.contest}/people/import"
    files = {"file": ("名单.xlsx", data)} if data else None
    answer = await post(client, small, path, files=files, pasted=pasted)
    assert answer.status_code == 303, answer.text[:1500]
    return answer.headers["location"]


async def names(small: SmallContest) -> set[str]:
    entries = await entries_of(small.contest)
    return {m.name for e in entries if e.status != "withdrawn" for m in e.members}


def base(small: SmallContest) -> str:
    return f"/console/contests/{small.contest}/people"


async def test_a_table_full_of_mistakes_is_mended_on_the_page_imported_and_taken_back(
    client: httpx.AsyncClient,
) -> None:
    small = await prepared(client)
    before = await names(small)
    wrong: Rows = [*ROWS, ["003", "王芳", 440106199001310000, "火星队", "", ""]]

    draft = await handed_in(client, small, xlsx(wrong))
    seen = await page(client, draft)
    refused = await post(client, small, f"{draft}/carry-out")
    mended = await post(
        client,
        small,
        f"{draft}/mend",
        **{
            "4.document_number": mainland(9),
            "4.delegation": "dongguan",
            "shown": "4,",
            "settings": "yes",
        },
    )
    again = await page(client, draft)
    done = await post(client, small, f"{draft}/carry-out")
    listed = await page(client, base(small))

    assert "C4" in seen
    assert "last digits are lost" in seen
    assert "There is no delegation" in seen
    assert refused.status_code == 422
    assert mended.status_code == 303
    assert 'aria-invalid="true"' not in again
    assert done.status_code == 303
    assert await names(small) == {*before, "张伟", "李娜", "王芳"}
    assert "Imported: 3 new" in listed
    undo = re.search(r'action="(/console/imports/[^"]+/undo)"', listed)
    assert undo is not None
    assert (await post(client, small, undo.group(1))).status_code == 303
    assert await names(small) == before


async def test_only_the_good_rows_come_in_when_that_is_chosen(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    draft = await handed_in(client, small, xls([*ROWS, ["003", "", "x", "", "", ""]]))

    assert (await post(client, small, f"{draft}/carry-out")).status_code == 422
    answer = await post(client, small, f"{draft}/carry-out", partial="yes")

    assert answer.status_code == 303
    assert {"张伟", "李娜"} <= await names(small)


async def test_a_pasted_table_shows_the_differences_of_a_second_import(
    client: httpx.AsyncClient,
) -> None:
    small = await prepared(client)
    first = await handed_in(client, small, pasted=text(ROWS, "\t"))
    await post(client, small, f"{first}/carry-out")
    changed = [HEAD, ["001", "张玮", mainland(1), "zhongshan", "甲厂", "13800138000"]]

    second = await handed_in(client, small, pasted=text(changed, "\t"))
    seen = await page(client, f"{second}?show=all")

    assert "<del>张伟</del>" in seen
    assert "<ins>张玮</ins>" in seen
    assert "3 on record are not in this table" in seen
    assert "李娜" in seen


async def test_what_is_no_table_comes_back_with_what_was_pasted(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    path = f"{base(small)}/import"

    answer = await post(client, small, path, files={"file": ("a.pdf", b"%PDF-1.7")}, pasted="张伟")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "This is no table" in answer.text
    assert ">张伟</textarea>" in answer.text


async def test_unknown_columns_are_named_by_hand(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    draft = await handed_in(client, small, xlsx([["谁", "哪里"], ["张伟", "dongguan"]]))

    seen = await page(client, draft)
    refused = await post(client, small, f"{draft}/columns", **{"c.0": "phone", "c.1": "phone"})
    answer = await post(client, small, f"{draft}/columns", **{"c.0": "name", "c.1": "delegation"})

    assert "carry-out" not in seen
    assert refused.status_code == 422
    assert answer.status_code == 303
    assert "carry-out" in await page(client, draft)


async def test_a_number_that_needs_no_mending_is_not_spread_over_the_page(
    client: httpx.AsyncClient,
) -> None:
    small = await prepared(client)
    rows = [
        ["姓名", "证件类型", "证件号码"],
        ["张伟", "身份证", mainland(1)],
        ["欧阳嘉仪", "香港身份证", hkid(123)],
    ]

    seen = await page(client, f"{await handed_in(client, small, xlsx(rows))}?show=all")

    assert mainland(1) not in seen
    assert mainland(1)[-4:] in seen
    assert "000123" not in seen


async def test_a_clerk_imports_without_seeing_what_is_on_record(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    await post(client, small, f"{await handed_in(client, small, xlsx(ROWS))}/carry-out")
    await log_in(client, small, "clerk")

    listed = await page(client, base(small))
    draft = await handed_in(client, small, xlsx([HEAD, ["001", "张玮", mainland(1), "", "", ""]]))
    seen = await page(client, f"{draft}?show=all")

    assert "张伟" not in listed
    assert "<del>张伟</del>" not in seen
    assert "<ins>张玮</ins>" in seen
    entry = small.entries[0]
    for path in (f"/{entry}", "/photos"):
        assert (await client.get(base(small) + path, headers=HTML)).status_code == 403
    assert (await post(client, small, f"{base(small)}/export")).status_code == 403
    assert (await client.get(f"{draft}/file", headers=HTML)).status_code == 403


@pytest.mark.parametrize("name", ["judge", "chief", "supervisor"])
async def test_who_judges_or_watches_reaches_no_names(client: httpx.AsyncClient, name: str) -> None:
    small = await prepared(client)
    draft = await handed_in(client, small, xlsx(ROWS))
    await log_in(client, small, name)

    for path in (base(small), f"{base(small)}/new", f"{base(small)}/{small.entries[0]}", f"{base(small)}/photos", draft, f"{draft}/file"):  # fmt: skip
        assert (await client.get(path, headers=HTML)).status_code == 403, path
    for path in (f"{base(small)}/export", f"{base(small)}/badges", f"{base(small)}/seat-cards", f"{base(small)}/new", f"{draft}/carry-out", f"{draft}/mend"):  # fmt: skip
        assert (await post(client, small, path)).status_code == 403, path


async def test_another_contests_organiser_reaches_nothing(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    draft = await handed_in(client, small, xlsx(ROWS))
    other = await small_contest(until="draft")
    await log_in(client, other, "organiser")

    for path in (base(small), f"{base(small)}/{small.entries[0]}", draft, f"{draft}/file"):
        assert (await client.get(path, headers=HTML)).status_code == 403
    assert (await post(client, other, f"{draft}/carry-out")).status_code == 403
    mixed = f"{base(other)}/{small.entries[0]}"
    assert (await client.get(mixed, headers=HTML)).status_code == 404


async def test_a_form_without_its_token_changes_nothing(client: httpx.AsyncClient) -> None:
    small = await prepared(client)

    answer = await client.post(f"{base(small)}/new", data={"name": "张伟"}, headers=HTML)

    assert answer.status_code == 403
    assert "张伟" not in await names(small)


async def test_one_person_is_entered_by_form_and_mistakes_stand_at_their_fields(
    client: httpx.AsyncClient,
) -> None:
    small = await prepared(client)

    wrong = await post(
        client, small, f"{base(small)}/new", name="张伟", document_number="123", phone="13800138000"
    )
    right = await post(
        client, small, f"{base(small)}/new", name="张伟", document_number=mainland(1)
    )

    assert wrong.status_code == 422
    assert 'id="document_number-wrong"' in wrong.text
    assert 'value="13800138000"' in wrong.text
    assert right.status_code == 303
    entry = (await Entry.select().order_by(Entry.created_at, ascending=False).first())["id"]
    shown = await page(client, f"{base(small)}/{entry}")
    assert mainland(1) not in shown
    assert mainland(1)[-4:] in shown
    saved = await post(
        client,
        small,
        f"{base(small)}/{entry}",
        name="张玮",
        **{"1.person": await _person(small, entry)},
    )
    assert saved.status_code == 303
    assert "张玮" in await names(small)


async def test_every_page_of_the_rooms_opens(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    competition = f"/console/competitions/{small.competition}/delegations"

    for path in (base(small), f"{base(small)}/new", f"{base(small)}/import", f"{base(small)}/staff", f"{base(small)}/photos", f"{base(small)}/{small.entries[0]}", competition, f"{competition}/import"):  # fmt: skip
        assert "<h1>" in await page(client, path), path


async def test_a_team_is_entered_member_by_member(client: httpx.AsyncClient) -> None:
    small = await prepared(client)

    more = await post(client, small, f"{base(small)}/new", name="张伟", more="yes")
    done = await post(
        client,
        small,
        f"{base(small)}/new",
        name="张伟",
        team="一队",
        members="2",
        **{"2/name": "李娜"},
    )

    assert 'name="2/name"' in more.text
    assert 'value="张伟"' in more.text
    assert done.status_code == 303
    teams = [e for e in await entries_of(small.contest) if len(e.members) == 2]
    assert [m.name for m in teams[0].members] == ["张伟", "李娜"]
    assert teams[0].team == {"zh-Hans": "一队"}


async def test_a_photo_comes_in_by_form_and_by_zip(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    entry = small.entries[0]
    path = f"{base(small)}/{entry}/photos/{await _person(small, entry)}"

    bad = await post(client, small, path, files={"photo": ("a.jpg", b"nothing")})
    good = await post(client, small, path, files={"photo": ("a.jpg", picture())})
    shown = await client.get(path, headers=HTML)
    files = zipped({"选手1-0.jpg": picture(), "谁.jpg": picture()})
    taken = await post(client, small, f"{base(small)}/photos", files={"file": ("p.zip", files)})

    assert (bad.status_code, good.status_code) == (422, 303)
    assert shown.headers["content-type"] == "image/jpeg"
    assert "1 photos were taken" in taken.text
    assert "谁.jpg" in taken.text


async def test_exports_keep_eighteen_digits_and_are_on_record(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    rows = [
        ["编号", "姓名", "证件类型", "证件号码", "工作单位"],
        ["001", "张伟", "身份证", mainland(1), "=HYPERLINK(1)"],
        ["002", "欧阳嘉仪", "香港身份证", hkid(123), "@甲厂"],
    ]
    draft = await handed_in(client, small, pasted=text(rows, "\t"))
    await post(client, small, f"{draft}/carry-out")

    book = await post(client, small, f"{base(small)}/export", format="xlsx", documents="yes")
    sheet = await post(client, small, f"{base(small)}/export", format="csv", documents="yes")
    plain = await post(client, small, f"{base(small)}/export", format="csv")

    cells = [c for row in openpyxl.load_workbook(io.BytesIO(book.content)).active for c in row]
    number = next(c for c in cells if c.value == mainland(1))
    assert (number.data_type, number.number_format) == ("s", "@")
    assert all(c.data_type != "f" for c in cells)
    assert "000123" not in "".join(str(c.value) for c in cells)
    words = sheet.content.decode("utf-8-sig")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    assert "\t" + mainland(1) in words
    assert "'=HYPERLINK" in words
    assert mainland(1) not in plain.text
    assert await AuditEntry.count().where(AuditEntry.action == "people.exported") == 3


async def test_an_export_comes_in_again_without_a_difference(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    await post(client, small, f"{await handed_in(client, small, xlsx(ROWS))}/carry-out")
    for form in ("xlsx", "csv"):
        file = await post(client, small, f"{base(small)}/export", format=form, documents="yes")

        seen = await page(client, f"{await handed_in(client, small, file.content)}?show=all")

        assert "<strong>2</strong> unchanged" in seen, form


async def test_a_table_that_was_left_half_checked_is_found_again(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    draft = await handed_in(client, small, xlsx(ROWS))

    start = await page(client, f"/console/contests/{small.contest}/people/import")
    await post(client, small, f"{draft}/drop")
    after = await page(client, f"/console/contests/{small.contest}/people/import")

    assert f'href="{draft}">Go on with it' in start
    assert draft not in after
    assert "thrown away" in await page(client, draft)


async def test_the_template_can_be_filled_in_and_handed_in(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    for language in ("zh-Hans", "en", "pt", "zh-Hant"):
        answer = await client.get(
            f"/console/people-tables/entrants.xlsx?contest={small.contest}",
            headers={"Accept-Language": language},
        )
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        made = io.BytesIO()
        book.worksheets[0].cell(2, 2, "张伟")
        book.worksheets[0].cell(2, 7, mainland(1))
        book.save(made)

        seen = await page(client, f"{await handed_in(client, small, made.getvalue())}?show=all")

        assert "<strong>1</strong> new" in seen, language
        assert "— not read:" not in seen, language
    assert (await client.get("/console/people-tables/rockets.xlsx")).status_code == 404


async def test_badges_and_seat_cards_are_pdf_without_document_numbers(
    client: httpx.AsyncClient,
) -> None:
    small = await prepared(client)
    await post(client, small, f"{await handed_in(client, small, xlsx(ROWS))}/carry-out")

    badges = await post(client, small, f"{base(small)}/badges")
    seats = await post(client, small, f"{base(small)}/seat-cards")

    assert badges.status_code == 200, badges.text[:500]
    words = pdf_words(badges.content)
    assert {"张伟", "001"} <= set(words.split())
    assert mainland(1)[:8] not in words
    assert seats.status_code == 200
    assert "001" in pdf_words(seats.content)
    assert "张伟" not in pdf_words(seats.content)


async def test_delegations_are_added_changed_and_removed_by_form(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    path = f"/console/competitions/{small.competition}/delegations"

    added = await post(client, small, path, title="广州市", code="gz", city="440100")
    twice = await post(client, small, path, title="广州市", code="gz")
    row = await Delegation.select().where(Delegation.code == "gz").first()
    assert row is not None
    changed = await post(client, small, f"{path}/{row['id']}", title="广州代表队", city="440100")
    listed = await page(client, path)
    in_use = await post(client, small, f"{path}/{small.delegations[0]}", remove="yes")
    removed = await post(client, small, f"{path}/{row['id']}", remove="yes")

    assert [a.status_code for a in (added, twice, changed, in_use, removed)] == [
        303,
        422,
        303,
        409,
        303,
    ]
    assert "广州代表队" in listed
    assert not await Delegation.exists().where(Delegation.code == "gz")


async def test_a_file_is_fetched_as_it_came(client: httpx.AsyncClient) -> None:
    small = await prepared(client)
    data = xlsx(ROWS)
    draft = await handed_in(client, small, data)
    await post(client, small, f"{draft}/carry-out")

    answer = await client.get(f"{draft}/file")

    assert answer.content == data
    assert "filename*=UTF-8''%E5%90%8D%E5%8D%95.xlsx" in answer.headers["content-disposition"]
    assert (await PeopleImport.select().first())["file_hash"] in await page(client, draft)


async def _person(small: SmallContest, entry: UUID) -> str:
    found = next(e for e in await entries_of(small.contest) if e.id == entry)
    return str(found.members[0].person)


def pdf_words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(one.get_textpage().get_text_range() for one in document)
