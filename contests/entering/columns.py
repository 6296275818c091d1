"""The fields of each kind of table, and the headings by which a column is recognised: one place.

A heading is compared without spaces, signs, brackets and case, simplified and traditional alike;
"证件 / 号码" over two rows counts as "证件号码".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contests.entering.grid import Grid, GridRow, Note, spread
from contests.entering.names import folded
from core.web.i18n import LANGUAGES, translate

NUMBERS = frozenset({"document_number", "number", "code", "seat", "login"})
"""Fields in which a cell that is a number has perhaps lost its leading zeros."""


@dataclass(frozen=True, slots=True)
class Field:
    """title: msgid. headings: what the column may be called; the first two of them name it in a
    template in Chinese and English. wanted: the table makes no sense without it."""

    code: str
    title: str
    headings: Sequence[str]
    wanted: bool = False
    wide: bool = False


ENTRANTS: tuple[Field, ...] = (
    Field("number", "Number", ("参赛编号", "Number", "编号", "选手编号", "参赛号", "报名号", "报名编号", "号码", "No", "Entry number", "Número")),
    Field("name", "Name", ("姓名", "Name", "选手姓名", "参赛选手", "选手", "参赛者", "参赛者姓名", "中文姓名", "名字", "Full name", "Chinese name", "Entrant", "Competitor", "Nome"), wanted=True),
    Field("romanised", "Name in Latin letters", ("拼音", "Name in Latin letters", "姓名拼音", "英文姓名", "英文名", "外文姓名", "葡文姓名", "Romanised name", "English name", "Latin name", "Pinyin", "Nome em letras latinas")),
    Field("gender", "Gender", ("性别", "Gender", "Sex", "Sexo")),
    Field("birth_date", "Date of birth", ("出生日期", "Date of birth", "出生年月", "出生年月日", "生日", "Birth date", "Birthday", "DOB", "Data de nascimento")),
    Field("document_kind", "Kind of document", ("证件类型", "Kind of document", "证件类别", "证件种类", "证件名称", "身份证件类型", "Document type", "ID type", "Tipo de documento")),
    Field("document_number", "Document number", ("证件号码", "Document number", "证件号", "身份证号", "身份证号码", "身份证", "身份证件号码", "居民身份证号码", "公民身份号码", "身份证明文件号码", "ID number", "ID No", "Identity number", "Número do documento")),
    Field("permit_number", "Home Return Permit number", ("回乡证号码", "Home Return Permit number", "回乡证", "回乡证号", "港澳居民来往内地通行证号码", "港澳居民来往内地通行证", "通行证号码", "Home Return Permit")),
    Field("delegation", "Delegation", ("代表队", "Delegation", "参赛队", "所属代表队", "代表单位", "选送单位", "推荐单位", "代表团", "地市", "Team delegation", "Delegação"), wide=True),
    Field("group", "Group", ("组别", "Group", "参赛组别", "竞赛组别", "Category", "Grupo")),
    Field("team", "Team", ("队名", "Team", "队伍名称", "团队名称", "小组名称", "参赛队伍", "Team name", "Equipa"), wide=True),
    Field("employer", "Employer", ("工作单位", "Employer", "单位", "单位名称", "所在单位", "公司", "企业", "Company", "Work unit", "Entidade patronal"), wide=True),
    Field("school", "School", ("学校", "School", "院校", "就读学校", "毕业院校", "所在学校", "Escola"), wide=True),
    Field("occupation", "Occupation", ("职业", "Occupation", "工种", "职业工种", "岗位", "职务", "Job title", "Position", "Profissão")),
    Field("held_level", "Skill level held", ("技能等级", "Skill level held", "职业技能等级", "现有技能等级", "职业资格等级", "职业资格", "等级", "Level", "Nível")),
    Field("titles", "Titles held", ("已获称号", "Titles held", "荣誉称号", "曾获荣誉", "获奖情况", "Honours", "Títulos")),
    Field("trainer", "Trainer", ("指导老师", "Trainer", "指导教师", "教练", "辅导老师", "Coach", "Treinador")),
    Field("phone", "Phone", ("手机", "Phone", "手机号", "手机号码", "联系电话", "联系方式", "电话", "Mobile", "Telephone", "Telefone")),
    Field("email", "Email", ("邮箱", "Email", "电子邮箱", "电子邮件", "E-mail", "Correio eletrónico"), wide=True),
    Field("reserve", "Reserve", ("替补", "Reserve", "是否替补", "后备", "候补", "Suplente")),
)  # fmt: skip

DELEGATIONS: tuple[Field, ...] = (
    Field("code", "Code", ("代码", "Code", "代表队代码", "编码", "编号", "Código")),
    Field("title", "Delegation", ("代表队", "Delegation", "代表队名称", "名称", "队名", "单位名称", "简体名称", "Name", "Delegação"), wanted=True, wide=True),
    Field("title_hant", "Name in traditional characters", ("繁体名称", "Name in traditional characters", "繁体", "繁体中文", "Traditional Chinese")),
    Field("title_en", "Name in English", ("英文名称", "Name in English", "英文", "English")),
    Field("title_pt", "Name in Portuguese", ("葡文名称", "Name in Portuguese", "葡文", "Portuguese", "Português")),
    Field("city", "City", ("城市", "City", "地市", "所属城市", "地区", "Cidade")),
)  # fmt: skip

STAFF: tuple[Field, ...] = (
    Field("label", "Name shown to colleagues", ("姓名", "Name shown to colleagues", "名称", "裁判姓名", "工作人员", "裁判", "人员姓名", "Name", "Judge", "Staff", "Nome"), wanted=True),
    Field("login", "Login", ("登录名", "Login", "账号", "用户名", "帐号", "登录账号", "Account", "User name", "Utilizador")),
    Field("role", "Duty", ("职责", "Duty", "岗位", "角色", "裁判职务", "职务", "工作岗位", "Role", "Função")),
    Field("seat", "Judge's number", ("裁判编号", "Judge's number", "席位", "评委编号", "裁判号", "编号", "Seat", "Número")),
    Field("panel", "Panel", ("裁判组", "Panel", "评委组", "评审组", "Painel")),
    Field("group", "Marking group", ("评分组", "Marking group", "组别", "小组", "Group", "Grupo")),
    Field("modules", "Modules", ("模块", "Modules", "负责模块", "评分模块", "Module", "Módulos")),
    Field("employer", "Employer", ("工作单位", "Employer", "单位", "所在单位", "Company", "Entidade patronal"), wide=True),
    Field("school", "School", ("学校", "School", "院校", "Escola"), wide=True),
    Field("delegations", "Delegations close to", ("代表队", "Delegations close to", "所属代表队", "推荐单位", "Delegation", "Delegação"), wide=True),
    Field("language", "Language", ("语言", "Language", "界面语言", "Língua")),
)  # fmt: skip

POOL: tuple[Field, ...] = (
    Field("name", "Name", ("姓名", "Name", "裁判姓名", "裁判员", "裁判", "评委", "中文姓名", "名字", "Judge", "Full name", "Nome"), wanted=True),
    Field("employer", "Employer", ("工作单位", "Employer", "单位", "单位名称", "所在单位", "公司", "Company", "Work unit", "Entidade patronal"), wide=True),
    Field("qualification", "Qualification", ("职业资格", "Qualification", "资格", "执裁资格", "裁判资格", "职称", "技能等级", "职业技能等级", "Title", "Qualificação")),
    Field("number", "Number of the qualification", ("证书编号", "Number of the qualification", "裁判证编号", "资格证号", "证号", "证书号", "编号", "Certificate number", "No", "Número da qualificação")),
    Field("level", "Level of the qualification", ("级别", "Level of the qualification", "Level", "裁判级别", "执裁级别", "Nível")),
    Field("valid_until", "Valid until", ("有效期至", "Valid until", "有效期", "有效期截止", "证书有效期", "到期日期", "Expires", "Expiry date", "Válido até")),
    Field("trades", "Trades", ("工种", "Trades", "职业", "职业工种", "执裁项目", "赛项", "专业", "Trade", "Occupation", "Ofícios")),
    Field("delegations", "Delegations close to", ("代表队", "Delegations close to", "所属代表队", "推荐单位", "推荐代表队", "选送单位", "Delegations", "Delegation", "Delegações"), wide=True),
    Field("school", "School", ("学校", "School", "院校", "毕业院校", "Escola"), wide=True),
    Field("trainer", "Training body", ("培训机构", "Training body", "培训单位", "Trainer", "Formador")),
    Field("studio", "Studio", ("工作室", "Studio", "技能大师工作室", "Estúdio")),
    Field("phone", "Phone", ("手机", "Phone", "手机号", "手机号码", "联系电话", "联系方式", "电话", "Mobile", "Telephone", "Telefone")),
    Field("mail", "Email", ("邮箱", "Email", "电子邮箱", "电子邮件", "E-mail", "Mail", "Correio eletrónico")),
    Field("languages", "Languages", ("语言", "Languages", "Language", "执裁语言", "Línguas")),
    Field("leads", "Qualified to lead a group", ("可任组长", "Qualified to lead a group", "组长资格", "能否任组长", "可任小组长", "Leads", "Chefia")),
)  # fmt: skip

KINDS: Mapping[str, tuple[Field, ...]] = {
    "entrants": ENTRANTS,
    "delegations": DELEGATIONS,
    "staff": STAFF,
    "pool": POOL,
}
_HEAD_ROWS = 15


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the table begins. columns: position -> field code. unknown: position -> heading.
    sure: every wanted field has a column and no two columns the same field."""

    first_row: int
    titles: Mapping[int, str] = field(default_factory=dict)
    columns: Mapping[int, str] = field(default_factory=dict)
    sure: bool = False

    @property
    def unknown(self) -> dict[int, str]:
        return {at: words for at, words in self.titles.items() if at not in self.columns}


