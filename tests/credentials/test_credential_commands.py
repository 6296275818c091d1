"""`jiangxin verify` and `jiangxin keys`, as an operator types them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.security import SYSTEM
from core.settings import Settings
from credentials import actions, keyring, published
from credentials.queries import certificates_of, stored
from credentials.rendering import picture
from credentials.tables import SigningKey
from tests.credentials.facts import CONTEST, ORGANISER, issued, issuers
from tests.fixtures.processes import Jiangxin, environment_of


@pytest.fixture
async def one(database: Settings) -> dict[str, Any]:
    await issuers()
    return await issued()


async def test_a_token_is_verified_by_the_command(one: dict[str, Any], jiangxin: Jiangxin) -> None:
    shown = jiangxin("verify", "--token", one["token"])
    as_json = jiangxin("verify", "--json", "--token", one["qr_text"])

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("Genuine and valid")
    assert json.loads(as_json.stdout)["verdict"] == "valid"


async def test_a_file_is_verified_by_the_command(
    one: dict[str, Any], jiangxin: Jiangxin, tmp_path: Path
) -> None:
    row = await stored(one["public_id"])
    assert row is not None
    badge, forged = tmp_path / "badge.png", tmp_path / "forged.jwt"
    badge.write_bytes(await picture(row, "png"))
    forged.write_text(one["token"][:-6] + "AAAAAA")

    good, bad, absent = (jiangxin("verify", str(p)) for p in (badge, forged, tmp_path / "none"))

    assert good.returncode == 0, good.stderr
    assert bad.returncode == 1
    assert bad.stdout.startswith("Altered or forged")
    assert absent.returncode == 2


async def test_offline_it_needs_the_bundle_and_a_list(
    one: dict[str, Any], jiangxin: Jiangxin, tmp_path: Path
) -> None:
    bundle, status = tmp_path / "bundle.jwt", tmp_path / "list.jwt"
    bundle.write_text(await published.trust_bundle())
    status.write_text(await published.status_list("t", ORGANISER, 1))
    elsewhere = {"JIANGXIN_DATA": str(tmp_path / "elsewhere")}
    words = ("verify", "--json", "--token", one["token"], "--trust", str(bundle))

    without = jiangxin(*words, **elsewhere)
    with_list = jiangxin(*words, "--status", str(status), **elsewhere)
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="x")
    status.write_text(await published.status_list("r", ORGANISER, 1))
    revoked = jiangxin(*words, "--status", str(status), **elsewhere)
    spoilt = jiangxin(*words[:-1], str(status), **elsewhere)

    assert json.loads(without.stdout)["verdict"] == "status_unknown"
    assert json.loads(with_list.stdout)["verdict"] == "valid"
    assert json.loads(revoked.stdout)["verdict"] == "revoked"
    assert [without.returncode, with_list.returncode, revoked.returncode] == [1, 0, 1]
    assert spoilt.returncode == 2
    assert not (tmp_path / "elsewhere" / "jiangxin.sqlite").exists()


async def test_keys_are_listed_and_published_by_the_command(
    one: dict[str, Any], jiangxin: Jiangxin
) -> None:
    rotated = jiangxin("keys", "pre-publish", ORGANISER)
    kid = rotated.stdout.strip()
    listed = jiangxin("keys", "list")
    early = jiangxin("keys", "activate", kid)
    unasked = jiangxin("keys", "compromise", kid, "Stolen")
    lost = jiangxin("keys", "compromise", kid, "Stolen", "--yes")
    bundle = jiangxin("keys", "bundle")

    assert rotated.returncode == 0, rotated.stderr
    assert f"{kid}  pre_published" in listed.stdout
    assert early.returncode == 1
    assert "24 hours" in early.stderr
    assert unasked.returncode == 1
    assert "add --yes" in unasked.stderr
    assert lost.returncode == 0
    assert "0 certificates were signed with it" in lost.stdout
    assert bundle.stdout.count(".") == 2
    assert (await certificates_of(CONTEST))[0]["public_id"] == one["public_id"]


@pytest.mark.parametrize(("typed", "state"), [("n\n", "active"), ("y\n", "retired")])
async def test_before_a_key_is_retired_the_command_says_what_it_means_and_asks(
    one: dict[str, Any], settings: Settings, typed: str, state: str
) -> None:
    kid = (await keyring.signer_of(ORGANISER, "certificate")).kid
    terminal, theirs = pty.openpty()
    os.write(terminal, typed.encode())

    done = subprocess.run(
        [sys.executable, "-m", "core", "keys", "retire", kid],
        env=environment_of(settings),
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=120,
    )

    for end in (terminal, theirs):
        os.close(end)
    assert f"Key {kid} of {ORGANISER}: certificate, active." in done.stdout
    assert "1 certificates signed with it stay valid" in done.stdout
    row = await SigningKey.select(SigningKey.state).where(SigningKey.kid == kid).first()
    assert row == {"state": state}
    assert done.returncode == (0 if state == "retired" else 1), done.stderr
