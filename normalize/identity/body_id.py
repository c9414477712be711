"""A body and its division → one id for it in all its spellings over the years: CODE[/centre][/zone]/organ.

341824/发展和改革委员会 is 绩溪县发改委 and 绩溪县发展和改革委员会. Nothing is linked by likeness: the organ is
the same once short forms are written out (organ_forms.toml), and the place is proven. A bureau and a
commission, a government and its office, 国税 and 税务, a body and its successor have ids of their own.
"""

from __future__ import annotations

import re
from functools import cache

from gongkai.model import Body, Division
from gongkai.normalize.identity.division import drop_nations, prefix, words
from gongkai.startup_cache import read_toml

#: What proves in which county a township lies. That no other township has its name today proves nothing.
_PROOF_OF_COUNTY = {"hint", "credit_code", "site_code", "named_in_text"}
#: What a zone's name ends with. Districts that are called so (滨海新区) are places of the table.
ZONE = re.compile(
    """
    开发区|高新区|经开区|新区|园区|示范区|试验区|保税区|综保区|度假区|名胜区|风景区|景区|管理区|工业区|产业园区?|科技园区?|新城(?![区镇乡街县])|实验区|食品区
    |经济区|合作区|工业园区?|港务区|加工区|集聚区|聚集区|集中区|自贸区|片区|航空港区|空港区|保税港区|先行区
    """,
    re.VERBOSE,
)
_TAX = "国家税务总局税务局"
_SHORT_NAME = re.compile(r"(?<=..)(?:省|市|地区|盟|州|区|县|旗)$")


def body_id(body: Body) -> str | None:
    """The id of a body, None where nothing proves which body it is.

    >>> from gongkai.model import Division
    >>> jixi = Division("341824", "绩溪县", "county", ("安徽省", "宣城市"))
    >>> body_id(Body("绩溪县发改委", "发改委", "county", jixi, (), ("full_name",)))
    '341824/发展和改革委员会'
    """
    if body.reason == "central":
        return f"cn/{long_organ(body.name)}"
    if body.division is None or not _is_proven(body):
        return None
    return join_id(body.division, body.organ)


def join_id(place: Division, organ: str) -> str:
    """The id of an organ of a place."""
    if place.name.endswith("街道") and organ == "人民政府":
        organ = "办事处"
    return "/".join([prefix(place.code), *_split_centre(organ)])


def join_zone_id(place: Division, rest: str) -> str:
    """The id of a zone of a place, or of an organ of that zone; `rest` is the name behind the place.

    >>> from gongkai.model import Division
    >>> join_zone_id(Division("341800", "宣城市", "city", ("安徽省",)), "经济技术开发区管委会")
    '3418/经济技术开发区/管理委员会'
    """
    rest = rest.removeprefix(place.name).removeprefix(_SHORT_NAME.sub("", place.name)) or rest
    end = max((hit.end() for hit in ZONE.finditer(rest)), default=0)
    parts = [prefix(place.code), long_zone(rest[:end]), *([long_organ(rest[end:])] if rest[end:] else [])]
    return "/".join(parts)


def long_zone(zone: str) -> str:
    """A zone's name without its short form, where that has one long form only.

    >>> long_zone("高新区"), long_zone("新站高新区"), long_zone("经开区")
    ('高新技术产业开发区', '新站高新技术产业开发区', '经开区')
    """
    short = next((short for short in _forms()["zones"] if zone.endswith(short)), None)
    return zone if short is None else zone.removesuffix(short) + _forms()["zones"][short]


def _is_proven(body: Body) -> bool:
    """Whether a township's county is named, by the body's name or beside it. Counties and cities are, once decided."""
    assert body.division is not None  # asked only of bodies with a division
    if body.division.level != "township" or _PROOF_OF_COUNTY & set(body.evidence):
        return True
    county = body.division.parents[-1]
    return any(name in body.name for name in (county, drop_nations(county), _SHORT_NAME.sub("", county)))


def _split_centre(organ: str) -> list[str]:
    """The parts of an id for an organ, which may stand behind the ministry that it belongs to."""
    if organ.startswith(_TAX):  # one body since 2018, with and without 国家税务总局 before it
        return [organ.removeprefix("国家税务总局")]
    for centre in central_bodies():
        if organ.startswith(centre) and organ != centre:
            return [centre, long_organ(organ.removeprefix(centre))]
    return [long_organ(organ)]


@cache
def central_bodies() -> tuple[str, ...]:
    """Bodies of the centre, the longer names first."""
    return tuple(sorted(words()["central"], key=len, reverse=True))


def long_organ(organ: str) -> str:
    """An organ without its short forms.

    >>> long_organ("发改委"), long_organ("市场监管局"), long_organ("残联"), long_organ("人防办")
    ('发展和改革委员会', '市场监督管理局', '残疾人联合会', '人民防空办公室')
    """
    forms = _forms()
    if organ in forms["organs"]:
        return forms["organs"][organ]
    short = _short_functions().match(organ)
    if short is not None:
        organ = forms["functions"][short[0]] + organ[short.end() :]
    if organ.endswith("管委会"):
        return organ.removesuffix("管委会") + "管理委员会"
    return re.sub(r"(?<=..)(?<!工)委$", "委员会", re.sub(r"(?<=..)办$", "办公室", organ))


@cache
def _short_functions() -> re.Pattern[str]:
    """A short function with the kind of organ behind it: 环保局, but 环保产业发展中心 is something else."""
    names = sorted(_forms()["functions"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(names)})(?=(?:局|厅|委|委员会|办|办公室|分局)$)")


@cache
def _forms() -> dict[str, dict[str, str]]:
    return read_toml(__package__, "organ_forms.toml")
