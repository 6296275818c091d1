"""What this package tells the platform."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from core import regular
from core.events import (
    CertificateRevoked,
    CorrectionAsked,
    CorrectionDecided,
    CorrectionOverdue,
    NameCorrected,
    ProposalGranted,
    ResultFinal,
    ResultSigned,
    WithdrawalDue,
)
from core.hookspecs import Command, PluginContext, Shredder, hookimpl
from core.outbox import Effect, Handler
from credentials import api, handlers, messages, routes, scopes
from credentials.commands import Verify
from credentials.comparing import routes as comparing
from credentials.consents import routes as consents
from credentials.employers import api as employers_api
from credentials.employers import delivering
from credentials.employers import pages as employers
from credentials.erasure import RecordShredder
from credentials.evidence import routes as evidence
from credentials.files import forms
from credentials.files import routes as files
from credentials.holder import entrance, everything, pages, sharing, showing
from credentials.holder import messages as holder_messages
from credentials.holder import routes as holder
from credentials.holder.asking import names_corrected
from credentials.holder.forgetting import HolderShredder
from credentials.key_commands import Keys
from credentials.lifecycle import cases
from credentials.lifecycle import routes as lifecycle
from credentials.matching import api as matching_api
from credentials.matching import entrance as matching_entrance
from credentials.matching import everything as matching_everything
from credentials.matching import messages as matching_messages
from credentials.matching import pages as matching_pages
from credentials.matching import routes as matching
from credentials.matching.leaving import MatchingShredder
from credentials.objecting import routes as objecting
from credentials.occupations import routes as occupations
from credentials.partners.commands import Partners, Sign
from credentials.records import telling
from credentials.records.commands import Explain
from credentials.records.exchange import api as exchange_api
from credentials.records.exchange import importing as exchange_importing
from credentials.records.exchange import noticing as exchange_noticing
from credentials.records.exchange import telling as exchange_telling
from credentials.records.exchange import undoing as exchange_undoing
from credentials.records.honours.collective import issue_collective
from credentials.records.honours.events import CollectiveHonoured
from credentials.records.levels.issued import work as issued_work
from credentials.records.person import joining, retention
from credentials.records.person import showing as person_showing
from credentials.records.person import telling as person_telling
from credentials.records.proposals import propose
from credentials.renaming import rename_certificates
from credentials.resigning import routes as resigning
from credentials.resigning import work as resigning_work
from credentials.scanner import routes as scanner
from credentials.stacks import keeping as stack_keeping
from credentials.stacks import routes as stacks
from credentials.stacks.events import StackDue
from credentials.withdrawing import withdraw_due

BATCH = 500
scopes.install()
scanner.register()
resigning_work.register()
issued_work.register()
exchange_importing.register()
exchange_undoing.register()
exchange_telling.install()
forms.register()
stacks.register()
employers.register()
pages.register()
everything.install()
telling.install()
person_telling.install()
person_showing.register()
joining.install()
regular.register("credentials.retention", retention.look)
holder_messages.install()
matching_messages.install()
matching_pages.register()
matching_everything.install()
occupations.register()
objecting.register()
__all__ = ["messages"]


@hookimpl
def event_handlers() -> Iterable[Handler | Effect]:
    return [
        Handler("credentials.issue_signed", ResultSigned, handlers.issue_signed, BATCH),
        Handler("credentials.issue_final", ResultFinal, handlers.issue_final, BATCH),
        Handler("credentials.propose", ResultFinal, propose, BATCH),
        Handler("credentials.issue_granted", ProposalGranted, handlers.issue_granted, BATCH),
        Handler("credentials.issue_collective", CollectiveHonoured, issue_collective, BATCH),
        Handler("credentials.rename", NameCorrected, rename_certificates, BATCH),
        Handler("credentials.holder_names", NameCorrected, names_corrected),
        Handler("credentials.correction_asked", CorrectionAsked, cases.open_cases, timeout=600),
        Handler("credentials.correction_decided", CorrectionDecided, cases.decide_cases),
        Handler("credentials.correction_overdue", CorrectionOverdue, cases.escalate),
        Handler("credentials.withdraw", WithdrawalDue, withdraw_due, timeout=600),
        Handler("credentials.forget_stack", StackDue, stack_keeping.forget_due, BATCH),
        Handler(
            "credentials.exchange_revoked",
            CertificateRevoked,
            exchange_noticing.level_revoked,
            BATCH,
        ),
        Handler(
            "credentials.exchange_names", NameCorrected, exchange_noticing.name_corrected, BATCH
        ),
        delivering.EFFECT,
    ]


@hookimpl
def route_handlers(context: PluginContext) -> Iterable[BaseRouteHandler | Router]:
    return [
        *routes.HANDLERS,
        *comparing.HANDLERS,
        *consents.HANDLERS,
        *evidence.HANDLERS,
        *lifecycle.HANDLERS,
        *files.HANDLERS,
        *resigning.HANDLERS,
        *entrance.HANDLERS,
        *holder.HANDLERS,
        *sharing.HANDLERS,
        *showing.HANDLERS,
        *matching_entrance.HANDLERS,
        *matching.HANDLERS,
        matching_api.ROUTER,
        *scanner.HANDLERS,
        *occupations.HANDLERS,
        *objecting.HANDLERS,
        *stacks.HANDLERS,
        *employers.HANDLERS,
        employers_api.ROUTER,
        exchange_api.ROUTER,
        api.ROUTER,
    ]


@hookimpl
def piccolo_apps() -> Iterable[str]:
    return ["credentials.piccolo_app"]


@hookimpl
def commands() -> Iterable[Command]:
    return [Verify(), Keys(), Sign(), Partners(), Explain()]


@hookimpl
def shredders() -> Iterable[Shredder]:
    return [RecordShredder(), HolderShredder(), MatchingShredder()]
