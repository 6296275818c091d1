"""Tables of contests. `LogEntry` is the truth; `SheetRow`, `ResultRow` and the rest are projections
or set-up. No column here holds a name: see `identity/tables.py`.

JSON columns are canonical (sorted keys, compact, numbers that decide something as decimal strings).
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table

from contests.schemes.tables import TABLES as SCHEME_TABLES


class Competition(Table):
    """大赛: several contests, one team award. Has a log of its own (`LogEntry.contest` = its id)."""

    id = UUID(primary_key=True, default=None)
    organisation = UUID(index=True, default=None)
    code = Text(unique=True)
    title = Text()
    held_from = Text(default="")
    held_to = Text(default="")
    place = Text(default="")
    authorities = Text(default="[]")
    """JSON list of partner-rule codes."""
    team_rule = Text(default="")
    """JSON TeamRule, or empty."""
    demonstration = Boolean(default=False)
    head = Text(default="")
    length = BigInt(default=0)
    created_at = Timestamptz(default=None)


class Contest(Table):
    """赛项. `revision` is the gate that submit and close wait on; `head` and `length` are the log's."""

    id = UUID(primary_key=True, default=None)
    competition = UUID(index=True, default=None)
    code = Text(unique=True)
    title = Text()
    state = Text(default="draft")
    """draft, ready, judging, closed, signed, published, final (or cancelled)."""
    type_code = Text()
    type_version = BigInt(default=1)
    options = Text(default="{}")
    scheme = Text(default="")
    """Draft scheme (JSON); from freezing on the log's rules_frozen body is read instead."""
    rules = Text(default="")
    rules_hash = Text(default="")
    facts = Text(default="{}")
    """JSON: occupation, contest_class, held_on, place, organiser (issuer code), outputs, recognised
    (partners' certificates), registered (by group), conditions."""
    home = Text(default="")
    """Installation id that may append."""
    revision = BigInt(default=0)
    roster = BigInt(default=0)
    """Raised when appointments or codes change: what a process may keep them in memory by."""
    head = Text(default="")
    length = BigInt(default=0)
    judging_ended_at = Timestamptz(null=True, default=None)
    """From then on no sheet is taken; codes may be opened."""
    result_version = BigInt(default=0)
    notice_until = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)


class Delegation(Table):
    """代表队, independent of cities. `city` is a code of a partner's list, or empty."""

    id = UUID(primary_key=True, default=None)
    competition = UUID(index=True, default=None)
    code = Text()
    title = Text()
    city = Text(default="")


class Entry(Table):
    """参赛: one to n members judged once under one code. Who they are is sealed elsewhere."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    number = Text(default="")
    """参赛编号, once drawn."""
    group_code = Text(default="")
    delegation = UUID(null=True, index=True, default=None)
    members = BigInt(default=1)
    reserve = Boolean(default=False)
    trial = Boolean(default=False)
    late = Boolean(default=False)
    status = Text(default="")
    """"" or DNS, DNF, DSQ, withdrawn."""
    created_at = Timestamptz(default=None)


class Appointment(Table):
    """A person's duty in a contest; writes its Grant in the same transaction.

    id = uuid5(contest | account | role | panel). `interests`: JSON of what conflicts are checked
    against (delegations, employer, school, trainer, studio)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    account = UUID(index=True, default=None)
    role = Text()
    panel = Text(default="referees")
    group_code = Text(default="")
    """Marking group; sub-criteria name the group that marks them. Empty = all."""
    modules = Text(default="[]")
    """JSON list; empty = all modules."""
    seat = Text(default="")
    """J1, J2 …: how the log and the papers name this judge."""
    interests = Text(default="{}")
    recused_from = Text(default="[]")
    """JSON list of entry ids; sealed facts of identity never stand here."""
    ended_at = Timestamptz(null=True, default=None)
    instead_of = UUID(null=True, default=None)
    """The appointment of the judge who left in the middle and whose open sheets this one takes."""
    left_by = Text(default="")
    """substitute, void or smaller: how the contest goes on without a judge who left in the middle."""
    created_at = Timestamptz(default=None)


