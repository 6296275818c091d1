"""Honours, levels and results as files: written here, taken in elsewhere, and the same there."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from jsonschema_rs import validator_for

from core.errors import Forbidden, Invalid
from core.security import Actor
from core.settings import Settings
from core.tables import AuditEntry, Person
from credentials.records.exchange.exporting import as_json, export
from credentials.records.exchange.fields import FIELDS, HEADINGS, KINDS, heading, json_schema, write
from credentials.records.exchange.importing import FILE, look_at
from credentials.records.exchange.reading import Line, read, table
from credentials.records.exchange.tables import EarlierResult, PersonReference, RecordImport
from credentials.records.honours.tables import HonourCase, RecordEvent
from credentials.records.sheets import MOST_SHEETS, Sheet, read_sheets, text_book
from credentials.records.tables import HeldLevel, Honour
from tests.credentials.records.kit import PROVINCE
from tests.credentials.records.listing import IDS, carried_out, line, people, taken

ROOT = Path(__file__).parents[3]
UNIT = line("honours", at=3, name="测试单位", document="", honour="national_may_day_certificate")
WITHDRAWN = line(
    "honours", at=4, name="李四", document=IDS[1], state="withdrawn", withdrawn_on="2020-01-02",
    reason="弄虚作假", withdrawal_document="粤工〔2020〕1号",
)  # fmt: skip
LINES = (line("results"), line("honours"), UNIT, WITHDRAWN, line("levels"))


async def empty_installation() -> None:
    """As one that has never heard of anybody: the federations stay, nobody's record does."""
    for one in (
        EarlierResult,
        HeldLevel,
        Honour,
        RecordEvent,
        HonourCase,
        PersonReference,
        RecordImport,
    ):
        await one.delete(force=True)
    await Person.raw("DELETE FROM person_document")
    await Person.delete(force=True)


async def exported(by: Actor, form: str = "json") -> bytes:
    return await export(by, PROVINCE, form, "zh-Hans")


@pytest.mark.engine
@pytest.mark.parametrize("form", ["json", "xlsx"])
async def test_what_was_exported_and_taken_in_elsewhere_is_exported_the_same(
    database: Settings, form: str
) -> None:
    by, _ = await people()
    await taken(by, *LINES)
    first = await exported(by)
    file = await exported(by, form)

    await empty_installation()
    made = await look_at(by, PROVINCE, FILE, file, b"")
    await carried_out(by, made)

    assert json.loads(await exported(by)) == json.loads(first)
    assert {kind: len(json.loads(first)[kind]) for kind in KINDS} == {"results": 1, "honours": 3, "levels": 1}  # fmt: skip
    assert await Person.count() == 2
    case = await HonourCase.select().where(HonourCase.state == "withdrawn").first()
    assert case is not None
    assert (case["paper"], case["withdrawn_on"], case["reason"]) == (True, "2020-01-02", "弄虚作假")


@pytest.mark.engine
async def test_a_file_taken_in_where_it_was_written_changes_nothing(database: Settings) -> None:
    by, _ = await people()
    await taken(by, *LINES)
    file = await exported(by)

    made = await look_at(by, PROVINCE, FILE, file, b"")

    with pytest.raises(Invalid, match="taken-nothing"):
        await carried_out(by, made, only_right=True)
    assert await Person.count() == 2


async def test_a_file_fits_its_schema_and_holds_no_number_of_a_document(database: Settings) -> None:
    by, _ = await people()
    await taken(by, *LINES)

    file, book = await exported(by), await exported(by, "xlsx")

    assert not [str(one) for one in validator_for(json_schema()).iter_errors(json.loads(file))]
    cells = [str(c.value) for page in openpyxl.load_workbook(io.BytesIO(book)) for row in page for c in row]  # fmt: skip
    assert "张伟" in cells
    assert not [text for text in [file.decode(), *cells] if IDS[0] in text or IDS[1] in text]


async def test_a_file_from_elsewhere_is_from_paper_only_where_it_says_so(
    database: Settings,
) -> None:
    by, _ = await people()
    lines = line("levels"), line("honours", paper="yes")

    await taken(by, *lines, origin=FILE)

    assert await HeldLevel.select(HeldLevel.paper).output(as_list=True) == [False]
    assert await HonourCase.select(HonourCase.paper).output(as_list=True) == [True]


async def test_only_who_acts_for_a_body_takes_its_records_along_and_it_is_written_down(
    database: Settings,
) -> None:
    by, other = await people()
    await taken(by, line("results"))

    with pytest.raises(Forbidden):
        await exported(other)
    with pytest.raises(Invalid, match="taken-form"):
        await exported(by, "csv")
    await exported(by)

    actions = await AuditEntry.select(AuditEntry.action).output(as_list=True)
    assert actions.count("records.exported") == 1


async def test_two_bodies_call_the_same_person_differently(database: Settings) -> None:
    by, other = await people()
    await taken(by, line("results"))
    await taken(other, line("results", prize="一等奖"), keeper="zhongshan-ftu")

    one = json.loads(await exported(by))["results"][0]
    two = json.loads(await export(other, "zhongshan-ftu", "json", "en"))["results"][0]

    assert one["name"] == two["name"]
    assert one["person"] != two["person"]


async def test_what_looks_like_a_formula_stays_a_text(database: Settings) -> None:
    by, _ = await people()
    evil = "=cmd|' /C calc'!A0"
    await taken(by, line("results", contest=evil, prize="+1"))

    book = openpyxl.load_workbook(io.BytesIO(await exported(by, "xlsx")))

    cells = [c for row in book.worksheets[0] for c in row if str(c.value) in (evil, "+1")]
    assert [(c.value, c.data_type) for c in cells] == [(evil, "s"), ("+1", "s")]


def test_the_published_schema_is_that_of_the_program(tmp_path: Path) -> None:
    """Write it again with `python -m credentials.records.exchange.fields docs/schemas`."""
    write(tmp_path)

    made = (tmp_path / "records.json").read_text("utf-8")

    assert (ROOT / "docs/schemas/records.json").read_text("utf-8") == made


def test_every_field_has_a_heading_in_every_language_that_is_found_again() -> None:
    for language in ("zh-Hans", "zh-Hant", "en", "pt"):
        lines = [Line(kind, "", 2, dict.fromkeys(FIELDS[kind], "1"), {}) for kind in KINDS]
        again = read(table(language, lines, details=True))
        assert {(one.kind, *sorted(one.places)) for one in again} == {
            (kind, *sorted(FIELDS[kind])) for kind in KINDS
        }
    assert {field for kind in KINDS for field in FIELDS[kind]} == set(HEADINGS)
    assert heading("name", "pt") == "Nome"


def test_fields_that_say_nothing_are_left_out_of_json() -> None:
    told: dict[str, Any] = json.loads(as_json([line("levels")]))

    assert set(told["levels"][0]) == {"name", "document", "occupation", "level", "number", "granted_on", "issuer"}  # fmt: skip


def test_a_sign_that_no_workbook_can_hold_is_left_out_of_it() -> None:
    (one,) = read(table("en", [line("results", name="张\x0b伟")]))

    assert one.values["name"] == "张伟"


def test_of_a_workbook_with_very_many_sheets_the_first_are_read() -> None:
    book = text_book(Sheet(str(n), [["x"]]) for n in range(MOST_SHEETS + 1))

    assert len(read_sheets(book, most_rows=5)) == MOST_SHEETS
