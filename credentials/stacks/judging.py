"""From what was read on paper to a line each: asked of the same verifier as everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.paper import fonts
from core.web.i18n import pick
from credentials import keyring, presented
from credentials.comparing.matching import folded
from credentials.identifiers import Addresses
from credentials.pages.display import masked, shown
from credentials.stacks.lines import FileSeen, Line, PageSeen, Ruling
from credentials.stacks.neighbours import host_of, neighbour_of
from credentials.trust import Refused
from credentials.verify import CHINA, Read, State, Verdict, refusal

DIFFERS, NOT_PRINTED, OTHER_TEXT = "paper-differs", "paper-no-code", "paper-text"
"""What is wrong with a file although each of its codes may be genuine."""
OTHER_CODE, NUMBER_ALONE = "other-code", "number-alone"
_SHORTEST_TOKEN = 100
_UNDECIDED = frozenset({State.NOT_FOUND, State.STATUS_UNKNOWN, State.ERASED})


@dataclass(frozen=True, slots=True)
class Code:
    """One code or attached token. `page` 0: attached. `foreign`: the host of another's address, or
    OTHER_CODE. `named`: the name was signed in it."""

    page: int
    text: str
    verdict: Verdict | None = None
    named: bool = False
    foreign: str = ""
    wrong: str = ""
    """What is wrong with the file around it."""

    @property
    def read(self) -> Read | None:
        return self.verdict.read if self.verdict else None


async def codes_of(seen: FileSeen, now: datetime) -> list[Code]:
    """Every code of a file, in the order of its pages, attached tokens behind them. Of a page with a
    certificate's code others (a chat group, a map) are left out."""
    found: list[Code] = []
    for page in seen.pages:
        codes = [await _judged(page.page, text, now) for text in page.codes]
        own = [code for code in codes if not code.foreign]
        found += own or codes
    attached = [await _judged(0, token, now) for token in seen.tokens]
    if all(code.foreign for code in found) and all(_stranger(code) for code in attached):
        return found + attached  # another issuer's own file: nothing of ours to compare
    return _compared(found, attached, seen.pages) if attached else found


async def lines_of(file: str, seen: FileSeen, now: datetime, language: str) -> list[Line]:
    """At least one for each page. `language`: of the issuers' names."""
    codes = await codes_of(seen, now)
    lines = [_line(file, code, language) for code in codes]
    with_code = {line.page for line in lines}
    lines += [_empty(file, page) for page in seen.pages if page.page not in with_code]
    if seen.problem:
        lines.append(Line(file, 0, Ruling.NO_CODE, seen.problem))
    return sorted(lines, key=lambda line: (line.page == 0, line.page))


async def _judged(page: int, text: str, now: datetime) -> Code:
    addresses = keyring.addresses()
    if page and not _ours(text, addresses):
        return Code(page, text, foreign=host_of(text) or OTHER_CODE)
    verdict, named = await presented.verify(text.encode("utf-8", "replace"), now)
    return Code(page, text, verdict, named)


def _ours(text: str, addresses: Addresses) -> bool:
    """One of our addresses, or a signed token by itself."""
    token = text.count(".") == 2 and "/" not in text and len(text) > _SHORTEST_TOKEN
    return token or addresses.public_id_in(text.strip()) is not None


def _stranger(code: Code) -> bool:
    return bool(
        code.verdict and code.verdict.state is State.UNKNOWN_ISSUER and not code.verdict.read
    )


# --- is the file what it seems to be? --------------------------------------------------------------


def _compared(printed: list[Code], attached: list[Code], pages: Sequence[PageSeen]) -> list[Code]:
    """A file that carries signed tokens shows the same certificates, under the same names."""
    texts = {page.page: folded(page.text) for page in pages if page.text is not None}
    by_number = {code.read.public_id: code for code in attached if code.read}
    found, seen = [], set()
    for code in printed:
        read = code.read
        own = by_number.get(read.public_id) if read else None
        if read is None or own is None or own.read is None:
            found.append(replace(code, wrong="" if code.foreign else DIFFERS))
            continue
        seen.add(read.public_id)
        same = _same(read, own.read) if code.named else True
        wrong = "" if same else DIFFERS
        if same and code.page in texts and not _says(texts[code.page], own.read):
            wrong = OTHER_TEXT
        found.append(replace(code, wrong=wrong))
    left = [code for code in attached if not code.read or code.read.public_id not in seen]
    wrong = DIFFERS if any(not code.foreign for code in printed) else NOT_PRINTED
    return found + [replace(code, wrong=wrong) for code in left]