class Device(Table):
    """An enrolled key. `kid` = base64url of the first 8 bytes of the JWK thumbprint."""

    id = UUID(primary_key=True, default=None)
    account = UUID(null=True, index=True, default=None)
    """Of a judge's own browser; null for a shared tablet and for the paper desk."""
    kind = Text(default="personal")
    """personal (one account's browser), tablet (shared, see `TabletJudge`), desk (this
    installation's key, which enters what two persons typed from paper)."""
    competition = UUID(null=True, index=True, default=None)
    """A shared tablet is enrolled for a competition …"""
    contest = UUID(null=True, index=True, default=None)
    """… or for one contest of it."""
    facts = Text(default="{}")
    """JSON, what the tablet last told of itself: app, battery, charging, waiting, persisted,
    installed, free_mb, fit, unfit, judge."""
    kid = Text(unique=True)
    public_jwk = Text()
    label = Text(default="")
    last_seq = BigInt(default=0)
    last_hash = Text(default="")
    """base64url SHA-256 of the device's last accepted JWS."""
    proved_at = BigInt(default=0)
    """Microseconds of the nonce with which the key last opened a session: none is used again."""
    enrolled_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    returned_at = Timestamptz(null=True, default=None)
    """The tablet was given back and wiped; every sheet of it had a receipt."""
    last_seen_at = Timestamptz(null=True, default=None)


class TabletCode(Table):
    """A one-time code that enrols one tablet. Only a keyed hash of it is stored."""

    id = UUID(primary_key=True, default=None)
    code_hash = Text(unique=True)
    competition = UUID(index=True, default=None)
    contest = UUID(null=True, default=None)
    label = Text(default="")
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    device = UUID(null=True, default=None)


class TabletJudge(Table):
    """A judge who has signed in on a tablet with the PIN: sheets of this account may be signed by
    this device's key. id = uuid5(device | account)."""

    id = UUID(primary_key=True, default=None)
    device = UUID(index=True, default=None)
    account = UUID(index=True, default=None)
    admitted_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class JudgePin(Table):
    """A judge's PIN for shared tablets. id = the account."""

    id = UUID(primary_key=True, default=None)
    pin_hash = Text()
    """Argon2."""
    first = Boolean(default=True)
    """Handed out by somebody else: to be changed at the first use."""
    failures = BigInt(default=0)
    """Wrong tries on all tablets since the right one was typed: for the record, it shuts nothing."""
    set_at = Timestamptz(default=None)
    set_by = UUID(null=True, default=None)


class PinTry(Table):
    """Wrong tries of one judge's PIN in a row on one tablet. id = uuid5(account | tablet)."""

    id = UUID(primary_key=True, default=None)
    account = UUID(index=True, default=None)
    failures = BigInt(default=0)
    shut_until = BigInt(default=0)
    """Seconds since 1970; 0 = not shut."""


class TabletMessage(Table):
    """A sentence from the control room to a tablet, or from the tablet to the control room."""

    id = UUID(primary_key=True, default=None)
    device = UUID(index=True, default=None)
    contest = UUID(null=True, index=True, default=None)
    from_tablet = Boolean(default=False)
    text = Text()
    sent_by = UUID(null=True, default=None)
    sent_at = Timestamptz(default=None)
    read_at = Timestamptz(null=True, default=None)


class Picture(Table):
    """A photo that a signed sheet names by its hash, or the scan of a paper sheet.
    id = uuid5(contest | sha256)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    sha256 = Text(index=True)
    """Hex."""
    media_type = Text()
    content = Bytea()
    device = UUID(null=True, default=None)
    account = UUID(null=True, default=None)
    received_at = Timestamptz(default=None)


class PaperTyping(Table):
    """What one person typed from a paper sheet; two that agree become one revision.
    id = uuid5(sheet | account)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    sheet = UUID(index=True, default=None)
    module = Text()
    code = Text()
    judge = UUID(default=None)
    attempt = BigInt(default=1)
    round = BigInt(default=1)
    marks = Text()
    """Canonical JSON, as in a revision."""
    scan = Text(default="")
    """Hex SHA-256 of the scan (`Picture`), or empty."""
    account = UUID(default=None)
    typed_at = Timestamptz(default=None)
    rid = Text(default="")
    """The revision that it became."""


class Loan(Table):
    """A contest lent to a venue's installation, and its return."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    installation = Text()
    head = Text()
    length = BigInt(default=0)
    lent_by = UUID(null=True, default=None)
    lent_at = Timestamptz(default=None)
    returned_at = Timestamptz(null=True, default=None)
    returned_head = Text(default="")


class LogEntry(Table):
    """id = uuid5(contest | seq), so that one place in the log is one row. `contest` is a contest or
    a competition. `body` is exact text; `hash` chains on `prev` (`chain.py`)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    seq = BigInt()
    kind = Text()
    at = Timestamptz(default=None)
    body = Text()
    prev = Text()
    hash = Text()


