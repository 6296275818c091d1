"""How a name sounds, so that 张伟, 張偉, ZHANG Wei and Zhang, Wei may be found as one person. Pure.

Two names in Hanzi are never compared by sound: 张伟 and 章伟 are two persons. A sound is letters
only, family name first; a name has several where a character is read in several ways, or where Latin
letters don't say which word is the family name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin

from contests.entering.names import variants

MOST_READINGS = 24

FAMILY_NAMES: Mapping[str, Sequence[str]] = {
    "单": ("shan",), "仇": ("qiu",), "曾": ("zeng",), "解": ("xie",), "朴": ("piao", "pu"),
    "查": ("zha",), "区": ("ou",), "盖": ("ge", "gai"), "缪": ("miao",), "尉迟": ("yuchi",),
    "万俟": ("moqi",), "长孙": ("zhangsun",), "令狐": ("linghu",), "宁": ("ning",),
    "乐": ("yue", "le"), "翟": ("zhai", "di"), "冼": ("xian",), "洗": ("xian",),
    "覃": ("qin", "tan"), "谌": ("chen", "shen"), "员": ("yun",), "黑": ("he", "hei"), "折": ("she",),
    "种": ("chong",), "繁": ("po",), "秘": ("bi", "mi"), "召": ("shao",), "应": ("ying",),
    "任": ("ren",), "华": ("hua",), "过": ("guo",), "哈": ("ha",), "逄": ("pang",),
    "牟": ("mu", "mou"), "葛": ("ge",), "燕": ("yan",), "那": ("na",), "祭": ("zhai", "ji"),
    "隗": ("wei", "kui"), "盛": ("sheng",), "石": ("shi",),
    "柏": ("bai", "bo"), "薄": ("bo",), "卜": ("bu",), "车": ("che",), "晁": ("chao",),
    "重": ("chong",), "褚": ("chu",), "干": ("gan",), "句": ("gou",), "纪": ("ji",), "贾": ("jia",),
    "阚": ("kan",), "宓": ("mi", "fu"), "能": ("nai",), "瞿": ("qu",), "阮": ("ruan",),
    "沈": ("shen",), "殷": ("yin",), "郇": ("xun", "huan"), "於": ("yu",), "俞": ("yu",),
    "臧": ("zang",), "祝": ("zhu",), "訾": ("zi",), "费": ("fei", "bi"), "蔚": ("yu", "wei"),
    "欧阳": ("ouyang",), "司马": ("sima",), "上官": ("shangguan",), "诸葛": ("zhuge",),
    "东方": ("dongfang",), "皇甫": ("huangfu",), "公孙": ("gongsun",), "慕容": ("murong",),
    "宇文": ("yuwen",), "司徒": ("situ",), "夏侯": ("xiahou",), "端木": ("duanmu",),
}  # fmt: skip
"""Family names that are read otherwise than the character alone, and those of two characters."""

CANTONESE: Mapping[str, Sequence[str]] = {
    "陈": ("chan",), "张": ("cheung", "cheong"), "黄": ("wong", "vong"), "李": ("lee", "lei"), "何": ("ho",),
    "梁": ("leung", "leong"), "林": ("lam",), "吴": ("ng",), "刘": ("lau", "lao"),
    "郑": ("cheng", "cheang"), "周": ("chow", "chau", "chao"), "杨": ("yeung", "ieong"),
    "许": ("hui", "hoi"), "罗": ("lo",), "邓": ("tang",), "蔡": ("choi", "choy"), "叶": ("yip", "ip"),
    "冯": ("fung", "fong"), "谢": ("tse", "che"), "曾": ("tsang", "chang"), "郭": ("kwok", "kuok"),
    "苏": ("so", "sou"), "赵": ("chiu", "chio"), "孙": ("suen", "sun"), "朱": ("chu",), "胡": ("wu", "woo"),
    "余": ("yu", "u"), "徐": ("tsui", "chui", "choi"), "王": ("wong", "vong"), "卢": ("lo", "lou"),
    "关": ("kwan", "kuan"), "欧": ("au", "ao"), "区": ("au", "ao"), "钟": ("chung", "chong"),
    "江": ("kong",), "潘": ("poon", "pun"), "谭": ("tam",), "麦": ("mak",), "温": ("wan",),
    "马": ("ma",), "甘": ("kam",), "龙": ("lung", "long"), "简": ("kan",), "冼": ("sin",), "施": ("sze", "si"),
    "萧": ("siu", "sio"), "彭": ("pang",), "吕": ("lui", "loi"), "莫": ("mok",), "戴": ("tai",),
    "袁": ("yuen", "iun"), "方": ("fong",), "高": ("ko", "kou"), "廖": ("liu", "lio"), "邱": ("yau", "iao"),
}  # fmt: skip
"""Family names as identity cards of Hong Kong and Macao write them. Given names have no rule that
holds, so this counts only beside the same date of birth."""

_COMPOUND = sorted((name for name in FAMILY_NAMES if len(name) == 2), key=len, reverse=True)
_UMLAUT = re.compile(r"(?<=[ln])(?:ü|u\u0308|u:|v)")
_NOT_LETTERS = re.compile(r"[^a-z]+")


def in_hanzi(name: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U0003ffff" for c in name)


@lru_cache(maxsize=20_000)
def sounds_of(name: str) -> frozenset[str]:
    """Every way to say it; nothing of a single Latin word, which may be anybody's."""
    return _of_hanzi(name) if in_hanzi(name) else _of_latin(name)


