"""Strangers' plugins as real wheels: a good one works, a broken one is named and hurts nobody."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from tests.core import wheels
from tests.fixtures.processes import Jiangxin, Server, environment_of, run_command

SHIPPED = {
    "admin",
    "contests",
    "cooking",
    "craftsman_index",
    "credentials",
    "drone_surveying",
    "greater_bay_area",
    "panel",
    "robotics",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both wheels, to be put on a process's path."""
    folder = tmp_path_factory.mktemp("wheels")
    good, bad = wheels.build_example(folder), wheels.build_broken(folder)
    return wheels.install(folder / "installed", good, bad)


def with_wheels(environment: dict[str, str], installed: Path) -> dict[str, str]:
    path = os.pathsep.join([environment["PYTHONPATH"], str(installed)])
    return {**environment, "PYTHONPATH": path}


def run(settings: Settings, installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_command(words, with_wheels(environment_of(settings), installed))


def listed(settings: Settings, installed: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(settings, installed, "plugins", "--json").stdout)
    return found


def test_a_good_wheel_is_loaded_with_everything_that_it_brings(
    settings: Settings, installed: Path
) -> None:
    [found] = [p for p in listed(settings, installed)["plugins"] if p["name"] == "wood_carving"]

    assert found == {
        "name": "wood_carving",
        "distribution": "wood-carving 1.0",
        "third_party": True,
        "contest_types": [{"code": "wood_carving", "version": 1}],
        "partner_rules": [],
        "event_handlers": ["wood_carving.register"],
        "piccolo_apps": ["wood_carving.piccolo_app"],
        "commands": [],
        "shredders": [],
        "routes": 1,
    }


def test_a_wheel_that_cannot_be_imported_is_disabled_and_says_why(
    settings: Settings, installed: Path
) -> None:
    assert listed(settings, installed)["disabled"] == [
        {
            "name": "broken",
            "distribution": "broken-wheel 0.3",
            "reason": "can't be imported: ModuleNotFoundError: "
            "No module named 'a_library_that_nobody_installed'",
        }
    ]


def test_everything_that_ships_goes_on_beside_them(
    settings: Settings, installed: Path, jiangxin: Jiangxin
) -> None:
    alone = json.loads(jiangxin("plugins", "--json").stdout)

    beside = listed(settings, installed)

    assert {plugin["name"] for plugin in alone["plugins"]} == SHIPPED
    ours = [plugin for plugin in beside["plugins"] if not plugin["third_party"]]
    assert ours == alone["plugins"]


def test_the_exit_code_and_the_doctor_tell_of_the_broken_one(
    storage: Settings, installed: Path
) -> None:
    assert run(storage, installed, "plugins").returncode == 1

    checkup = run(storage, installed, "doctor")

    assert checkup.returncode == 1
    assert "broken (broken-wheel 0.3) is disabled" in checkup.stdout


def test_strict_plugins_refuses_to_start_with_the_broken_one(
    settings: Settings, installed: Path
) -> None:
    environment = with_wheels(environment_of(settings), installed)

    done = run_command(["plugins"], {**environment, "JIANGXIN_STRICT_PLUGINS": "1"})

    assert done.returncode == 2
    assert "Plugin broken (broken-wheel 0.3): can't be imported" in done.stderr


def test_a_servers_pages_stay_up_and_the_good_ones_route_stands_under_x(
    settings: Settings, installed: Path, tmp_path: Path, start_server: Callable[..., Server]
) -> None:
    server = start_server(environment=with_wheels(environment_of(settings), installed))

    health = status(f"{server.url}/healthz")
    page = status(f"{server.url}/")

    assert "broken" in health[1]
    assert page[0] < 500
    assert status(f"{server.url}/x/wood_carving/gallery")[0] != 404
    assert status(f"{server.url}/gallery")[0] == 404


def status(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8")
