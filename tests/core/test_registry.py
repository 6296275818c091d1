"""The registry: what is broken is disabled and named, and everything else goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any, ClassVar

import pytest
from litestar import Router, get

from core.contest_type import ContestType
from core.errors import ContestTypeMissing, NotFound
from core.events import PersonErased, ResultFinal
from core.hookspecs import PluginContext, hookimpl
from core.outbox import Handler
from core.registry import PluginConflict, Registry, load_registry
from core.scoring.model import Text
from core.settings import Settings, SettingsError, load


class Carving(ContestType):
    code = "carving"
    version = 1
    title: ClassVar[Text] = {"en": "Wood carving"}


class CarvingTwo(Carving):
    version = 2


class Weaving(ContestType):
    code = "weaving"
    title: ClassVar[Text] = {"en": "Weaving"}


class Installed:
    """Entry points of modules that exist only in one test."""

    def __init__(self) -> None:
        self.found: list[tuple[EntryPoint, str, str]] = []

    def add(self, name: str, distribution: str = "", **hooks: Any) -> None:
        module = ModuleType(f"_installed_{len(self.found)}")
        for hook, function in hooks.items():
            setattr(module, hook, hookimpl(function))
        sys.modules[module.__name__] = module
        self.add_point(name, module.__name__, distribution)

    def add_point(self, name: str, target: str, distribution: str = "") -> None:
        point = EntryPoint(name, target, "jiangxin")
        self.found.append((point, distribution or f"{name}-wheel", "1.0"))

    def load(self, settings: Settings | None = None) -> Registry:
        return load_registry(settings or load({}), self.found)


@pytest.fixture
def installed() -> Iterator[Installed]:
    made = Installed()
    yield made
    for point, _, _ in made.found:
        sys.modules.pop(point.value, None)


def types(*found: ContestType) -> Any:
    def contest_types() -> Iterable[ContestType]:
        return found

    return contest_types


def test_it_finds_the_newest_version_unless_asked_for_another(installed: Installed) -> None:
    installed.add("carving", contest_types=types(CarvingTwo(), Carving()))
    installed.add("weaving", contest_types=types(Weaving()))

    registry = installed.load()

    assert registry.contest_type("carving").version == 2
    assert registry.contest_type("carving", 1).version == 1
    assert [t.code for t in registry.contest_types()] == ["carving", "weaving"]


def test_an_absent_version_is_missing_never_replaced_by_a_newer_one(installed: Installed) -> None:
    installed.add("carving", contest_types=types(CarvingTwo()))

    with pytest.raises(ContestTypeMissing, match="carving version 1 is not installed"):
        installed.load().contest_type("carving", 1)
    with pytest.raises(ContestTypeMissing, match="pottery"):
        installed.load().contest_type("pottery")


def test_unknown_partner_rules_are_not_found(installed: Installed) -> None:
    with pytest.raises(NotFound, match="partner rules nowhere"):
        installed.load().partner("nowhere")


def test_a_plugin_that_cannot_be_imported_is_named_and_the_others_go_on(
    installed: Installed,
) -> None:
    installed.add_point("broken", "no_such_module_anywhere", "broken-wheel")
    installed.add("weaving", contest_types=types(Weaving()))

    registry = installed.load()

    assert [t.code for t in registry.contest_types()] == ["weaving"]
    assert [(p.name, p.distribution) for p in registry.disabled] == [("broken", "broken-wheel 1.0")]
    assert "ModuleNotFoundError: No module named 'no_such_module_anywhere'" in (
        registry.disabled[0].reason
    )


def test_a_plugin_that_ends_the_process_when_imported_is_only_disabled(
    installed: Installed, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leaves_at_once.py").write_text("raise SystemExit(3)\n")
    monkeypatch.syspath_prepend(tmp_path)
    installed.add_point("leaver", "leaves_at_once")

    assert installed.load().disabled[0].reason == "can't be imported: SystemExit: 3"


def test_a_misspelt_hook_offers_the_nearest_name(installed: Installed) -> None:
    installed.add("typo", contest_typs=types(Weaving()))

    [disabled] = installed.load().disabled

    assert "contest_typs is not a hook. Did you mean contest_types?" in disabled.reason
    assert "partner_rules" in disabled.reason


def test_a_hook_with_wrong_arguments_says_which(installed: Installed) -> None:
    def route_handlers(settings: object) -> list[Any]:
        return []

    installed.add("wrong", route_handlers=route_handlers)

    [disabled] = installed.load().disabled

    assert "route_handlers" in disabled.reason
    assert "settings" in disabled.reason


def test_a_hook_that_fails_disables_all_of_its_plugin(installed: Installed) -> None:
    def partner_rules() -> list[Any]:
        raise KeyError("cities")

    installed.add("half", contest_types=types(Weaving()), partner_rules=partner_rules)

    registry = installed.load()

    assert registry.contest_types() == []
    assert registry.disabled[0].reason == "its hook partner_rules failed: KeyError: 'cities'"


def test_a_hook_that_returns_something_else_says_what_it_should(installed: Installed) -> None:
    installed.add("wrong", contest_types=lambda: ["weaving"])

    [disabled] = installed.load().disabled

    assert disabled.reason == "its hook contest_types returned 'weaving', not a ContestType"


def test_a_contest_type_without_a_code_disables_its_plugin_alone(installed: Installed) -> None:
    class Nameless(ContestType):
        title: ClassVar[Text] = {"en": "?"}

    installed.add("nameless", contest_types=types(Nameless()))
    installed.add("weaving", contest_types=types(Weaving()))

    registry = installed.load()

    assert [t.code for t in registry.contest_types()] == ["weaving"]
    assert registry.disabled[0].reason == "its hook contest_types returned Nameless without code"


def test_calculators_that_fail_disable_their_plugin_alone(installed: Installed) -> None:
    class Forgetful(Weaving):
        def calculators(self) -> list[Any]:
            raise OSError("no table")

    installed.add("forgetful", contest_types=types(Forgetful()))

    registry = installed.load()

    assert registry.calculators()
    assert registry.disabled[0].reason == (
        "calculators of contest type weaving failed: OSError: no table"
    )


def test_a_piccolo_app_that_cannot_be_imported_disables_its_plugin(installed: Installed) -> None:
    installed.add("tables", piccolo_apps=lambda: ["no.such.piccolo_app"])

    registry = installed.load()

    assert "its piccolo app no.such.piccolo_app failed" in registry.disabled[0].reason
    assert registry.piccolo_apps() == ["core.piccolo_app"]


def test_strict_plugins_makes_a_broken_one_fatal(installed: Installed) -> None:
    installed.add_point("broken", "no_such_module_anywhere")

    with pytest.raises(SettingsError, match="Plugin broken"):
        installed.load(load({"JIANGXIN_STRICT_PLUGINS": "1"}))


@pytest.mark.parametrize(
    ("hooks", "what"),
    [
        ({"contest_types": types(Carving())}, "the contest type carving version 1"),
        (
            {"event_handlers": lambda: [Handler("notify", ResultFinal, _nothing)]},
            "the event handler notify",
        ),
    ],
)
def test_two_plugins_with_the_same_thing_stop_the_start_and_are_both_named(
    installed: Installed, hooks: dict[str, Any], what: str
) -> None:
    installed.add("first", "first-wheel", **hooks)
    installed.add("second", "second-wheel", **hooks)

    with pytest.raises(PluginConflict) as caught:
        installed.load()

    assert str(caught.value) == (
        f"Two plugins bring {what}: first-wheel 1.0 and second-wheel 1.0. Uninstall one of them."
    )


def test_two_plugins_of_one_name_stop_the_start(installed: Installed) -> None:
    installed.add("carving", "first-wheel")
    installed.add("carving", "second-wheel")

    with pytest.raises(PluginConflict, match="the plugin carving: first-wheel 1"):
        installed.load()


def test_handlers_are_found_by_their_event(installed: Installed) -> None:
    handler = Handler("carving.forget", PersonErased, _nothing)
    installed.add("carving", event_handlers=lambda: [handler])

    registry = installed.load()

    assert registry.handlers_for(PersonErased) == [handler]
    assert registry.handlers_for(ResultFinal) == []
    assert registry.handler("carving.forget") is handler


def test_a_plugin_gets_its_own_variables_and_never_the_secrets(installed: Installed) -> None:
    seen: list[PluginContext] = []

    def route_handlers(context: PluginContext) -> list[Any]:
        seen.append(context)
        return []

    installed.add("wood-carving", route_handlers=route_handlers)
    installed.load(
        load({"JIANGXIN_PLUGIN_WOOD_CARVING_FILES": "/srv", "JIANGXIN_PLUGIN_OTHER_X": "1"})
    )

    assert seen[0].settings == {"files": "/srv"}
    assert seen[0].origin == "http://127.0.0.1:8000"
    assert not hasattr(seen[0], "secrets")


def test_routes_of_a_stranger_are_marked_as_such(installed: Installed) -> None:
    installed.add("carving", route_handlers=lambda context: [_chisels])
    installed.add("ours", "jiangxin", route_handlers=lambda context: [_chisels])

    found = installed.load().route_handlers()

    assert [(code, third_party) for code, _, third_party in found] == [
        ("carving", True),
        ("ours", False),
    ]


def test_routes_that_cannot_be_registered_disable_their_plugin(installed: Installed) -> None:
    def route_handlers(context: PluginContext) -> list[Any]:
        return [object()]

    installed.add("carving", route_handlers=route_handlers)

    registry = installed.load()

    assert registry.route_handlers() == []
    assert registry.disabled[0].reason.startswith("its routes can't be registered: ")


def test_trying_the_routes_leaves_them_unused_for_the_application(installed: Installed) -> None:
    router = Router("/tools", route_handlers=[_chisels])
    installed.add("carving", route_handlers=lambda context: [router])

    [(_, routes, _)] = installed.load().route_handlers()

    assert routes == [router]
    assert router.owner is None


@get("/chisels", sync_to_thread=False)
def _chisels() -> str:
    return "three"


async def _nothing(events: object) -> None:
    """A handler that is never called here."""