def field_of(kind: str, code: str) -> Field:
    return next(one for one in KINDS[kind] if one.code == code)


def score(kind: str, grid: Grid) -> int:
    """How many columns are recognised."""
    return len(find_headings(kind, grid).columns)


def find_headings(kind: str, grid: Grid) -> Headings:
    """The row, or the two rows, of the first ones in which most headings are known. Titles above
    the table, notes and merged cells are stepped over."""
    known = _known(kind)
    rows = [row for row in spread(grid).rows if row.cells][:_HEAD_ROWS]
    best = Headings(0)
    for index, row in enumerate(rows):
        below = rows[index + 1] if index + 1 < len(rows) else None
        for candidate in (_of_row(row, None, known), _of_row(row, below, known)):
            if candidate and len(candidate.columns) > len(best.columns):
                best = candidate
    if not best.columns and rows:
        best = Headings(rows[0].number, dict(rows[0].cells))
    wanted = {one.code for one in KINDS[kind] if one.wanted}
    return Headings(best.first_row, best.titles, best.columns, wanted <= set(best.columns.values()))


def rows_below(grid: Grid, headings: Headings) -> list[GridRow]:
    """The rows of the table: below its headings, not empty, merged cells filled."""
    return [
        row
        for row in spread(grid).rows
        if row.number > headings.first_row and any(row.cells.values())
    ]


