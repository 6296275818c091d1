"""Where no published text gives the figures: what the organiser is asked, and rules that use it.

The clause of such a rule says plainly that no text was found, and the body still decides.
"""

from __future__ import annotations

from plugins import Choice, Option, Text, text
from plugins.greater_bay_area.packs.conditions import AskedPlace, AskedPrize, Condition
from plugins.greater_bay_area.packs.model import Pack, Rule
from plugins.greater_bay_area.packs.names import LEVELS, PRIZE_TITLES

UNSAID = Choice("unsaid", text("尚未确定", "尚未確定", "not decided yet", "ainda não decidido"))
NOBODY = Choice("none", text("不推荐", "不推薦", "nobody is proposed", "ninguém é proposto"))
NO_SOURCE = "no source found"
NO_TEXT = text(
    "未见公开文本规定数额，由主办方按规程填写，并由主管单位核定。",
    "未見公開文本規定數額，由主辦方按規程填寫，並由主管單位核定。",
    "No published text gives the figure: the organiser states it from the regulations, and the authority decides.",
    "Nenhum texto publicado dá o número: o organizador indica-o segundo o regulamento e a autoridade decide.",
)
LOOK_UP = text(
    "未见公开文本；请按竞赛规程或通知填写。",
    "未見公開文本；請按競賽規程或通知填寫。",
    "No published text was found. State it from the contest's regulations or notice.",
    "Não se encontrou texto publicado. Indique-o segundo o regulamento ou aviso da prova.",
)


def level_question(grade: str) -> Option:
    """From which prize on this level may be proposed."""
    name = LEVELS[grade]
    return Option(
        f"level_{grade}_prizes",
        "choice",
        text(
            f"推荐{name['zh-Hans']}的最低奖项",
            f"推薦{name['zh-Hant']}的最低獎項",
            f"Lowest prize proposed for {name['en']}",
            f"Prémio mínimo para propor {name['pt']}",
        ),
        UNSAID.code,
        help=LOOK_UP,
        choices=(UNSAID, NOBODY, *(Choice(code, title) for code, title in PRIZE_TITLES.items())),
    )


def places_question(code: str, title: Text) -> Option:
    """How many first places may be proposed for a title. Without an answer nobody is."""
    return Option(
        code,
        "int",
        text(
            f"推荐{title['zh-Hans']}的名次数",
            f"推薦{title['zh-Hant']}的名次數",
            f"Number of first places proposed for {title['en']}",
            f"Número de primeiros lugares propostos para {title['pt']}",
        ),
        None,
        help=LOOK_UP,
        minimum="0",
        maximum="100",
    )


def yes_question(code: str, title: Text) -> Option:
    """Whether what a text leaves open holds."""
    yes, no = (
        Choice("yes", text("是", "是", "Yes", "Sim")),
        Choice("no", text("否", "否", "No", "Não")),
    )
    return Option(code, "choice", title, UNSAID.code, help=LOOK_UP, choices=(UNSAID, yes, no))


def level_rule(grade: str, contest_class: str, since: str, *others: Condition) -> Rule:
    return Rule(
        kind="level",
        code=f"level:{grade}",
        grade=grade,
        title=LEVELS[grade],
        authority="assessment_body",
        classes=(contest_class,),
        conditions=(AskedPrize(f"level_{grade}_prizes"), *others),
        clause=NO_TEXT,
        source=NO_SOURCE,
        valid_from=since,
    )


def title_rule(
    code: str, title: Text, authority: str, contest_class: str, since: str, *, option: str
) -> Rule:
    return Rule(
        kind="title",
        code=code,
        title=title,
        authority=authority,
        classes=(contest_class,),
        conditions=(AskedPlace(option),),
        clause=NO_TEXT,
        source=NO_SOURCE,
        valid_from=since,
    )


def city_pack(
    code: str, name: Text, version: str, since: str, *, always: tuple[Condition, ...] = ()
) -> Pack:
    """Of a city for whose contests no text with figures was found: the title of its human resources
    bureau and the levels 2 and 3, each asked for. always: what its notices demand of every level."""
    contest_class, title = f"{code}_city", _city(name, "技术能手", "技術能手", "{} technical expert", "Perito técnico de {}")  # fmt: skip
    places = f"{code}_places"
    return Pack(
        code=code,
        version=version,
        title=_city(name, "", "", "{}", "{}"),
        classes=(
            Choice(
                contest_class,
                _city(name, "级竞赛", "級競賽", "{} city contest", "Prova municipal de {}"),
            ),
        ),
        rules=(
            title_rule(f"{code}_technical_expert", title, f"{code}_hr", contest_class, since, option=places),
            *(level_rule(grade, contest_class, since, *always) for grade in ("2", "3")),
        ),
        asks={
            contest_class: (
                places_question(places, title),
                *(level_question(grade) for grade in ("2", "3")),
            )
        },
    )  # fmt: skip


def _city(name: Text, hans: str, hant: str, en: str, pt: str) -> Text:
    return text(
        f"{name['zh-Hans']}市{hans}", f"{name['zh-Hant']}市{hant}", en.format(name["en"]), pt.format(name["pt"])
    )  # fmt: skip
