"""Every error as an RFC 9457 problem, in four languages; a page for browsers."""

from __future__ import annotations

import logging

import httpx
import pytest
from litestar import Litestar, get, post

from core import errors
from core.errors import JiangxinError
from core.problems import HANDLERS, problem_of
from core.scoring.model import Finding
from core.security import Role
from core.settings import Settings
from core.web.i18n import LANGUAGES
from core.web.limits import BODY_LIMIT
from tests.factories_accounts import bearer, make_account

CHINESE = range(0x4E00, 0xA000)
ERRORS = sorted(
    {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, JiangxinError)
    },
    key=lambda kind: kind.__name__,
)


def is_chinese(text: str) -> bool:
    return any(ord(character) in CHINESE for character in text)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_is_told_in_each_language(settings: Settings, kind: type[JiangxinError]) -> None:
    error = kind([], kind="contest", state="closed", needed="judging", permission="contest.run")

    told = {language: problem_of(error, language, "/x") for language in LANGUAGES}

    assert len({(p.title, p.detail) for p in told.values()}) >= 3
    assert is_chinese(told["zh-Hans"].title + told["zh-Hans"].detail)
    assert is_chinese(told["zh-Hant"].detail)
    assert not is_chinese(told["en"].detail + told["pt"].detail)
    assert {p.status for p in told.values()} == {kind.status}
    assert {p.type for p in told.values()} == {f"/problems/{kind.slug}"}


def test_codes_in_a_sentence_are_said_as_words(settings: Settings) -> None:
    refused = problem_of(errors.Forbidden(permission="contest.open_codes"), "en", "/")
    early = problem_of(
        errors.WrongState(contest="C1", state="draft", needed="closed / signed"), "en", "/"
    )
    early_here = problem_of(
        errors.WrongState(contest="C1", state="draft", needed="closed / signed"), "pt", "/"
    )
    absent = problem_of(errors.NotFound(kind="contest", id="C1"), "zh-Hans", "/")

    assert "open the codes" in refused.detail
    assert early.detail == "Contest C1 is draft; this step needs closed / signed."
    assert "«encerrada / assinada»" in early_here.detail
    assert absent.detail == "没有赛项 C1。"


def test_findings_stand_in_the_problem_each_with_its_place_and_sentence(settings: Settings) -> None:
    error = errors.Invalid([Finding("/rows/3/login", "login-taken", {"login": "li"})])

    problem = problem_of(error, "en", "/api/v1/accounts")

    assert problem.detail == "To correct: 1. Nothing was saved."
    assert problem.findings[0].pointer == "/rows/3/login"
    assert problem.findings[0].detail == "The login li is in use. Choose another one."


def test_a_finding_that_nobody_registered_still_shows_itself(settings: Settings) -> None:
    problem = problem_of(errors.Invalid([Finding("/x", "odd-code", {"n": "1"})]), "pt", "/")

    assert problem.findings[0].detail == "odd-code (n: 1)"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/nothing", None, 404),
        ("PATCH", "/api/v1/me", None, 405),
        ("GET", "/api/v1/me", None, 401),
        ("POST", "/api/v1/sessions", b"{not json", 400),
        ("POST", "/api/v1/sessions", b'{"login": 7, "password": "x"}', 400),
        ("POST", "/api/v1/sessions", b'{"login": "x"}', 400),
        ("POST", "/api/v1/sessions", b"[]", 400),
        ("POST", "/api/v1/sessions", b'{"login": "x", "password": "x"}', 401),
        ("POST", "/api/v1/sessions", b"", 400),
        ("GET", "/api/v1/accounts?limit=many", None, 401),
        ("GET", "/in/unknown", None, 409),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_class_of_error_is_a_problem_in_the_readers_language(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: bytes | None,
    status: int,
    language: str,
) -> None:
    headers = {"Accept-Language": language, "Content-Type": "application/json"}

    answer = await client.request(method, path, content=body, headers=headers)

    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]
    assert problem["type"].startswith("/problems/")
    assert problem["instance"] == path.partition("?")[0]
    assert is_chinese(problem["title"] + problem["detail"]) == language.startswith("zh")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ('{"password": "x"}', "/login", "shape-missing"),
        ('{"login": 7, "password": "x"}', "/login", "shape-type"),
        ("[]", "", "shape-type"),
    ],
)
async def test_a_wrong_shape_is_named_by_place(
    client: httpx.AsyncClient, body: str, pointer: str, code: str
) -> None:
    answer = await client.post(
        "/api/v1/sessions", content=body, headers={"Content-Type": "application/json"}
    )

    finding = answer.json()["findings"][0]
    assert (finding["pointer"], finding["code"]) == (pointer, code)
    assert is_chinese(finding["detail"])


async def test_a_field_that_does_not_exist_is_refused_by_name(client: httpx.AsyncClient) -> None:
    headers = await bearer(await make_account(Role.ADMINISTRATOR))

    answer = await client.post(
        "/api/v1/accounts", json={"login": "x", "rolle": "judge"}, headers=headers
    )

    finding = answer.json()["findings"][0]
    assert (finding["pointer"], finding["code"]) == ("/rolle", "shape-unknown")


async def test_a_body_above_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/sessions", content=b" " * (BODY_LIMIT + 1))

    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/http-413"
    assert "32 MB" in answer.json()["detail"]


async def test_a_wrong_method_says_which_ones_there_are(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/api/v1/me", headers={"Accept-Language": "en"})

    assert "PATCH" in answer.json()["detail"]
    assert "GET" in answer.headers["allow"]


async def test_a_browser_gets_a_page_and_a_program_on_the_same_address_a_problem(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/nothing", headers={"Accept": "text/html", "Accept-Language": "pt"})
    problem = await client.get("/nothing")

    assert page.status_code == problem.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "Não encontrado" in page.text
    assert problem.headers["content-type"] == "application/problem+json"


async def test_under_api_even_a_browser_gets_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing", headers={"Accept": "text/html"})

    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_the_address_holds_is_escaped_on_the_page(client: httpx.AsyncClient) -> None:
    page = await client.get("/<script>alert(1)</script>", headers={"Accept": "text/html"})

    assert page.status_code == 404
    assert "<script" not in page.text


# --- crashes -----------------------------------------------------------------------------------


@get("/crash")
async def crash() -> None:
    raise RuntimeError("the secret is 42")


@post("/crash-page")
async def crash_page() -> None:
    raise RuntimeError("the secret is 42")


@pytest.fixture
def crashing(settings: Settings) -> httpx.AsyncClient:
    app = Litestar([crash, crash_page], exception_handlers=HANDLERS, logging_config=None)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
async def test_a_crash_shows_a_reference_that_the_log_has_and_nothing_inside(
    crashing: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await crashing.get("/crash", headers={"Accept": accept})

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    reference = caplog.records[-1].args[1]  # type: ignore[index]
    assert str(reference) in answer.text
    assert "the secret is 42" in caplog.text