def notes_that_matter(field_code: str, note: Note | None) -> Note | None:
    """A number is harmless in most columns; lost digits and uncomputed formulas nowhere."""
    if note is Note.NUMBER:
        return note if field_code in NUMBERS else None
    return note if note in (Note.LOST, Note.UNCOMPUTED, Note.FORMULA) else None


def _of_row(row: GridRow, below: GridRow | None, known: Mapping[str, str]) -> Headings | None:
    titles = {at: words for at, words in row.cells.items() if len(words) <= 60}
    if below is not None:
        if not _is_second(row, below, known):
            return None
        titles |= {
            at: words if words == row.cells.get(at) else f"{row.cells.get(at, '')} {words}".strip()
            for at, words in below.cells.items()
        }
    columns: dict[int, str] = {}
    for at, words in sorted(titles.items()):
        last = below.cells.get(at, "") if below is not None else ""
        code = known.get(folded(words)) or known.get(folded(last)) or known.get(_bare(words))
        if code and code not in columns.values():
            columns[at] = code
    return Headings((below or row).number, titles, columns)


def _is_second(row: GridRow, below: GridRow, known: Mapping[str, str]) -> bool:
    """Whether `below` goes on with the headings: it repeats some (merged) or names parts of one."""
    parts = [
        words
        for at, words in below.cells.items()
        if row.cells.get(at) == words
        or folded(row.cells.get(at, "") + words) in known
        or folded(words) in known
    ]
    return len(parts) >= max(2, len(below.cells) // 2)


def _bare(words: str) -> str:
    """Without what stands in brackets: 手机号码（必填）."""
    for sign in ("（", "(", "*", "＊", "\n", "/"):
        words = words.partition(sign)[0] or words.strip(sign)
    return folded(words)


def _known(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in KINDS[kind]:
        titles = [translate(one.title, language) for language in LANGUAGES]
        for words in (*one.headings, *titles):
            found.setdefault(folded(words), one.code)
    return found
