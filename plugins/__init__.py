"""Everything that a plugin may import: `from plugins import ContestType, hookimpl, …`.

A plugin is a module (or a package, or an object) with functions marked `@hookimpl`, named in the
entry-point group "jiangxin" of its distribution:

    [project.entry-points.jiangxin]
    herbs = "gba_herbs"

    from plugins import ContestType, Options, Scheme, hookimpl, text

    class Herbs(ContestType):
        code = "herbs"
        title = text("中药材鉴定", "中藥材鑑定", "Herb identification", "Identificação de ervas")

        def scheme(self, options: Options) -> Scheme: ...

    @hookimpl
    def contest_types():
        return [Herbs()]

What stands in `__all__` keeps its meaning within a major version; nothing else here is promised.
The built-in plugins beside this file import nothing more than a stranger's can.
"""

from core.audit import record as record_audit
from core.contest_type import ContestType, Instrument, Reading
from core.csv_table import CsvRow, read_csv_table
from core.db import in_transaction, transaction
from core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    JiangxinError,
    NotFound,
    Stale,
    Unauthenticated,
    Unavailable,
    WrongState,
)
from core.events import (
    CertificateIssued,
    CertificateRevoked,
    ContestClosed,
    Event,
    ModuleLine,
    Output,
    PersonErased,
    ProposalGranted,
    ResultFacts,
    ResultFinal,
    ResultPublished,
    ResultSigned,
    SheetSubmitted,
)
from core.findings import register as register_findings
from core.findings import render as render_finding
from core.hookspecs import Command, PluginContext, Shredder, hookimpl
from core.options import Choice, Option, Options, Template, read_options, text
from core.outbox import Effect, Handler, put
from core.partner import (
    City,
    Clause,
    Disclosure,
    DocumentKind,
    EntrantFacts,
    HonourKind,
    HonourStep,
    PartnerOutput,
    PartnerRules,
    PrizePlan,
    ProposalDraft,
    Retention,
    RuleCheck,
    RuleVerdict,
)
from core.privacy import Erased, keyed_hash, names_of, new_key, seal, unseal, unwrap, wrap
from core.scoring.bands import rmse_raw, rmse_text
from core.scoring.calculator import Calculator
from core.scoring.model import (
    Aspect,
    AttemptRule,
    AwardBase,
    AwardMethod,
    AwardRule,
    Calculation,
    Control,
    Criterion,
    Defect,
    EntryFacts,
    Finding,
    FoundDefect,
    Gate,
    Kind,
    Leaving,
    Mark,
    Milli,
    MissingPolicy,
    Module,
    Outcome,
    OverTime,
    Prize,
    Rules,
    Scheme,
    Section,
    Sheet,
    SubCriterion,
    Text,
    TieBreak,
    TieKey,
    TiePolicy,
    Trim,
)
from core.scoring.numbers import decimal_text, half_up, milli_text, plain_decimal, rounded_text
from core.security import INSTALLATION, Actor, Role, Scope, actor_in, check, logged_in, requires
from core.skill_levels import LEVELS as SKILL_LEVELS
from core.standard_bands import bands_of, bands_option, check_bands
from core.standard_options import (
    TITLE_COLUMNS,
    check_codes,
    check_titles,
    standard_options,
    title_of,
    title_row,
)
from core.standard_panel import (
    check_faults,
    check_panel_options,
    check_sum,
    defects_of,
    fault,
    faults_option,
    judgement_aspect,
    over_time_of,
    over_time_options,
    panel_aspect,
    panel_options,
)
from core.standard_rules import milli, per_cent, standard_rules
from core.web.i18n import pick, translate

__all__ = [
    "INSTALLATION",
    "SKILL_LEVELS",
    "TITLE_COLUMNS",
    "Actor",
    "Aspect",
    "AttemptRule",
    "AwardBase",
    "AwardMethod",
    "AwardRule",
    "Calculation",
    "Calculator",
    "CertificateIssued",
    "CertificateRevoked",
    "Choice",
    "City",
    "Clause",
    "Command",
    "Conflict",
    "ContestClosed",
    "ContestType",
    "Control",
    "Criterion",
    "CsvRow",
    "Defect",
    "Disclosure",
    "DocumentKind",
    "Effect",
    "EntrantFacts",
    "EntryFacts",
    "Erased",
    "Event",
    "Finding",
    "Forbidden",
    "FoundDefect",
    "Gate",
    "Handler",
    "HonourKind",
    "HonourStep",
    "Instrument",
    "Invalid",
    "JiangxinError",
    "Kind",
    "Leaving",
    "Mark",
    "Milli",
    "MissingPolicy",
    "Module",
    "ModuleLine",
    "NotFound",
    "Option",
    "Options",
    "Outcome",
    "Output",
    "OverTime",
    "PartnerOutput",
    "PartnerRules",
    "PersonErased",
    "PluginContext",
    "Prize",
    "PrizePlan",
    "ProposalDraft",
    "ProposalGranted",
    "Reading",
    "ResultFacts",
    "ResultFinal",
    "ResultPublished",
    "ResultSigned",
    "Retention",
    "Role",
    "RuleCheck",
    "RuleVerdict",
    "Rules",
    "Scheme",
    "Scope",
    "Section",
    "Sheet",
    "SheetSubmitted",
    "Shredder",
    "Stale",
    "SubCriterion",
    "Template",
    "Text",
    "TieBreak",
    "TieKey",
    "TiePolicy",
    "Trim",
    "Unauthenticated",
    "Unavailable",
    "WrongState",
    "actor_in",
    "bands_of",
    "bands_option",
    "check",
    "check_bands",
    "check_codes",
    "check_faults",
    "check_panel_options",
    "check_sum",
    "check_titles",
    "decimal_text",
    "defects_of",
    "fault",
    "faults_option",
    "half_up",
    "hookimpl",
    "in_transaction",
    "judgement_aspect",
    "keyed_hash",
    "logged_in",
    "milli",
    "milli_text",
    "names_of",
    "new_key",
    "over_time_of",
    "over_time_options",
    "panel_aspect",
    "panel_options",
    "per_cent",
    "pick",
    "plain_decimal",
    "put",
    "read_csv_table",
    "read_options",
    "record_audit",
    "register_findings",
    "render_finding",
    "requires",
    "rmse_raw",
    "rmse_text",
    "rounded_text",
    "seal",
    "standard_options",
    "standard_rules",
    "text",
    "title_of",
    "title_row",
    "transaction",
    "translate",
    "unseal",
    "unwrap",
    "wrap",
]