class LogText(Table):
    """Free text that the log knows only as a salted hash; sealed, erasable."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    entry = UUID(null=True, index=True, default=None)
    """Whom it is about, so that erasing a person erases it too."""
    text_hash = Text(index=True)
    salt = Bytea()
    wrapped_key = Bytea(null=True, default=None)
    sealed_text = Bytea(null=True, default=None)


class SheetRow(Table):
    """Projection: the latest state of one sheet slot; id = uuid5(contest | module | code | attempt |
    round | judge)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    module = Text()
    code = Text()
    judge = UUID(index=True, default=None)
    """Appointment id."""
    attempt = BigInt(default=1)
    round = BigInt(default=1)
    revision = Text(default="")
    """rid of the head revision."""
    state = Text(default="accepted")
    """accepted, not_countable, conflict."""
    countable = Boolean(default=True)
    marks = Text(default="{}")
    seq = BigInt(default=0)
    hash = Text(default="")
    stored_at = Timestamptz(default=None)


class MarkRound(Table):
    """Projection: a group has to mark one work again; id = uuid5(contest | module | code | attempt |
    panel | group | round). `aspects`: JSON list of those whose marks lie too far apart."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    module = Text()
    code = Text()
    attempt = BigInt(default=1)
    panel = Text()
    group_code = Text(default="")
    round = BigInt()
    aspects = Text(default="[]")
    opened_at = Timestamptz(default=None)
    resolved_at = Timestamptz(null=True, default=None)


class Revision(Table):
    """One received JWS: the idempotency key of sheets. id = rid."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    sheet = UUID(index=True, default=None)
    device = UUID(default=None)
    device_seq = BigInt(default=0)
    jws_hash = Text()
    answer = Text()
    receipt = Text(default="")
    seq = BigInt(default=0)
    created_at = Timestamptz(default=None)


class Quarantine(Table):
    """Bytes that could not be taken, with the reason; nothing is ever dropped."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(null=True, index=True, default=None)
    received_at = Timestamptz(default=None)
    reason = Text()
    """Slug of the refusal."""
    account = UUID(null=True, default=None)
    payload = Bytea()
    kid = Text(default="")
    """The key that signed it and its number there, when they could be read."""
    device_seq = BigInt(default=0)
    rid = Text(default="")
    sheet = Text(default="")
    resolved_at = Timestamptz(null=True, default=None)
    resolved_by = UUID(null=True, default=None)
    resolution = Text(default="")
    """taken, dismissed; empty while nobody has decided."""


class ResultRow(Table):
    """One computed result version of a contest; id = uuid5(contest | version). `body`: canonical
    JSON of core.scoring Results; `log_head` and `rules_hash` are what it was computed from."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    version = BigInt()
    body = Text()
    rules_hash = Text()
    log_head = Text()
    reason = Text(default="")
    created_at = Timestamptz(default=None)


class EvidenceLeaf(Table):
    """Salted leaf of an entry's score-sheet tree; id = uuid5(contest | version | entry | aspect)."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    version = BigInt()
    entry = UUID(index=True, default=None)
    position = BigInt(default=0)
    content = Text()
    salt = Bytea()


class Appeal(Table):
    """申诉: projection of the log's appeal entries."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    entry = UUID(null=True, default=None)
    module = Text(default="")
    filed_at = Timestamptz(default=None)
    ruled_at = Timestamptz(null=True, default=None)
    ruling = Text(default="")


class Approval(Table):
    """A step that takes two persons: requested by one, carried out when another approves."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    verb = Text()
    body = Text()
    requested_by = UUID(default=None)
    requested_at = Timestamptz(default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    outcome = Text(default="")


class FollowLink(Table):
    """A read-only page for a leader's telephone, until the end of the day. Only a keyed hash of its
    secret address is stored."""

    id = UUID(primary_key=True, default=None)
    contest = UUID(index=True, default=None)
    token_hash = Text(unique=True)
    label = Text(default="")
    """Whom it is for, in the organiser's words."""
    created_by = UUID(default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [
    Competition,
    Contest,
    Delegation,
    Entry,
    Appointment,
    Device,
    TabletCode,
    TabletJudge,
    JudgePin,
    PinTry,
    TabletMessage,
    Picture,
    PaperTyping,
    Loan,
    LogEntry,
    LogText,
    SheetRow,
    MarkRound,
    Revision,
    Quarantine,
    ResultRow,
    EvidenceLeaf,
    Appeal,
    Approval,
    FollowLink,
    *SCHEME_TABLES,
]
