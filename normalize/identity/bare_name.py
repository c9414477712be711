"""The name of a public body: is it whole, and what does the document add to it?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_EDGE = r"[^一-鿿()（）]+"
#: What kind of body a name ends with.
_KIND = r"(?:人民政府|政府|办公室|办公厅|委员会|管委会|办事处|监督局|服务局|中心|大队|支队|局|厅|委|办|署|院|处|所|站|社|队|会)"
#: Words that lead to a place in running text and are no part of it.
_LEAD = re.compile(
    r"根据|按照|依据|依照|通过|关于|做好|加强|认真|结合|登录|登陆|访问|现将|公布|以及|为|由|经|对|据|是|向|从|到"
)


def trimmed(org: str) -> str:
    """A name without the marks that a page leaves at its ends.

    >>> trimmed("|市交通运输局：")
    '市交通运输局'
    """
    return re.sub(rf"^{_EDGE}|{_EDGE}$", "", org)


def is_bare(org: str) -> bool:
    """Whether a name says what the body is for and not where it is: 信访局, 区统计局, 市人民政府.

    >>> is_bare("县教育局"), is_bare("国家统计局"), is_bare("故城县教育局")
    (True, False, False)
    """
    return _bare().fullmatch(org) is not None


@cache
def _bare() -> re.Pattern[str]:
    data = tomllib.loads(files(__package__).joinpath("offices.toml").read_text("utf-8"))
    words = "|".join(sorted(map(re.escape, data["functions"]), key=lambda w: (-len(w), w)))
    return re.compile(rf"[本我该]?[省市县区州旗乡镇]?(?:(?:{words})[和与及、]?)*{_KIND}?")


def whole(org: str, texts: Iterable[str]) -> str | None:
    """A bare name with its place, where the document writes it out in one way only, else None.

    市交通运输局 is 建德市交通运输局 where the text speaks of the “建德市交通运输局网站”: what stands
    before the name must be the beginning of a phrase, for 据建德 is no place.
    """
    pattern = re.compile(rf"(?<![一-鿿])(?P<place>[一-鿿]{{2,9}}){re.escape(org)}")
    found = {m["place"] for text in texts for m in pattern.finditer(text)}
    return found.pop() + org if len(found) == 1 and not any(map(_LEAD.match, found)) else None
