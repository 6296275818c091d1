"""JSON under /api/v1/ for organisers: certificates, proposals, records, issuers and keys.

Real imports throughout: litestar reads these annotations at run time.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK

from core.errors import Forbidden
from core.openapi import problems
from core.security import Connection, Scope, actor_in, logged_in, requires
from core.web.language import language_of
from core.web.paging import LIMIT, MOST, Page, page
from credentials import actions, queries
from credentials.answers import certificate_out, key_out
from credentials.identifiers import understood
from credentials.records import actions as records
from credentials.records.explaining import as_json, explained
from credentials.records.queries import proposal_page, whole_record
from credentials.records.tables import Proposal
from credentials.schemas import (
    CertificateOut,
    Compromise,
    Grant,
    HonourIn,
    IssuerIn,
    KeyOut,
    Refusal,
    Revocation,
    Rotation,
    Suspension,
)
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate, SigningKey

AnyRequest = Request[Any, Any, Any]
Limit = Parameter(ge=1, le=MOST, description="How many at most.")


async def by_contest(connection: Connection) -> Sequence[Scope]:
    """The contest asked for, and the issuers of its certificates."""
    contest, issuer = _asked(connection, "contest"), _asked(connection, "issuer")
    scopes = [Scope("contest", contest)] if contest else []
    codes = {issuer} if issuer else set()
    if contest and not issuer:
        rows = (
            await Certificate.select(Certificate.issuer)
            .where(Certificate.contest == contest)
            .distinct()
        )
        codes = {row["issuer"] for row in rows}
    if len(codes) == 1:
        scopes += await issuer_scopes(codes.pop())
    return scopes


async def by_certificate(connection: Connection) -> Sequence[Scope]:
    public_id = understood(str(connection.path_params["id"]))
    row = (
        await Certificate.select(Certificate.issuer)
        .where(Certificate.public_id == public_id)
        .first()
    )
    return await issuer_scopes(row["issuer"]) if row else []


async def by_issuer(connection: Connection) -> Sequence[Scope]:
    return await issuer_scopes(str(connection.path_params["code"]))


async def by_proposal(connection: Connection) -> Sequence[Scope]:
    row = (
        await Proposal.select(Proposal.issuer)
        .where(Proposal.id == connection.path_params["id"])
        .first()
    )
    return await issuer_scopes(row["issuer"]) if row else []


async def by_proposal_read(connection: Connection) -> Sequence[Scope]:
    """Its contest's scope as well as its issuer's."""
    id = connection.path_params["id"]
    row = await Proposal.select(Proposal.contest, Proposal.issuer).where(Proposal.id == id).first()
    return [Scope("contest", row["contest"]), *await issuer_scopes(row["issuer"])] if row else []


async def by_proposals(connection: Connection) -> Sequence[Scope]:
    contest = _asked(connection, "contest")
    return [Scope("contest", contest)] if contest else []


def _asked(connection: Connection, name: str) -> str:
    """A parameter given twice would be one contest for the guard and another for the handler."""
    given = connection.query_params.getall(name, [])
    if len(given) > 1:
        raise Forbidden(permission=f"{name} given twice")
    return str(given[0]) if given else ""


# --- certificates ------------------------------------------------------------------------------


@get(
    "/certificates",
    guards=[requires("certificate.read", by_contest)],
    operation_id="Certificates",
    summary="Certificates of a contest or an issuer",
    responses=problems(401, 403, 404, 409, 422),
)
async def certificates(
    contest: str = "", issuer: str = "", limit: int = LIMIT, after: str = ""
) -> Page[CertificateOut]:
    """By id. Names stand in the tokens alone."""
    wanted = max(1, min(limit, MOST))
    rows = await queries.certificate_page(contest, issuer=issuer, limit=wanted + 1, after=after)
    return page([certificate_out(row) for row in rows], wanted, lambda shown: shown.id)


@post(
    "/certificates/{id:str}/revoke",
    guards=[requires("certificate.revoke", by_certificate)],
    operation_id="RevokeCertificate",
    summary="Withdraw a certificate for ever",
    status_code=HTTP_200_OK,
    responses=problems(401, 403, 404, 409, 422),
)
async def revoke(id: str, data: Revocation, request: AnyRequest) -> CertificateOut:
    await actions.revoke_certificate(
        actor_in(request), id, reason=data.reason, authority=data.authority
    )
    return await _certificate(id)


@post(
    "/certificates/{id:str}/suspend",
    guards=[requires("certificate.revoke", by_certificate)],
    operation_id="SuspendCertificate",
    summary="Suspend a certificate",
    status_code=HTTP_200_OK,
    responses=problems(401, 403, 404, 409, 422),
)
async def suspend(id: str, data: Suspension, request: AnyRequest) -> CertificateOut:
    await actions.suspend_certificate(actor_in(request), id, reason=data.reason)
    return await _certificate(id)


@post(
    "/certificates/{id:str}/lift",
    guards=[requires("certificate.revoke", by_certificate)],
    operation_id="LiftSuspension",
    summary="Lift a suspension",
    status_code=HTTP_200_OK,
    responses=problems(401, 403, 404, 409, 422),
)
async def lift(id: str, request: AnyRequest) -> CertificateOut:
    await actions.lift_suspension(actor_in(request), id)
    return await _certificate(id)


async def _certificate(id: str) -> CertificateOut:
    row = await queries.stored(id)
    return certificate_out(row or {})


# --- proposals and records ---------------------------------------------------------------------


@get(
    "/proposals",
    guards=[requires("proposal.read", by_proposals)],
    operation_id="Proposals",
    summary="What results let authorities confer",
    responses=problems(401, 403, 404, 409, 422),
)
async def proposals(
    contest: str = "", status: str = "", limit: int = LIMIT, after: UUID | None = None
) -> Page[dict[str, Any]]:
    """`status`: proposed, granted, refused, withdrawn or questioned."""
    wanted = max(1, min(limit, MOST))
    rows = await proposal_page(
        contest=contest, state=status, limit=wanted + 1, after=str(after or "")
    )
    return page(rows, wanted, lambda row: row["id"])


@get(
    "/proposals/{id:uuid}/explanation",
    guards=[requires("proposal.read", by_proposal_read)],
    operation_id="ProposalExplanation",
    summary="Why it was proposed, clause by clause",
    responses=problems(401, 403, 404, 409, 422),
)
async def explanation(id: UUID, request: AnyRequest) -> dict[str, Any]:
    """Each condition of the rule with what was found when the proposal was made (`met` null: not
    known), the rule's source and the days on which it is in force; `levels` of a partner's certificate, one
    of which its issuer states when it grants. In the asked language."""
    return as_json(await explained(id), language_of(request))


@post(
    "/proposals/{id:uuid}/grant",
    guards=[requires("proposal.grant", by_proposal)],
    operation_id="GrantProposal",
    summary="Confer what was proposed",
    status_code=HTTP_200_OK,
    responses=problems(401, 403, 404, 409, 422),
)
async def grant(id: UUID, data: Grant, request: AnyRequest) -> Response[None]:
    """The certificate follows by itself."""
    await records.grant_proposal(
        actor_in(request), id, number=data.number, level=data.level, granted_on=data.granted_on
    )
    return Response(None, status_code=HTTP_200_OK)


@post(
    "/proposals/{id:uuid}/refuse",
    guards=[requires("proposal.grant", by_proposal)],
    operation_id="RefuseProposal",
    summary="Refuse what was proposed",
    status_code=HTTP_200_OK,
    responses=problems(401, 403, 404, 409, 422),
)
async def refuse(id: UUID, data: Refusal, request: AnyRequest) -> Response[None]:
    await records.refuse_proposal(actor_in(request), id, reason=data.reason)
    return Response(None, status_code=HTTP_200_OK)


@get(
    "/persons/{person:uuid}/record",
    guards=[requires("person.read")],
    operation_id="PersonRecord",
    summary="Everything a person holds, was proposed for or applied for",
    responses=problems(401, 403, 404, 409, 422),
)
async def record(person: UUID) -> dict[str, list[dict[str, Any]]]:
    return await whole_record(person)


@post(
    "/persons/{person:uuid}/honours",
    operation_id="RecordHonour",
    summary="Enter an honour that an authority granted",
    guards=[logged_in],
    responses=problems(401, 403, 404, 409, 422),
)
async def honour(person: UUID, data: HonourIn, request: AnyRequest) -> dict[str, str]:
    """Needs the right to decide for that authority."""
    made = await records.record_honour(
        actor_in(request),
        person,
        kind=data.kind,
        code=data.code,
        grade=data.grade,
        title=data.title,
        authority=data.authority,
        authority_title=data.authority_title,
        granted_on=data.granted_on,
        source=data.source,
        disclosed=data.disclosed,
    )
    return {"id": str(made)}


# --- issuers and keys --------------------------------------------------------------------------


@post(
    "/issuers",
    operation_id="CreateIssuer",
    summary="Make an organisation an issuer",
    guards=[logged_in],
    responses=problems(401, 403, 404, 409, 422),
)
async def create_issuer(data: IssuerIn, request: AnyRequest) -> dict[str, list[str]]:
    """Needs the role organiser or administrator on this issuer or its organisation: a role on the
    installation alone signs for nobody. Twice does nothing more."""
    return {"keys": await actions.create_issuer(actor_in(request), data.organisation)}


@get(
    "/issuers/{code:str}/keys",
    guards=[requires("issuer.manage", by_issuer)],
    operation_id="IssuerKeys",
    summary="An issuer's keys with their dates",
    responses=problems(401, 403, 404, 409, 422),
)
async def issuer_keys(code: str) -> list[KeyOut]:
    rows = (
        await SigningKey.select().where(SigningKey.issuer == code).order_by(SigningKey.published_at)
    )
    return [key_out(row) for row in rows]


@post(
    "/issuers/{code:str}/keys",
    guards=[requires("issuer.manage", by_issuer)],
    operation_id="RotateKey",
    summary="Publish the next key",
    responses=problems(401, 403, 404, 409, 422),
)
async def rotate(code: str, data: Rotation, request: AnyRequest) -> dict[str, str]:
    """It can be taken into use 24 hours later."""
    return {"kid": await actions.rotate_key(actor_in(request), code, data.purpose)}


@post(
    "/keys/{kid:str}/activate",
    operation_id="ActivateKey",
    summary="Take a published key into use",
    status_code=HTTP_200_OK,
    guards=[logged_in],
    responses=problems(401, 403, 404, 409, 422),
)
async def activate(kid: str, request: AnyRequest) -> Response[None]:
    await actions.activate_key(actor_in(request), kid)
    return Response(None, status_code=HTTP_200_OK)


@post(
    "/keys/{kid:str}/retire",
    operation_id="RetireKey",
    summary="Take a key out of use",
    status_code=HTTP_200_OK,
    guards=[logged_in],
    responses=problems(401, 403, 404, 409, 422),
)
async def retire(kid: str, request: AnyRequest) -> Response[None]:
    await actions.retire_key(actor_in(request), kid)
    return Response(None, status_code=HTTP_200_OK)


@post(
    "/keys/{kid:str}/compromise",
    operation_id="ReportCompromise",
    summary="A private key got into other hands",
    status_code=HTTP_200_OK,
    guards=[logged_in],
    responses=problems(401, 403, 404, 409, 422),
)
async def compromise(kid: str, data: Compromise, request: AnyRequest) -> dict[str, str]:
    """Everything it signed fails offline at once; a new key is in use."""
    return {"kid": await actions.report_compromise(actor_in(request), kid, data.reason)}


ROUTER = Router(
    path="/api/v1",
    route_handlers=[
        certificates,
        revoke,
        suspend,
        lift,
        proposals,
        explanation,
        grant,
        refuse,
        record,
        honour,
        create_issuer,
        issuer_keys,
        rotate,
        activate,
        retire,
        compromise,
    ],
    tags=["certificates"],
)