def _same(one: Read, other: Read) -> bool:
    return (one.name, one.block, one.index) == (other.name, other.block, other.index)


def _says(text: str, read: Read) -> bool:
    """Whether the page's text has the number and the name; characters that no font has are drawn as
    pictures and are no text."""
    drawn = fonts.lacking([read.name], "zh-Hans")
    pieces = "".join(" " if c in drawn else c for c in read.name).split(" ")
    wanted = [read.public_id, *pieces]
    return all(folded(piece) in text for piece in wanted)


# --- words and figures of one line -----------------------------------------------------------------


def _line(file: str, code: Code, language: str) -> Line:
    if code.foreign:
        return _foreign(file, code)
    verdict = code.verdict
    assert verdict is not None
    ruling, why = ruling_of(code)
    line = Line(file, code.page, ruling, why, verdict.state.value, since=since_of(verdict))
    if (read := verdict.read) is None:
        line.number = _number_in(code.text)
        return line
    line.number = read.public_id
    line.name = shown(read.name if code.named else masked(read.name))
    line.title = shown(str((verdict.credential or {}).get("name", "")))
    line.issuer = shown(pick(read.key.issuer_name, language) or read.key.issuer)
    line.known_as = f"{read.key.issuer}/{read.block}/{read.index}"
    return line


def ruling_of(code: Code) -> tuple[Ruling, str]:
    """The one word, and the code of why."""
    verdict = code.verdict
    assert verdict is not None
    if code.wrong:
        return Ruling.ALTERED, code.wrong
    failed = next((check.code for check in verdict.checks if check.ok is False), "")
    if verdict.state is State.ALTERED:
        return Ruling.ALTERED, failed
    if verdict.state is State.UNKNOWN_ISSUER:
        if verdict.read:
            return Ruling.UNDECIDED, failed
        # At our address with a key that never was ours: nobody but a forger makes that.
        return (Ruling.ALTERED if "#" in code.text else Ruling.NOT_OURS), failed
    if verdict.state in _UNDECIDED:
        return Ruling.UNDECIDED, failed
    if not code.named:
        return Ruling.UNDECIDED, NUMBER_ALONE
    return Ruling.GENUINE, "" if verdict.state is State.VALID else failed


def _foreign(file: str, code: Code) -> Line:
    if code.foreign == OTHER_CODE:
        return Line(file, code.page, Ruling.NO_CODE, OTHER_CODE)
    known = neighbour_of(code.foreign)
    return Line(
        file,
        code.page,
        Ruling.NOT_OURS,
        "known-host" if known else "unknown-host",
        host=shown(code.foreign),
        neighbour=known.code if known else "",
    )


def _empty(file: str, page: PageSeen) -> Line:
    return Line(file, page.page, Ruling.NO_CODE, page.problem or "no-code")


def _number_in(text: str) -> str:
    """What it calls itself; only to find the paper again."""
    named = keyring.addresses().public_id_in(text.strip().partition("#")[0]) or ""
    return shown(named[:32])


def since_of(verdict: Verdict) -> str:
    """The day since when it is so, as ISO; "" where nobody knows it."""
    read, note = verdict.read, verdict.answer.note if verdict.answer else {}
    at: Any = {
        State.EXPIRED: read.expires_at if read else None,
        State.NOT_YET_VALID: read.signed_at if read else None,
        State.VALID: read.signed_at if read else None,
        State.IN_NOTICE: read.signed_at if read else None,
    }.get(verdict.state)
    if at is not None:
        return str(at.astimezone(CHINA).date().isoformat())
    changed = note.get("changedAt", "")
    return datetime.fromisoformat(changed).astimezone(CHINA).date().isoformat() if changed else ""


# --- one file alone ----------------------------------------------------------------------------------


async def verdict_of(seen: FileSeen, now: datetime) -> tuple[Verdict, bool]:
    """The verdict of a file that should hold one certificate, and whether its name may be shown."""
    codes = await codes_of(seen, now)
    own = [code for code in codes if not code.foreign]
    if wrong := next((code.wrong for code in own if code.wrong), ""):
        return refusal(Refused("unaltered", wrong), now), False
    if not own:
        hosts = any(code.foreign != OTHER_CODE for code in codes)
        refused = (
            Refused("issuer", "other-address") if hosts else Refused("unaltered", "paper-empty")
        )
        return refusal(refused, now), False
    if len({code.read.public_id if code.read else code.text for code in own}) > 1:
        return refusal(Refused("unaltered", "paper-several"), now), False
    verdict, named = own[0].verdict, own[0].named
    assert verdict is not None
    return verdict, named