@lru_cache(maxsize=20_000)
def in_order(name: str) -> tuple[str, str]:
    """What a list of names is sorted by: the usual reading, then the name as it is written."""
    if not in_hanzi(name):
        return _letters(name), name
    family, given = _parted(name)
    first = FAMILY_NAMES.get(family) or lazy_pinyin(family)
    return _letters(first[0]) + "".join(map(_letters, lazy_pinyin(given))), name


@lru_cache(maxsize=20_000)
def family_sounds(name: str) -> frozenset[str]:
    """How an identity card of Hong Kong or Macao may write the family name."""
    if in_hanzi(name):
        plain = _simplified(name)
        return frozenset(CANTONESE.get(plain[:1], ()))
    words = _words(name)
    return frozenset({words[0], words[-1]} if len(words) > 1 else ())


def _of_hanzi(name: str) -> frozenset[str]:
    family, given = _parted(name)
    first = FAMILY_NAMES.get(family) or [_letters(w) for w in _readings(family)[0]]
    usual = "".join(map(_letters, lazy_pinyin(given)))
    all_of_it = ["".join(map(_letters, one)) for one in islice(product(*_readings(given)), MOST_READINGS)]  # fmt: skip
    return frozenset(f + g for f in first for g in {usual, *all_of_it} if given)


def _parted(name: str) -> tuple[str, str]:
    """Family name and given name, simplified."""
    plain = "".join(c for c in _simplified(name) if in_hanzi(c))
    family = next((f for f in _COMPOUND if plain.startswith(f) and len(plain) > 2), plain[:1])
    return family, plain[len(family) :]


def _readings(words: str) -> list[list[str]]:
    return pinyin(words, style=Style.NORMAL, heteronym=True)


def _of_latin(name: str) -> frozenset[str]:
    before, comma, after = name.partition(",")
    if comma:
        return frozenset({_joined(before) + _joined(after)} if _joined(before) and _joined(after) else ())  # fmt: skip
    words = _words(name)
    if len(words) < 2:
        return frozenset()
    return frozenset({"".join(words), words[-1] + "".join(words[:-1])})


def _words(name: str) -> list[str]:
    return [word for part in name.replace(",", " ").split() if (word := _joined(part))]


def _joined(part: str) -> str:
    """Wei-Ming, Wei Ming and Wei'ming are one word."""
    return _letters(part)


def _letters(words: str) -> str:
    """Passports write lyu, keyboards lv, dictionaries lü."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", words)).casefold()
    plain = _UMLAUT.sub("yu", plain)
    plain = unicodedata.normalize("NFKD", plain)
    return _NOT_LETTERS.sub("", plain)


def _simplified(name: str) -> str:
    return "".join(variants().get(c, c) for c in unicodedata.normalize("NFKC", name))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A name with what tells two people of one name apart. born: ISO date or ""."""

    name: str
    romanised: str = ""
    born: str = ""
    documents: Sequence[tuple[str, str]] = ()

    def sounds(self) -> frozenset[str]:
        """Whoever shares one may be the same person."""
        said = sounds_of(self.name) | sounds_of(self.romanised)
        if not self.born or self.romanised:
            return said
        return said | {f"{self.born} {family}" for family in family_sounds(self.name)}


class SoundIndex:
    """Who sounds like somebody: the first that was added."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[Spoken, Any]]] = defaultdict(list)

    def add(self, one: Spoken, what: Any) -> None:
        for key in one.sounds():
            self._known[key].append((one, what))

    def like(self, one: Spoken) -> Any:
        """What was added with it, or None."""
        found = [
            what
            for key in sorted(one.sounds())
            for other, what in self._known.get(key, ())
            if may_be_one(one, other, by_family=" " in key)
        ]
        return found[0] if found else None


def may_be_one(one: Spoken, other: Spoken, *, by_family: bool) -> bool:
    """Of two who share a sound. by_family: only that of the family name, which needs the two scripts."""
    scripts = {in_hanzi(one.name), in_hanzi(other.name)}
    if scripts == {True} or (by_family and len(scripts) == 1):
        return False
    if one.born and other.born and one.born != other.born:
        return False
    numbers = dict(one.documents)
    return all(numbers.get(kind, number) == number for kind, number in other.documents)
