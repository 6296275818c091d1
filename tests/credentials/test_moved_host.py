"""Three installations, one verifier with a bundle of all, and one of them moves to a new host."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from core import db, installation
from core.db import transaction
from core.events import NameCorrected
from core.installation import write_secrets
from core.privacy import change_person
from core.security import SYSTEM
from core.settings import Settings, load, use
from credentials import published
from credentials.answers import verdict_out
from credentials.encoding import to_json
from credentials.identifiers import Addresses
from credentials.keys import new_private_key, public_jwk, thumbprint_of
from credentials.presented import verify
from credentials.queries import certificates_of
from credentials.renaming import rename_certificates
from credentials.rendering import payload_of
from credentials.trust import BUNDLE_TYPE, bundle_payload, read_bundles, store_of
from credentials.trusting import actions as trusting
from credentials.trusting.among import Known, known_of, verify_among
from credentials.trusting.authorisation import Request, authorise
from credentials.verify import State
from tests.credentials.facts import CONTEST, ORGANISER, issued, issuers
from tests.credentials.kit import make_issuer
from tests.fixtures.processes import Jiangxin

OLD, NEW = "https://cert.old.example.cn", "https://cert.new.example.cn"
MACAO, HONG_KONG = "https://cert.example.mo", "https://cert.example.hk"


@asynccontextmanager
async def elsewhere(folder: Path, origin: str, template: Path) -> AsyncIterator[Settings]:
    """Another installation, open in this process as long as the block runs."""
    write_secrets(folder)
    made = replace(load({"JIANGXIN_DATA": str(folder)}), certificate_origin=origin)
    shutil.copyfile(template, made.sqlite_path)
    use(made)
    async with db.opened(made):
        await installation.claim(made)
        yield made


async def leaving(folder: Path, origin: str, template: Path) -> dict[str, str]:
    """What somebody carries away from an installation: bundle, list, token, paper, root."""
    root = new_private_key()
    async with elsewhere(folder, origin, template):
        await issuers()
        one = await issued()
        answer = authorise(await trusting.root_request(), root, datetime.now(UTC), days=30)
        await trusting.install_authorisation(SYSTEM, answer)
        return {
            "token": one["token"],
            "paper": one["qr_text"],
            "bundle": await published.trust_bundle(),
            "list": await published.status_list("t", ORGANISER, 1),
            "root": thumbprint_of(public_jwk(root.public_key())),
        }


def verdicts(texts: list[str], known: list[Known]) -> list[tuple[State, str]]:
    found = [verify_among(text.encode(), known, datetime.now(UTC)) for text in texts]
    return [(v.state, one.trust.addresses.origin if one else "") for v, one in found]


async def test_one_verifier_knows_three_installations_and_one_of_them_moves(
    tmp_path: Path, template: Path | str, jiangxin: Jiangxin, settings: Settings
) -> None:
    if not isinstance(template, Path):
        pytest.skip("needs three databases; the engine makes no difference")
    macao = await leaving(tmp_path / "macao", MACAO, template)
    hong_kong = await leaving(tmp_path / "hong-kong", HONG_KONG, template)

    async with elsewhere(tmp_path / "own", OLD, template) as before:
        await issuers()
        one = await issued()
        for other in (macao, hong_kong):
            await trusting.accept_installation(SYSTEM, other["bundle"], root=other["root"])

        moved = replace(before, certificate_origin=NEW, former_origins=(OLD,))
        use(moved)
        later = await issued(name="欧阳晓明")
        bundle = await published.trust_bundle()
        lists = [
            await published.status_list("t", ORGANISER, 1, host=host)
            for host in ("cert.new.example.cn", "cert.old.example.cn")
        ]

    now = datetime.now(UTC)
    stores = read_bundles(bundle, now)
    texts = [one["token"], one["qr_text"], later["token"], later["qr_text"]]
    others = [macao["token"], macao["paper"], hong_kong["token"], hong_kong["paper"]]
    assert one["qr_text"].startswith(OLD)
    assert later["qr_text"].startswith(NEW)
    assert [payload_of(token)["iss"].partition("/issuers")[0] for token in texts[::2]] == [OLD, NEW]
    for status in lists:  # either of the two lists is enough
        known = known_of(stores, [status, macao["list"], hong_kong["list"]], now)
        assert verdicts(texts, known) == [(State.VALID, NEW)] * 4
        assert (
            verdicts(others, known) == [(State.VALID, MACAO)] * 2 + [(State.VALID, HONG_KONG)] * 2
        )
    bare = [text.partition("#")[2] for text in (one["qr_text"], hong_kong["paper"])]
    assert verdicts(bare, known) == [(State.VALID, NEW), (State.VALID, HONG_KONG)]
    crossed = f"{MACAO}/c/{one['public_id']}#{bare[0]}"  # our content under another's address
    strange = macao["paper"].replace(MACAO, "https://cert-example.mo")
    assert [state for state, _ in verdicts([crossed, strange], known)] == [State.UNKNOWN_ISSUER] * 2

    files = {name: tmp_path / f"{name}.jwt" for name in ("bundle", "own", "macao")}
    for name, text in zip(files, (bundle, lists[0], macao["list"]), strict=True):
        files[name].write_text(text)
    words = ["verify", "--trust", str(files["bundle"]), "--status", str(files["own"])]
    words += ["--status", str(files["macao"])]
    shown = await asyncio.to_thread(jiangxin, *words, "--token", macao["paper"])
    named = await asyncio.to_thread(jiangxin, *words, "--json", "--token", macao["token"])
    assert json.loads(named.stdout)["issuer"].startswith(MACAO)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[:2] == ["cert.example.mo", "Genuine and valid"]


async def test_an_installation_is_accepted_only_as_itself_and_never_backwards(
    tmp_path: Path, template: Path | str
) -> None:
    if not isinstance(template, Path):
        pytest.skip("needs two databases; the engine makes no difference")
    macao = await leaving(tmp_path / "macao", MACAO, template)

    async with elsewhere(tmp_path / "own", OLD, template):
        await issuers()
        own = await published.trust_bundle()
        refused = [(own, ""), (macao["bundle"], "A" * 43), (macao["bundle"][:-4] + "AAAA", "")]
        for bundle, root in refused:
            with pytest.raises(trusting.BundleRefused):
                await trusting.accept_installation(SYSTEM, bundle, root=root)
        await trusting.accept_installation(SYSTEM, macao["bundle"], root=macao["root"])
        with pytest.raises(trusting.BundleRefused, match="other-root"):
            await trusting.accept_installation(SYSTEM, macao["bundle"], root="A" * 43)
        await trusting.accept_installation(SYSTEM, macao["bundle"])  # its root is remembered
        assert [one["root"] for one in await trusting.accepted_installations()] == [macao["root"]]
        await trusting.drop_installation(SYSTEM, MACAO)
        assert len(read_bundles(await published.trust_bundle(), datetime.now(UTC))) == 1


async def test_an_accepted_installation_may_move_but_nobody_takes_its_origin_over(
    database: Settings,
) -> None:
    use(replace(database, certificate_origin=OLD))
    root, thief_root = new_private_key(), new_private_key()
    now = datetime.now(UTC)
    rooted, loose = Foreign(MACAO, root), Foreign(HONG_KONG, None)
    await trusting.accept_installation(SYSTEM, rooted.bundle(now), root=rooted.thumb)
    await trusting.accept_installation(SYSTEM, loose.bundle(now))

    moved = "https://cert.moved.example.mo"
    for refused, code in (
        (Foreign(moved, thief_root, former=(MACAO,)).bundle(now, n=9), "root"),
        (Foreign(moved, None, former=(HONG_KONG,)).bundle(now), "origin-of-another"),
        (Foreign(moved, root, former=(MACAO, HONG_KONG)).bundle(now, n=9), "origin-of-another"),
        (Foreign(HONG_KONG, None).bundle(now), "other-trust-key"),
        (loose.bundle(now - timedelta(days=1)), "bundle-older"),
        (rooted.bundle(now, n=0), "replayed"),
    ):
        with pytest.raises(trusting.BundleRefused, match=code):
            await trusting.accept_installation(SYSTEM, refused)

    await trusting.accept_installation(SYSTEM, loose.bundle(now + timedelta(seconds=5)))
    went = Foreign(moved, root, former=(MACAO,))
    await trusting.accept_installation(SYSTEM, went.bundle(now, n=2))
    assert [one["origin"] for one in await trusting.accepted_installations()] == [HONG_KONG, moved]


class Foreign:
    """Another installation without a database, with or without a root of its own."""

    def __init__(self, origin: str, root: Any, former: tuple[str, ...] = ()) -> None:
        self.addresses, self.root = Addresses(origin, former), root
        self.keys = make_issuer("", "trust")
        self.thumb = thumbprint_of(public_jwk(root.public_key())) if root else ""

    def bundle(self, now: datetime, n: int = 1) -> str:
        origins = tuple(a.origin for a in self.addresses.everywhere())
        jwk = public_jwk(self.keys.trusted.key)
        payload = bundle_payload(
            store_of(self.addresses, [self.keys.trusted], now),
            now,
            authorisation=authorise(Request(n, origins, (jwk,)), self.root, now, days=30)
            if self.root
            else "",
        )
        return self.keys.signer.at(self.addresses).sign(to_json(payload), typ=BUNDLE_TYPE)


def under(client: httpx.AsyncClient, origin: str) -> Any:
    """Asks as somebody does who typed this host."""

    async def get(path: str, **headers: str) -> httpx.Response:
        host = origin.partition("://")[2]
        return await client.get(path, headers={"Host": host, **headers})

    return get


async def test_both_hosts_answer_with_their_own_addresses_and_without_a_redirect(
    database: Settings, client: httpx.AsyncClient
) -> None:
    use(replace(database, certificate_origin=OLD))
    await issuers()
    one = await issued()
    kid = payload_of(one["token"])["issuer"]["id"]
    use(replace(database, certificate_origin=NEW, former_origins=(OLD,)))
    claims = payload_of(one["token"])
    path = claims["credentialStatus"]["statusListCredential"].removeprefix(OLD)

    for origin in (OLD, NEW):
        get = under(client, origin)
        page = await get(f"/c/{one['public_id']}", Accept="application/json")
        shown = await get(f"/c/{one['public_id']}", Accept="text/html")
        issuer = (await get(kid.removeprefix(OLD))).json()
        listed = payload_of((await get(path)).text)
        token_list = payload_of((await get(path.replace("/r/", "/t/"))).text)
        achieved = claims["credentialSubject"]["achievement"]["id"].removeprefix(OLD)
        key = (await get(issuer["assertionMethod"][0].removeprefix(origin))).json()
        keys = (await get("/.well-known/jwks.json")).json()["keys"]

        assert page.status_code == 200
        assert f"<strong>{origin.partition('://')[2]}</strong>" in shown.text
        assert page.json()["verdict"] == "valid"
        assert issuer["id"] == f"{origin}/issuers/{ORGANISER}"
        assert listed["id"] == listed["sub"].partition("#")[0] == f"{origin}{path}"
        assert token_list["iss"] == issuer["id"]
        assert key["kid"] == issuer["assertionMethod"][0]
        assert {k["kid"].partition("/keys/")[0] for k in keys} == {origin}
        told = await get(achieved, Accept="application/json")
        assert told.json()["id"] == f"{origin}{achieved}"
        assert payload_of((await get("/trust/bundle")).text)["formerOrigins"] == [OLD]
        posted = await client.post("/api/verify", content=one["qr_text"].encode())
        assert posted.json()["verdict"] == "valid"


async def test_a_name_corrected_after_the_move_keeps_the_document_under_one_origin(
    database: Settings,
) -> None:
    use(replace(database, certificate_origin=OLD))
    await issuers()
    one = await issued()
    use(replace(database, certificate_origin=NEW, former_origins=(OLD,)))

    async with transaction():
        await change_person(UUID(one["person"]), name="张玮")
        await rename_certificates([NameCorrected(CONTEST, one["person"], ORGANISER)])

    again = (await certificates_of(CONTEST))[0]
    assert NEW not in str(payload_of(again["token"]))
    assert (await verify(again["token"].encode()))[0].state is State.VALID
    assert (await verify(again["qr_text"].encode()))[0].state is State.VALID
    assert (await verify(one["token"].encode()))[0].state is State.REPLACED


async def test_what_an_accepted_installation_signed_is_named_with_where_to_look(
    tmp_path: Path, template: Path | str
) -> None:
    if not isinstance(template, Path):
        pytest.skip("needs two databases; the engine makes no difference")
    macao = await leaving(tmp_path / "macao", MACAO, template)
    public_id = macao["paper"].partition("#")[0].rpartition("/")[2]
    page, bare = f"{MACAO}/c/{public_id}", macao["paper"].partition("#")[2]
    forged = macao["token"][:-6] + "AAAAAA"

    async with elsewhere(tmp_path / "own", OLD, template):
        await issuers()
        before, _ = await verify(macao["token"].encode())
        await trusting.accept_installation(SYSTEM, macao["bundle"], root=macao["root"])
        found = {
            text: await verify(text.encode()) for text in (macao["token"], macao["paper"], bare)
        }
        by_address, named = await verify(page.encode())
        bent, _ = await verify(forged.encode())
        own, _ = await verify((await issued())["token"].encode())
        later = datetime.now(UTC) + timedelta(days=31)
        over, _ = await verify(macao["token"].encode(), later)
        await trusting.drop_installation(SYSTEM, MACAO)
        after, _ = await verify(macao["token"].encode())

    assert (before.state, before.elsewhere) == (State.UNKNOWN_ISSUER, "")
    for verdict, whole in found.values():
        codes = {check.id: check.code for check in verdict.checks}
        assert (verdict.state, verdict.elsewhere, whole) == (State.STATUS_UNKNOWN, page, True)
        assert (codes["issuer"], codes["status"]) == ("trusted-elsewhere", "status-elsewhere")
        out = verdict_out(verdict, "en", named=whole)
        assert out.elsewhere == page
        assert any("cert.example.mo" in check.detail for check in out.checks)
    assert (by_address.state, by_address.elsewhere, named) == (State.STATUS_UNKNOWN, page, False)
    assert bent.state is State.ALTERED
    assert (own.state, own.elsewhere) == (State.VALID, "")
    assert over.state is State.UNKNOWN_ISSUER  # its bundle is out of date
    assert after.state is State.UNKNOWN_ISSUER
