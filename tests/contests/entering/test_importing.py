"""An import from the file to the record and back, on a database."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from PIL import Image

from contests.actions.setup import make_ready
from contests.entering import forms, photos
from contests.entering.carrying import NotUndone, carry_out, undo_import
from contests.entering.importing import (
    check_import,
    drop_import,
    mend,
    original_file,
    set_columns,
    start_import,
)
from contests.entering.kept import import_of, imports_of
from contests.entering.load import entries_of
from contests.entering.tables import ColumnMemory, ImportedPerson, PeopleImport, PersonPhoto
from contests.identity.sealing import persons_of
from contests.log import read
from contests.tables import Appointment, Delegation, Entry
from core.errors import Forbidden, Invalid, NotFound, Stale
from core.privacy import documents_of, erase_person, names_of
from core.settings import Settings
from core.tables import Account, AuditEntry
from tests.contests.entering.tables import Rows, mainland, text, xlsx
from tests.factories_contests import SmallContest, make_account, small_contest

pytestmark = pytest.mark.engine

HEAD = ["编号", "姓名", "身份证号", "代表队", "工作单位", "手机"]
ROWS: Rows = [
    HEAD,
    ["001", "张伟", mainland(1), "dongguan", "甲厂", "13800138000"],
    ["002", "李娜", mainland(2), "zhongshan", "乙厂", "13800138001"],
]


async def prepared() -> SmallContest:
    return await small_contest(entrants=1, until="draft")


async def started(small: SmallContest, rows: Rows = ROWS, kind: str = "entrants") -> UUID:
    organiser = await small.actor("organiser")
    if kind == "delegations":
        return await start_import(organiser, kind, competition=small.competition, data=xlsx(rows))
    return await start_import(
        organiser, kind, contest=small.contest, data=xlsx(rows), file_name="名单.xlsx"
    )


async def here(small: SmallContest) -> dict[str, str]:
    """Name -> number of everybody who is entered."""
    entries = await entries_of(small.contest)
    return {m.name: e.number for e in entries if e.status != "withdrawn" for m in e.members}


async def test_nothing_is_written_before_it_is_carried_out_and_all_of_it_after(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    before = await here(small)

    made = await started(small)
    checked = await check_import(await import_of(organiser, made))
    between = await here(small)
    counts = await carry_out(organiser, made)

    assert (checked.wrong, between) == (set(), before)
    assert counts["made"] == 2
    assert await here(small) == {**before, "张伟": "001", "李娜": "002"}


async def test_a_mistake_refuses_everything_until_only_the_good_rows_are_chosen(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    made = await started(small, [*ROWS, ["003", "王芳", mainland(5)[:-2], "珠海", "", ""]])

    with pytest.raises(Invalid) as refused:
        await carry_out(organiser, made)
    assert [f.pointer for f in refused.value.findings] == ["/4/document_number", "/4/delegation"]
    assert "张伟" not in await here(small)
    counts = await carry_out(organiser, made, partial=True)

    assert (counts["made"], counts["wrong"]) == (2, 1)
    assert "王芳" not in await here(small)


async def test_a_cell_is_mended_and_a_delegation_added(database: Settings) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    made = await started(small, [HEAD, ["001", "张伟", 440106199001310000, "珠海队", "", ""]])

    await mend(organiser, made, {2: {"document_number": mainland(1)}}, add_delegations=True)
    await carry_out(organiser, made)

    titles = [json.loads(d["title"]) for d in await Delegation.select()]
    assert {"zh-Hans": "珠海队"} in titles
    person = (await persons_of(small.contest))[str((await _entry("001"))["id"])][0]
    assert await documents_of(person) == [("mainland_id", mainland(1))]


async def test_who_mends_an_older_view_is_told(database: Settings) -> None:
    small = await prepared()
    organiser, clerk = await small.actor("organiser"), await small.actor("clerk")
    made = await start_import(clerk, "entrants", contest=small.contest, pasted=text(ROWS, "\t"))

    assert (await import_of(clerk, made)).draft is not None
    assert (await import_of(organiser, made)).draft is not None
    chief = await small.actor("chief")
    with pytest.raises(Forbidden):
        await import_of(chief, made)
    assert issubclass(Stale, Exception)


async def test_a_second_table_updates_and_undoing_brings_the_old_values_back(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    await carry_out(organiser, await started(small))
    second = await started(
        small,
        [
            HEAD,
            ["001", "张玮", mainland(1), "zhongshan", "丙厂", ""],
            ["009", "赵云", "", "", "", ""],
        ],
    )

    counts = await carry_out(organiser, second)
    changed = await entries_of(small.contest)
    await undo_import(organiser, second)

    assert (counts["made"], counts["changed"]) == (1, 1)
    one = next(e for e in changed if e.number == "001")
    assert (one.members[0].name, one.members[0].facts["employer"]) == ("张玮", "丙厂")
    assert "phone" not in one.members[0].facts
    assert one.delegation == small.delegations[1]
    again = next(e for e in await entries_of(small.contest) if e.number == "001")
    assert (again.members[0].name, again.delegation) == ("张伟", small.delegations[0])
    assert again.members[0].facts["phone"] == "13800138000"
    assert set(await here(small)) == {"张伟", "李娜", "选手0-0"}


async def test_an_undone_import_can_be_done_again_without_doubling_anybody(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    first = await started(small)
    await carry_out(organiser, first)
    await undo_import(organiser, first)
    assert set(await here(small)) == {"选手0-0"}

    counts = await carry_out(organiser, await started(small))

    assert (counts["made"], counts["back"]) == (0, 2)
    assert await Entry.count().where(Entry.contest == small.contest) == 3


async def test_an_import_is_not_undone_after_a_day_a_later_one_or_when_the_contest_is_ready(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    first = await started(small)
    await carry_out(organiser, first)

    with pytest.raises(NotUndone):
        await undo_import(organiser, first, now=datetime.now(UTC) + timedelta(hours=25))
    later = await started(small, [HEAD, ["009", "赵云", "", "", "", ""]])
    await carry_out(organiser, later)
    with pytest.raises(NotUndone):
        await undo_import(organiser, first)
    await make_ready(organiser, small.contest)
    with pytest.raises(NotUndone):
        await undo_import(organiser, later)
    assert "赵云" in await here(small)


async def test_nothing_is_imported_twice_from_one_draft(database: Settings) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    made = await started(small)
    await carry_out(organiser, made)

    with pytest.raises(Exception, match="carried out"):
        await carry_out(organiser, made)


async def test_who_a_rule_speaks_against_comes_in_only_when_that_was_confirmed(
    database: Settings,
) -> None:
    from contests.tables import Competition, Contest

    small = await prepared()
    organiser = await small.actor("organiser")
    await Competition.update({Competition.authorities: '["guangdong"]'}).where(
        Competition.id == small.competition
    )
    facts = {"contest_class": "provincial_2", "held_on": "2024-10-12"}
    await Contest.update({Contest.facts: json.dumps(facts)}).where(Contest.id == small.contest)
    old = mainland(1, born="19550101")
    made = await started(small, [HEAD, ["001", "张伟", old, "", "", ""]])

    with pytest.raises(Invalid) as refused:
        await carry_out(organiser, made)
    counts = await carry_out(organiser, made, confirmed=True)

    assert [f.code for f in refused.value.findings] == ["people-confirm-clauses"]
    assert counts["despite"] == 1


async def test_the_file_is_kept_as_it_came_and_only_some_may_see_it(database: Settings) -> None:
    small = await prepared()
    organiser, clerk = await small.actor("organiser"), await small.actor("clerk")
    data = xlsx(ROWS)
    made = await start_import(
        clerk, "entrants", contest=small.contest, data=data, file_name="名单.xlsx"
    )
    await carry_out(clerk, made)

    name, kept = await original_file(organiser, made)

    assert (name, kept) == ("名单.xlsx", data)
    assert (await import_of(organiser, made)).file_hash == sha256(data).hexdigest()
    with pytest.raises(Forbidden):
        await original_file(clerk, made)
    row = await PeopleImport.select().where(PeopleImport.id == made).first()
    assert row is not None
    assert "张伟".encode() not in b"".join(
        bytes(row[c] or b"") for c in row if c.startswith("sealed")
    )


async def test_erasing_one_person_destroys_photo_and_the_files_that_name_the_person(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    made = await started(small)
    await carry_out(organiser, made)
    entry = next(e for e in await entries_of(small.contest) if e.number == "001")
    person = entry.members[0].person
    await photos.set_photo(organiser, small.contest, entry.id, person, picture())

    await erase_person(person)

    row = await PeopleImport.select().where(PeopleImport.id == made).first()
    assert row is not None
    assert (row["wrapped_key"], row["sealed_file"], row["sealed_draft"]) == (None, None, None)
    assert row["file_hash"]
    assert not await PersonPhoto.exists().where(PersonPhoto.id == person)
    assert await ImportedPerson.exists().where(ImportedPerson.people_import == made)


async def test_neither_log_nor_audit_names_anybody(database: Settings) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    made = await started(small)
    await carry_out(organiser, made)
    await make_ready(organiser, small.contest)

    told = [line.body for line in await read(small.contest)]
    told += [str(row) for row in await AuditEntry.select()]

    for secret in ("张伟", "李娜", mainland(1), "13800138000", "甲厂", "名单"):
        assert not any(secret in words for words in told)


async def test_columns_set_by_hand_are_remembered_for_the_next_table(database: Settings) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    rows = [["谁", "哪里"], ["张伟", "dongguan"]]
    first = await started(small, rows)
    with pytest.raises(Invalid):
        await set_columns(organiser, first, {0: "phone", 1: "delegation"})
    with pytest.raises(Invalid):
        await set_columns(organiser, first, {0: "name", 1: "name"})

    await set_columns(organiser, first, {0: "name", 1: "delegation"})
    second = await import_of(organiser, await started(small, rows))

    assert await ColumnMemory.count() == 1
    assert second.draft is not None
    assert (second.draft.sure, second.draft.columns) == (True, {0: "name", 1: "delegation"})


async def test_a_dropped_draft_can_not_be_read_again(database: Settings) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    made = await started(small)

    await drop_import(organiser, made)

    row = await PeopleImport.select().where(PeopleImport.id == made).first()
    assert row is not None
    assert (row["state"], row["wrapped_key"], row["sealed_file"]) == ("dropped", None, None)
    assert await imports_of(organiser, contest=small.contest) == []


async def test_delegations_come_in_change_and_go_again(database: Settings) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    rows = [
        ["代码", "代表队", "英文名称", "城市"],
        ["gz", "广州市", "Guangzhou", "广州"],
        ["dongguan", "东莞市", "Dongguan", "东莞市"],
    ]
    made = await started(small, rows, "delegations")

    counts = await carry_out(organiser, made)
    after = {d["code"]: json.loads(d["title"]) for d in await Delegation.select()}
    await undo_import(organiser, made)
    again = {d["code"]: json.loads(d["title"]) for d in await Delegation.select()}

    assert (counts["made"], counts["changed"]) == (1, 1)
    assert after["gz"] == {"zh-Hans": "广州市", "en": "Guangzhou"}
    assert after["dongguan"] == {"zh-Hans": "东莞市", "en": "Dongguan"}
    assert "gz" not in again
    assert again["dongguan"]["zh-Hans"] == "dongguan"


async def test_judges_and_staff_come_in_with_accounts_and_duties_and_lose_them_again(
    database: Settings,
) -> None:
    from core.accounts import grant_row
    from core.db import transaction
    from core.security import INSTALLATION, Role, actor_of

    small = await prepared()
    account = await make_account("chief-organiser")
    async with transaction():
        await grant_row(account, Role.ORGANISER, INSTALLATION)
    organiser = await actor_of(account)
    rows = [
        ["姓名", "登录名", "职责", "工作单位", "代表队"],
        ["陈评委", "judge-chen", "裁判员", "丙厂", "dongguan"],
        ["何监督", "he.supervisor", "监督", "", ""],
        ["谁", "", "厨师", "", "火星"],
    ]
    made = await start_import(organiser, "staff", contest=small.contest, data=xlsx(rows))

    with pytest.raises(Invalid) as refused:
        await carry_out(organiser, made)
    counts = await carry_out(organiser, made, partial=True)
    chen = await Account.select().where(Account.login == "judge-chen").first()
    assert chen is not None
    duty = await Appointment.select().where(Appointment.account == chen["id"]).first()
    await undo_import(organiser, made)
    ended = await Appointment.select().where(Appointment.account == chen["id"]).first()

    found = [f.pointer for f in refused.value.findings]
    assert found == ["/4/role", "/4/login", "/4/delegations"]
    assert (counts["made"], counts["wrong"]) == (2, 1)
    assert duty is not None
    assert json.loads(duty["interests"]) == {
        "employer": "丙厂", "delegation": [str(small.delegations[0])],
    }  # fmt: skip
    assert ended is not None
    assert ended["ended_at"] is not None


async def test_one_entry_is_entered_changed_withdrawn_and_taken_in_again_by_form(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    shared = {"number": "7", "delegation": "dongguan", "team": "一队"}
    members = [
        {"name": "张伟", "document_number": mainland(1)},
        {"name": "李娜", "phone": "13800138000"},
    ]

    entry = await forms.add_entrant(organiser, small.contest, shared, members)
    held = await forms.entry_of(organiser, small.contest, entry)
    persons = [m.person for m in held.members]
    with pytest.raises(Invalid) as twice:
        await forms.add_entrant(organiser, small.contest, {}, [members[0]])
    fields = await forms.change_entrant(
        organiser,
        small.contest,
        entry,
        shared,
        [{"name": "张玮"}, {"name": "王芳"}],
        [persons[0], None],
    )
    after = await forms.entry_of(organiser, small.contest, entry)
    await forms.withdraw_entrant(organiser, small.contest, entry)
    gone = await here(small)
    await forms.readmit(organiser, small.contest, entry)

    assert [m.name for m in held.members] == ["张伟", "李娜"]
    assert [f.code for f in twice.value.findings] == ["people-entered-already"]
    assert {"name", "member"} <= set(fields)
    assert [m.name for m in after.members] == ["张玮", "王芳"]
    assert after.members[0].documents == [("mainland_id", mainland(1))]
    assert "张玮" not in gone
    assert "张玮" in await here(small)


async def test_a_name_is_corrected_while_judging_but_the_place_in_the_contest_is_not(
    database: Settings,
) -> None:
    small = await small_contest(entrants=2)
    organiser, entry = await small.actor("organiser"), small.entries[0]
    held = await forms.entry_of(organiser, small.contest, entry)
    persons = [held.members[0].person]

    await forms.change_entrant(
        organiser, small.contest, entry, {"delegation": "dongguan"}, [{"name": "欧阳伟"}], persons
    )
    with pytest.raises(Exception, match="needs draft"):
        await forms.change_entrant(
            organiser,
            small.contest,
            entry,
            {"delegation": "zhongshan"},
            [{"name": "欧阳伟"}],
            persons,
        )

    assert (await names_of(persons))[persons[0]] == "欧阳伟"


async def test_numbers_are_given_to_those_without(database: Settings) -> None:
    small = await small_contest(entrants=3, until="draft")
    organiser = await small.actor("organiser")
    await Entry.update({Entry.number: "002"}).where(Entry.id == small.entries[0])

    assert await forms.number_entries(organiser, small.contest) == 2

    numbers = [e.number for e in await entries_of(small.contest)]
    assert numbers == ["002", "001", "003"]


async def test_photos_are_matched_by_number_and_name_and_the_rest_is_listed(
    database: Settings,
) -> None:
    small = await prepared()
    organiser = await small.actor("organiser")
    await carry_out(organiser, await started(small))
    files = {
        "照片/1.jpg": picture(exif=True),
        "照片/002_李娜.png": picture("PNG"),
        "照片/谁.jpg": picture(),
        "照片/选手0-0.jpg": b"no picture",
        "__MACOSX/._1.jpg": b"",
    }

    matched = await photos.take_zip(organiser, small.contest, zipped(files))

    assert sorted(photo.file for photo in matched.found) == ["照片/002_李娜.png", "照片/1.jpg"]
    assert list(matched.unmatched) == ["照片/谁.jpg"]
    assert [(file, f.code) for file, f in matched.bad] == [
        ("照片/选手0-0.jpg", "people-photo-no-picture")
    ]
    assert [e.members[0].name for e in matched.without] == ["选手0-0"]
    first = matched.found[0]
    kept = await photos.photo_of(organiser, small.contest, first.entry, first.person)
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.getexif()) == ("JPEG", {})
        assert image.width <= 600
    clerk = await small.actor("clerk")
    with pytest.raises(Forbidden):
        await photos.photo_of(clerk, small.contest, first.entry, first.person)


async def test_a_photo_is_reached_only_through_its_own_contest(database: Settings) -> None:
    one, other = await prepared(), await prepared()
    person = (await persons_of(one.contest))[str(one.entries[0])][0]
    await photos.set_photo(
        await one.actor("organiser"), one.contest, one.entries[0], person, picture()
    )

    with pytest.raises(NotFound):
        await photos.photo_of(
            await other.actor("organiser"), other.contest, other.entries[0], person
        )


async def _entry(number: str) -> dict[str, UUID]:
    row = await Entry.select().where(Entry.number == number).first()
    assert row is not None
    return row


def picture(kind: str = "JPEG", *, exif: bool = False) -> bytes:
    made = io.BytesIO()
    image = Image.new("RGB", (1200, 1600), "navy")
    notes = Image.Exif()
    notes[0x010E] = "taken at home"
    image.save(made, kind, **({"exif": notes} if exif else {}))
    return made.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """As Chinese Windows writes it: names in GB18030 without saying so."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
