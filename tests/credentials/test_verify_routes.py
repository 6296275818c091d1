"""The public addresses over HTTP, as an employer, a wallet and an attacker use them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jsonschema_rs
import jwt
import pytest
import zxingcpp
from PIL import Image

from core.privacy import erase_person
from core.security import SYSTEM
from core.settings import Settings
from credentials import actions, limits, published
from credentials.openbadges import schema
from credentials.pages.render import CSP, PAGE_CSP
from credentials.trust import CERTIFICATE
from credentials.trusting.actions import claims_of
from tests.credentials.facts import CONTEST, ORGANISER, issued, issuers, person, result, tell

pytestmark = pytest.mark.engine

HTML, JSON, VC = "text/html", "application/json", "application/vc+jwt"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    limits.guesses._left.clear()
    limits.forgeries._left.clear()


@pytest.fixture
async def one(database: Settings) -> dict[str, Any]:
    await issuers()
    return await issued(name="欧阳晓明")


def path(one: dict[str, Any], suffix: str = "") -> str:
    return f"/c/{one['public_id']}{suffix}"


async def get(client: httpx.AsyncClient, url: str, accept: str = "*/*", **headers: str) -> Any:
    return await client.get(url, headers={"Accept": accept, **headers})


async def badge(client: httpx.AsyncClient, one: dict[str, Any], form: str) -> httpx.Response:
    """As whoever holds the paper."""
    answer = await client.post(path(one, f"/badge/{form}"), content=one["qr_text"])
    assert answer.status_code == 200, answer.text
    return answer


async def post(client: httpx.AsyncClient, content: bytes | str) -> dict[str, Any]:
    answer = await client.post("/api/verify", content=content)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_certificate_answers_in_each_form(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    page = await get(client, path(one))
    verdict = await get(client, path(one), JSON)
    token = await badge(client, one, "jwt")

    assert page.headers["content-type"].startswith(HTML)
    assert verdict.json()["verdict"] == "valid"
    assert token.text == one["token"]
    assert token.headers["content-type"].startswith(VC)
    assert (await get(client, path(one, ".json"))).json()["verdict"] == "valid"


async def test_by_its_address_alone_the_name_is_masked(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    page = (await get(client, path(one))).text
    verdict = (await get(client, path(one), JSON)).text

    for text in (page, verdict):
        assert "欧***" in text
        assert "欧阳晓明" not in text


async def test_the_pictures_are_read_by_a_decoder_and_carry_the_token(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    png = (await badge(client, one, "png")).content
    svg = (await badge(client, one, "svg")).content

    picture = Image.open(io.BytesIO(png))
    assert zxingcpp.read_barcodes(picture)[0].text == one["qr_text"]
    for baked in (png, svg):
        verdict = await post(client, baked)
        assert verdict["verdict"] == "valid"


async def test_whatever_is_handed_in_gets_the_same_verdict(
    client: httpx.AsyncClient, one: dict[str, Any], settings: Settings
) -> None:
    fragment = one["qr_text"].partition("#")[2]
    forms = [
        one["token"],
        one["token"] + "\n",
        one["qr_text"],
        fragment,
        json.dumps({"token": one["token"]}),
        json.dumps({"qr": one["qr_text"]}),
        json.dumps({"text": fragment}),
    ]

    for form in forms:
        verdict = await post(client, form)
        assert verdict["verdict"] == "valid", form
        assert verdict["id"] == one["public_id"]
        identity = verdict["credential"]["credentialSubject"]["identifier"][0]
        assert identity["identityHash"] == "欧阳晓明"  # the bearer presented it
    by_address = await post(client, one["qr_text"].partition("#")[0])
    assert by_address["verdict"] == "valid"
    assert "欧阳晓明" not in str(by_address)


async def test_the_verdict_names_five_checks(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    verdict = await post(client, one["token"])

    assert [(check["id"], check["ok"]) for check in verdict["checks"]] == [
        ("unaltered", True),
        ("issuer", True),
        ("status", True),
        ("dates", True),
        ("person", None),
    ]
    assert verdict["status"]["value"] == "valid"
    assert verdict["listAge"] == 0
    assert verdict["checkedAt"].endswith("Z")
    assert all(check["detail"] for check in verdict["checks"])


async def test_forgeries_are_answers_and_no_errors(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    first, body, signature = one["token"].split(".")
    none = "eyJhbGciOiJub25lIn0"
    forged = [
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        f"{first}.{body[:-4]}AAAA.{signature}",
        f"{first}.{body}.{signature[:-4]}AAAA",
        one["qr_text"].replace(one["public_id"], "0000000000ZZ"),
        "A" * 17_000,
        "{",
        '{"token": 7}',
        '{"token":"a.b.c","token":"d.e.f"}',
        "[" * 10_000,
        "\0",
        "",
        b"\x89PNG\r\n\x1a\n",
        b"<svg/>",
        b"\xff\xfe",
        "é",
    ]

    for content in forged:
        verdict = await post(client, content)
        assert verdict["verdict"] in ("altered", "unknown_issuer", "not_found"), content
        assert verdict["credential"] is None


async def test_eight_megabytes_are_turned_away(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    answer = await client.post("/api/verify", content=b"A" * (8 * 1024 * 1024))

    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_withdrawal_is_seen_at_every_address(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Mistaken <identity>")

    page = (await get(client, path(one), **{"Accept-Language": "en"})).text
    verdict = (await get(client, path(one), JSON)).json()

    assert "<h1>Withdrawn</h1>" in page
    assert "Mistaken &lt;identity&gt;" in page
    assert verdict["verdict"] == "revoked"
    assert verdict["status"]["reason"] == "Mistaken <identity>"
    assert (await post(client, one["token"]))["verdict"] == "revoked"
    assert (await post(client, one["qr_text"]))["verdict"] == "revoked"


async def test_a_malformed_and_an_unknown_id_get_the_same_answer(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    strange = ["0000000000ZZ", "zz", "'; DROP TABLE certificate; --", "%00", "A" * 300, "..", "張"]

    answers = [
        await get(client, f"/c/{httpx.URL(path=id).raw_path.decode()}") for id in strange[:2]
    ]
    answers += [await client.get(f"/c/{part}") for part in ("%27%3B--", "A" * 300, "%E5%BC%B5")]

    bodies = {_without_time(answer.text) for answer in answers}
    assert {answer.status_code for answer in answers} == {404}
    assert len(bodies) == 1
    verdicts = {
        json.dumps((await get(client, f"/c/{id}", JSON)).json()["verdict"]) for id in strange[:2]
    }
    assert verdicts == {'"not_found"'}


def _without_time(page: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", page)


async def test_guessing_ids_is_slow_and_reading_real_ones_is_not(
    client: httpx.AsyncClient, one: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.guesses, "per_second", 0.001)  # however slow this machine is

    statuses = [(await client.get("/c/0000000000ZZ")).status_code for _ in range(70)]
    limits.guesses._left.clear()
    real = [(await client.get(path(one, ".json"))).status_code for _ in range(100)]

    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert set(real) == {200}


async def test_the_page_lets_nothing_run_be_kept_or_be_followed(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    page = await get(client, path(one))

    assert page.headers["content-security-policy"] == PAGE_CSP
    assert "unsafe" not in PAGE_CSP
    assert "connect-src" not in PAGE_CSP  # so default-src 'none' holds: nothing can be sent
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]
    assert "src=" not in page.text
    assert "@import" not in page.text
    hosts = set(re.findall(r"https?://([^/\s\"'<]+)", page.text))
    assert hosts <= {"127.0.0.1:8000"}


async def test_the_script_of_the_page_is_the_one_that_its_headers_allow(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    page = await get(client, path(one))
    found = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)

    digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
    assert len(found) == 1
    assert f"script-src 'sha256-{digest}'" in page.headers["content-security-policy"]


async def test_one_answer_of_less_than_fourteen_kilobytes_is_the_whole_page(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Mistaken identity " * 8)
    sizes = {}

    for language in ("zh-Hans", "zh-Hant", "en", "pt"):
        for id in (one["public_id"], "0000000000ZZ"):
            url = f"/c/{id}?lang={language}"
            async with client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as answer:
                wire = b"".join([chunk async for chunk in answer.aiter_raw()])
            plain = await client.get(url, headers={"Accept-Encoding": "identity"})
            assert answer.headers["content-encoding"] == "gzip"
            assert _without_time(gzip.decompress(wire).decode()) == _without_time(plain.text)
            sizes[language, id] = len(wire)

    assert max(sizes.values()) < 14 * 1024


async def test_the_page_speaks_four_languages(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    words = {
        "zh-CN": "真实有效",
        "zh-MO": "真實有效",
        "en": "Genuine and valid",
        "pt": "Autêntico e válido",
    }

    for language, word in words.items():
        page = await get(client, path(one), **{"Accept-Language": language})
        assert f"<h1>{word}</h1>" in page.text
    chosen = await get(client, path(one) + "?lang=pt")
    assert '<html lang="pt">' in chosen.text


async def test_hostile_names_stay_text(client: httpx.AsyncClient, database: Settings) -> None:
    await issuers()
    name = '<img src=x onerror=alert(1)> \u202e"张' + "x" * 5_000
    one = await issued(name=name[:300])

    page = (await get(client, path(one))).text
    verdict = await post(client, one["token"])

    assert "<img" not in page
    assert "\u202e" not in page
    assert verdict["verdict"] == "valid"


async def test_an_erased_certificate_says_so(client: httpx.AsyncClient, database: Settings) -> None:
    await issuers()
    from core.events import ResultFinal
    from credentials.queries import certificates_of

    holder = await person("独孤求败")
    await tell(ResultFinal(result([holder])))
    one = (await certificates_of(CONTEST))[0]
    await erase_person(holder)

    page = await get(client, path(one), **{"Accept-Language": "en"})
    verdict = (await get(client, path(one), JSON)).json()
    token = await get(client, path(one), VC)

    assert "Erased on request" in page.text
    assert "独" not in page.text
    assert verdict["verdict"] == "erased"
    assert verdict["status"]["value"] == "valid"
    assert token.status_code == 404
    assert (await get(client, path(one, ".svg"))).status_code == 200


# --- keys, issuers, lists ----------------------------------------------------------------------


async def test_a_stranger_verifies_with_what_is_published_alone(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    header = jwt.get_unverified_header(one["token"])
    jwk = (await client.get(httpx.URL(header["kid"]).path)).json()
    payload = jwt.decode(one["token"], jwt.PyJWK(jwk).key, algorithms=["ES256"])
    issuer = (await client.get(httpx.URL(payload["iss"]).path)).json()
    entry = payload["credentialStatus"]
    listed = await client.get(httpx.URL(entry["statusListCredential"]).path)
    status_key = jwt.get_unverified_header(listed.text)["kid"]
    published = (await client.get("/.well-known/jwks.json")).json()["keys"]

    assert set(jwk) >= {"kty", "crv", "x", "y"}
    assert header["kid"] in issuer["assertionMethod"]
    assert {header["kid"], status_key} <= {key["kid"] for key in published}
    key = next(key for key in published if key["kid"] == status_key)
    decoded = jwt.decode(listed.text, jwt.PyJWK(key).key, algorithms=["ES256"])
    assert decoded["credentialSubject"]["encodedList"].startswith("u")
    achievement = payload["credentialSubject"]["achievement"]
    described = await get(client, httpx.URL(achievement["id"]).path, JSON)
    assert described.json() == achievement


async def test_an_issuer_s_profile_passes_the_published_schema(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    document = (await client.get(f"/issuers/{ORGANISER}")).json()

    validator = jsonschema_rs.validator_for(schema("profile"))
    assert list(validator.iter_errors(document)) == []


async def test_the_key_set_is_cached_for_an_hour(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    first = await client.get("/.well-known/jwks.json")
    again = await client.get(
        "/.well-known/jwks.json", headers={"If-None-Match": first.headers["etag"]}
    )

    assert first.headers["cache-control"] == "public, max-age=3600"
    assert again.status_code == 304
    assert again.content == b""


async def test_the_token_list_and_the_bundle_are_signed(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    listed = await client.get(f"/status/t/{ORGANISER}/1")
    bundle = await client.get("/trust/bundle")

    assert listed.headers["content-type"].startswith("application/statuslist+jwt")
    assert jwt.get_unverified_header(listed.text)["typ"] == "statuslist+jwt"
    assert jwt.get_unverified_header(bundle.text)["alg"] == "ES256"


async def test_the_bundle_is_fetched_again_only_when_it_says_something_else(
    client: httpx.AsyncClient, one: dict[str, Any]
) -> None:
    now = datetime.now(UTC)
    kept = await published.trust_bundle(now - timedelta(minutes=40))
    first = await client.get("/trust/bundle")
    known = {"If-None-Match": first.headers["etag"]}
    unchanged = await client.get("/trust/bundle", headers=known)
    await actions.rotate_key(SYSTEM, ORGANISER, CERTIFICATE)
    with_a_key = await client.get("/trust/bundle", headers=known)
    an_hour_later = await published.trust_bundle(now + timedelta(minutes=61))

    assert first.text == kept
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (with_a_key.status_code, first.text != with_a_key.text) == (200, True)
    keys = [len(claims_of(text)["keys"]) for text in (kept, with_a_key.text, an_hour_later)]
    assert keys[0] + 1 == keys[1] == keys[2]
    assert claims_of(an_hour_later)["iat"] == int((now + timedelta(minutes=61)).timestamp())


@pytest.mark.parametrize(
    "address",
    [
        "/issuers/nobody",
        "/keys/AAAAAAAAAAA",
        "/status/r/nobody/1",
        "/status/t/nobody/99999999999999999999",
        "/status/r/x/-1",
        "/achievements/x/y",
    ],
)
async def test_what_is_not_there_is_a_problem(
    client: httpx.AsyncClient, one: dict[str, Any], address: str
) -> None:
    answer = await client.get(address, headers={"Accept": JSON})

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_an_achievement_has_a_page(client: httpx.AsyncClient, one: dict[str, Any]) -> None:
    page = await get(client, f"/achievements/{ORGANISER}/pastry-2024-first", HTML)

    assert page.status_code == 200
    assert "中式面点制作 一等奖" in page.text
    assert page.headers["content-security-policy"] == CSP
