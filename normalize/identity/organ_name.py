"""The name of a public body: where it ends, whether it says its place, how it is written out.

The words are those of organs.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

#: Characters that a name may have.
_SHORTEST, _LONGEST = 2, 40

#: A year in a title or a name: 2023年度, (2023年), 〔2023〕.
_YEAR = re.compile(r"[(（〔\[]?(?<!\d)20[0-4]\d\s*(?:年度|年|)[)）〕\]]?")
#: What a page prints around a name: bars, colons, blanks.
_MARKS = r"[^一-鿿()（）]+"
_OWN_KINDS = "局|乡|镇|县|市|区|省|厅"
#: 我局, 本机关, 年度报告, 关于…: stands where a name may stand, and is none.
_NO_NAME = re.compile(
    rf"""
    ^(?:我|本|该|各|全)(?:{_OWN_KINDS}|街道|单位|机关|部门|委|办)
    | ^本机关$ | ^(?:本)?(?:年度)?报告$
    | ^关于 | ^附件 | ^各
    | 我(?:{_OWN_KINDS}|委|办)
    """,
    re.VERBOSE,
)
#: The office that writes for a body: 财政局办公室.
_OFFICE_OF = re.compile(r"(?:人民政府|局|厅|委员会|办事处)(?:党政)?办公室$")


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("organs.toml").read_text("utf-8"))


@cache
def endings(kind: str = "endings") -> str:
    """A list of organs.toml as alternatives of a pattern."""
    return f"(?:{'|'.join(_words()[kind])})"


@cache
def _at_end(kind: str, bracket: str = "") -> re.Pattern[str]:
    return re.compile(f"{endings(kind)}{bracket}$")


def is_first_line(text: str) -> bool:
    """Whether a line ends like the name of a body that stands alone at the top of a document."""
    return _at_end("endings_of_first_lines").search(text) is not None


def is_signature(text: str) -> bool:
    """Whether a line ends like the name of a body that signs."""
    return _at_end("endings_of_signatures", "[)）]?").search(text) is not None


def ends_as_organ(text: str) -> bool:
    """Whether the last word is one that names of bodies end with."""
    return _at_end("endings").search(text) is not None


def names_nobody(text: str) -> bool:
    """Whether a text stands for a body without naming it: 我局, 本机关."""
    return _NO_NAME.match(text) is not None


def drop_years(text: str) -> str:
    """A title or a name without its years."""
    return _YEAR.sub("", text)


def check_name(name: str) -> str | None:
    """The name where it may be one of a body, else None."""
    if not _SHORTEST <= len(name) <= _LONGEST or names_nobody(name):
        return None
    return name if _at_end("endings", "[)）]?").search(name) is not None else None


def clean_name(text: str) -> str | None:
    """The name of a body in a piece of a sentence: years and the office that writes for it go. None where it is none.

    >>> clean_name("2021年度青石县财政局办公室"), clean_name("我局")
    ('青石县财政局', None)
    """
    name = re.sub(r"^年?度", "", drop_years(text).strip())
    if _OFFICE_OF.search(name) and not name.endswith("人民政府办公室"):
        name = re.sub(r"(?:办公室|党政办公室|党政办)$", "", name)
    return check_name(name)


def trim_marks(name: str) -> str:
    """A name without the marks that a page leaves at its ends.

    >>> trim_marks("|市交通运输局：")
    '市交通运输局'
    """
    return re.sub(rf"^{_MARKS}|{_MARKS}$", "", name)


def write_out(name: str) -> str:
    """A body's name written out: 高桥镇政府 is 高桥镇人民政府, 开发区管委会 is 开发区管理委员会.

    >>> write_out("城关街道")
    '城关街道办事处'
    """
    name = name.strip("《》“”\"' ")
    if name.endswith("管委会"):
        return name[:-3] + "管理委员会"
    if _short_commission().search(name):
        return name + "员会"
    if name.endswith("街道"):
        return name + "办事处"
    if name.endswith("街道办"):
        return name + "事处"
    if name.endswith("政府") and not name.endswith("人民政府"):
        return name[:-2] + "人民政府"
    return name + "人民政府" if _is_place(name) else name


def _is_place(name: str) -> bool:
    """Whether a name is only that of a place, which stands for its government."""
    if name.endswith(tuple(_words()["zones"])):
        return False
    return re.search(r"(?:镇|乡|县|自治州|自治旗)$|..(?:市|区|省|旗|州)$", name) is not None


@cache
def _short_commission() -> re.Pattern[str]:
    return re.compile(f"{endings('commissions')}委$")


# The place -----------------------------------------------------------------------------------


def is_bare(name: str) -> bool:
    """Whether a name says what the body is for and not where it is: 信访局, 区统计局, 市人民政府.

    >>> is_bare("县教育局"), is_bare("国家统计局"), is_bare("故城县教育局")
    (True, False, False)
    """
    return _bare().fullmatch(name) is not None


@cache
def _bare() -> re.Pattern[str]:
    functions = "|".join(_longest_first(_words()["functions"]))
    return re.compile(
        rf"[本我该]?[省市县区州旗乡镇]?(?:(?:{functions})[和与及、]?)*{endings('bare_endings')}?"
    )


def _longest_first(words: Sequence[str]) -> list[str]:
    return sorted(map(re.escape, words), key=lambda word: (-len(word), word))


def complete_name(name: str, texts: Iterable[str]) -> str | None:
    """A bare name with its place, where the document writes it out in one way only, else None.

    市交通运输局 is 建德市交通运输局 where the text has “建德市交通运输局网站”. What stands
    before the name must be the beginning of a phrase, for 据建德 is no place.
    """
    pattern = re.compile(rf"(?<![一-鿿])(?P<place>[一-鿿]{{2,9}}){re.escape(name)}")
    places = {hit["place"] for text in texts for hit in pattern.finditer(text)}
    if len(places) != 1:
        return None
    place = places.pop()
    return None if re.match(endings("lead_words"), place) else place + name
