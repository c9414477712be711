"""Title, preface, signature and file name → public body and year, by vote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gongkai.model import Document, Finding, flag
from gongkai.normalize.form.label import GLOSS, simplified
from gongkai.normalize.identity.bare_name import is_bare, trimmed, whole

#: Lines from the top in which a title is looked for, and characters a title may have.
_TOP, _LONGEST = 30, 80

_REPORT = re.compile(
    r"(?:政府|政务|政務)?信息公开(?:工作)?(?:情况)?(?:的)?年度?(?:工作)?(?:报告|年报)|(?:信息公开|政务公开)(?:工作)?(?:的)?(?:年度?报告|年报|工作报告)|信息公开工作(?:年度)?(?:报告|年报)|信息公开工作的年度报告|年度工作报告|政府信息公开(?:工作)?(?:情况)?统计(?:报)?表"
)
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*(?:年度|年|—|-)?")
_TITLE_YEAR = re.compile(r"[(（〔\[]?(?<!\d)20[0-4]\d\s*(?:年度|年|)[)）〕\]]?")
_DATE = re.compile(r"(20[0-4]\d)\s*年\s*(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*日")
_DATE_PLAIN = re.compile(r"(?<!\d)(20[0-4]\d)[-/.](1[0-2]|0?[1-9])[-/.](3[01]|[12]\d|0?[1-9])(?!\d)")
_DATE_CN = re.compile(
    r"([二〇○零Ｏ]{1,2}[一二三四五六七八九〇○零]{2,3})年(十[一二]?|[一二三四五六七八九])月((?:三十|二十|十)?[一二三四五六七八九]?)日"
)
_MONTH = re.compile(r"^\s*(20[0-4]\d)\s*年\s*(1[0-2]|0?[1-9])\s*月\s*$")
_PERIOD = re.compile(
    r"(?<!\d)(?:20)?(20[0-4]\d)\s*年?\s*1?\s*月?\s*1\s*日?\s*(?:起)?\s*(?:至|到|—|-|－|~)+\s*(?:(?:20)?(20[0-4]\d)\s*年?|同年)?\s*12\s*月?\s*31"
)
_PREFACE_YEAR = re.compile(
    r"(?:公布|公开|报告|发布|编制|现将)[^，。；]{0,30}?(20[0-4]\d)\s*年度?[^，。；]{0,16}?(?:政府|政务)?信息公开"
)
_START_YEAR = re.compile(r"^[\s　]*(20[0-4]\d)\s*年(?:度)?(?:[，,以来]|我|本|全|区|县|市|乡|镇)")

_ORG_END = r"(?:人民政府办公厅|人民政府办公室|人民政府|办事处|管理委员会|委员会|管委会|政府|办公厅|办公室|局|厅|委|院|部|署|行|会|中心|公司|队|所|站|社|处|总局|街道|镇|乡|县|市|区|省|旗|州)"
_PREFACE = (
    re.compile(r"本报告由(?P<org>[^，。；,《》“”]{2,30}?)(?:按照|根据|依据|结合|编制|有关)"),
    re.compile(
        rf"(?<=[,。;:、])由(?P<org>[^，。；,;:《》“”、]{{2,30}}?{_ORG_END})(?=按照|根据|依据|结合|围绕|综合(?![科处股室])|汇总|负责编制|组织编制|编制|编写)"
    ),
    re.compile(
        rf"(?:编制|编制了|形成|撰写)(?:本)?(?:20\d\d年度?)?(?P<org>[^，。；,;:《》“”、的本我]{{2,30}}?{_ORG_END})(?:20\d\d年度?)?(?=政府信息公开|政务公开|信息公开)"
    ),
    re.compile(
        rf"(?:现公布|现将|公布|特向社会公布)(?:20\d\d年度?)?(?P<org>[^，。；,《》“”的]{{2,30}}?{_ORG_END})(?=20\d\d年|政府信息公开|政务公开|信息公开|关于)"
    ),
    re.compile(
        rf"(?:^|[,，。;；:：、])(?P<org>[^,，。;；:：、《》“”\d]{{2,30}}?{_ORG_END})(?:特|现|依法)?(?:编制|公布|发布)(?:了)?(?=20\d\d年度?(?:政府|政务)?信息公开|本(?:年度)?报告)"
    ),
    re.compile(
        r"(?:[请可]?与|请联系|联系)[:：]?(?P<org>[^，。；,《》“”]{2,30}?(?:人民政府|局|厅|委员会|办事处|镇|乡|委))(?:办公室|联系|政务公开|(?:政府)?信息公开)"
    ),
)
#: Sentences that tell the year: what was reported before, what was (not) done in it, what is planned.
_LAST_YEAR = re.compile(
    r"(?:针对|对照|上年度?|根据)?(20[0-4]\d)年度?(?:年度)?(?:工作)?(?:年度)?报告中?(?:提出|指出|反映|存在)"
)
_THIS_YEAR = re.compile(
    r"(20[0-4]\d)年度?[，,]?(?:共有|未收取|未收到|没有收取|全年|共收到|我(?:局|镇|县|市|区|乡|省|厅|街道|办|委)(?!将))"
)
_NEXT_YEAR = re.compile(r"(20[0-4]\d)年度?[，,]?(?:我(?:局|镇|县|市|区|乡|省|厅|街道|办|委)|本机关)?将")
#: A body that the first sentences speak of; weak, for it may be another one.
_SPOKEN = (
    re.compile(
        rf"^(?:今年以来|20\d\d年(?:度|以来)?)?[,，]?(?P<org>[^，。；,《》“”、\d]{{2,24}}?{_ORG_END})(?=认真|坚持|深入|高度重视|严格|积极|全面|紧紧|以习近平|按照|围绕|共收到|在)"
    ),
    re.compile(
        rf"(?:领导|指导|支持|关心)下[,，](?P<org>[^，。；,《》“”、\d]{{2,24}}?{_ORG_END})(?=认真|坚持|深入|高度重视|严格|积极|全面|紧紧|以习近平|按照|围绕|贯彻)"
    ),
    re.compile(
        r"(?:做好|关于|加强)(?P<org>[^，。；,《》“”、\d]{2,24}?(?:局|委员会|办事处|人民政府|厅))(?=政府信息公开|政务公开)"
    ),
)
_SOURCE = re.compile(
    rf"(?:来源|(?:发布|发文|公开|编制|制发|制作|填报|责任|报送)(?:机构|单位|机关|主体|部门)|单位名称|机构名称|作者)"
    rf"(?:[:：][|\n]*|[|\n]+)(?P<org>[^:：，。|\n\d]{{2,30}}?{_ORG_END})(?=$|[^一-鿿]|发布|浏览|字号|点击|时间|分享|打印|成文|公开|日期|文号)"
)
_NO_BODY = re.compile(
    r"^(?:我|本|该|各|全)(?:局|乡|镇|县|市|区|省|厅|街道|单位|机关|部门|委|办)|^本机关$|^(?:本)?(?:年度)?报告$|^关于|^附件|^各|我(?:局|乡|镇|县|市|区|省|厅|委|办)"
)
_META_ORG = (
    "发布机构",
    "发布单位",
    "发文机关",
    "发文机构",
    "公开机构",
    "信息来源",
    "来源",
    "公开主体",
    "信息公开主体",
    "责任单位",
    "发布部门",
    "ContentSource",
)
_META_DATE = ("发布时间", "发布日期", "公开日期", "发文日期", "成文日期", "生成日期", "PubDate", "时间")
#: 教育体育局 and 体育局 are offices; any other 体育 in a name is a betting site's.
_BRAND = re.compile(
    r"(?<!教育)(?<!教)(?<!文化)(?<!文)(?<!卫生)(?<!旅游)(?<!科技)(?<!和)(?<!、)体育(?!总?局|中心|和|旅游|发展|运动|学校|馆|文化|广电|新闻|事业)|博彩|娱乐城|备用网址|彩票|威廉希尔|赌|真人|棋牌|投注|365|bet",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """Who and when, and what was against it."""

    org: str | None
    year: int | None
    title: str | None
    published: str | None
    findings: tuple[Finding, ...]


def heading(
    document: Document,
    preface: Sequence[str],
    narrative: Sequence[str],
    tail: Sequence[str],
    earliest: int | None = None,
) -> Heading:
    """The body and the year that title, preface, signature, metadata and file name agree on.

    `preface` are the lines before the first section, `narrative` the lines of the sections,
    `tail` the last lines of the document. `earliest` is the first year of its form.
    """
    preface = [t for t in _read_through(preface) if not _CRUMBS.search(_fold(t))]
    narrative, tail = _read_through(narrative), _read_through(tail)
    title = _title(preface, document)
    name = _file_name(document.source.path)
    published, signed = _published(document, tail)
    findings: list[Finding] = []
    year = _year(title, preface, narrative, signed or published, name, document, earliest, findings)
    org = _org(title, preface, narrative, tail, name, document, findings)
    return Heading(org, year, title, published, tuple(findings))


#: Where a visitor of the site is: 当前位置：首页 > 政府信息公开 > 年报.
_CRUMBS = re.compile(r"^[^:：]{0,6}位置[:：]|^(?:网站)?首页[>/›»|-]|[>›»][^>›»]+[>›»]")
#: What a page's table of its own data says before a title.
_LABEL = re.compile(
    r"^(?:(?:文件|信息|公文)?(?:名称|标题|题名|下载)|索引号|发?文号|关键[字词]|主题词?)(?:[:：|]|(?=[^:：|]{2,30}20\d\d年))|^(?:文号|关键[字词])[:：|]"
)
_TRADITIONAL = re.compile("報告|公開|開展|關於")


def _read_through(lines: Sequence[str]) -> Sequence[str]:
    """The lines in simplified characters and without glosses (規(guī)定), where a copy has them otherwise."""
    if not any(_TRADITIONAL.search(line) for line in lines):
        return lines
    return [simplified(GLOSS.sub("", unicodedata.normalize("NFKC", line))) for line in lines]


@lru_cache(maxsize=1024)
def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("﹝", "〔").replace("﹞", "〕")


@lru_cache(maxsize=256)
def _is_title(text: str) -> bool:
    return (
        len(text) <= _LONGEST and _REPORT.search(text) is not None and "。" not in text and "《" not in text
    )


def is_title(text: str) -> bool:
    """Whether a line is the title of a report."""
    return _is_title(_fold(text))


def _title(preface: Sequence[str], document: Document) -> str | None:
    """The report's title, its lines put together: body, year and kind may each have their own."""
    top = _without_lists([_LABEL.sub("", _fold(t)) for t in preface[:_TOP]])
    best: tuple[int, str] | None = _glued_title(top)
    for i, text in enumerate(top):
        if not _is_title(text) or text.count("|") >= 2:  # a row of the page's own table
            continue
        whole = text
        before = top[i - 1] if i else ""
        if _is_part(before) and (_org_in(text) is None or not _YEAR.search(text)):
            whole = before + whole
        after = top[i + 1] if i + 1 < len(top) else ""
        if re.fullmatch(r"[(（]?20\d\d年?(?:度)?[)）]?", after):
            whole += after
        rank = (_org_in(whole) is not None) * 2 + (_YEAR.search(whole) is not None)
        if best is None or rank > best[0]:
            best = (rank, whole)
    if best is not None:
        return best[1]
    for key, value in document.metadata:
        if key.lower() in ("title", "articletitle", "名称", "标题") and _is_title(_fold(value)):
            return _fold(value)
    return None


def _without_lists(top: Sequence[str]) -> list[str]:
    """The lines without runs of titles, which are a page's list of other reports."""
    result: list[str] = []
    run: list[str] = []
    for text in [*top, ""]:
        if _is_title(text) and _YEAR.search(text):
            run.append(text)
            continue
        if len({y for t in run for y in _YEAR.findall(t)}) < 3:
            result += run
        run = []
        result.append(text)
    return result[:-1]


def _glued_title(top: Sequence[str]) -> tuple[int, str] | None:
    """A title whose line break was lost: …年度报告2023年，国家…"""
    for text in top[:3]:
        hit = _REPORT.search(text[:_LONGEST])
        if (
            hit is not None
            and len(text) > _LONGEST
            and re.match(r"20\d\d年|根据|为|按照|依据|一、", text[hit.end() :])
        ):
            whole = text[: hit.end()]
            if not re.search(r"[，。《：]", whole):
                return 1, whole
    return None


def _is_part(text: str) -> bool:
    """Whether a line may be the first line of a title: a body, or a body and a year."""
    bare = _TITLE_YEAR.sub("", text)
    return (
        2 <= len(bare) <= 30
        and not _SOURCE.search(text)
        and re.search(rf"{_ORG_END}$", bare) is not None
        and not _NO_BODY.match(bare)
        and not re.search(r"[，。：:；]", text)
    )


def _org_in(title: str) -> str | None:
    """The body that a title names."""
    text = _TITLE_YEAR.sub("", title)
    hit = _REPORT.search(text)
    if hit is None:
        return None
    text = text[: hit.start()]
    text = re.sub(r"^(?:附件\d*[:：]?|关于)", "", text)
    text = re.sub(r"(?:关于|年度|的|工作|20\d\d)+$", "", text).strip('《》“”"-—_·.、:：()（）')
    text = re.split(r"[:：|>]", re.sub(r"^.*?[〕\]]\d+号", "", text))[-1]
    if not 2 <= len(text) <= 40 or _NO_BODY.match(text) or not re.search(rf"{_ORG_END}[)）]?$", text):
        return None
    return None if text == "政府" else text


def _file_name(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"^[A-Za-z0-9_\-. ]+(?=[一-鿿])(?!年)", "", name.rpartition("!")[2])
    return _fold(re.sub(r"\.[A-Za-z]{2,6}$", "", name))


#: Commissions whose name is cut short before 员会; 发改委 and the like are short all through and stay.
_SHORT_COMMISSION = re.compile(
    r"(?:卫生健康|发展和改革|国有资产监督管理|民族(?:宗教)?事务|城乡建设(?:管理)?|城市管理|经济(?:和|与)信息化)委$"
)


def full_name(org: str) -> str:
    """A body's name written out: 高桥镇政府 is 高桥镇人民政府, 开发区管委会 is 开发区管理委员会.

    >>> full_name("城关街道")
    '城关街道办事处'
    """
    org = org.strip("《》“”\"' ")
    if org.endswith("管委会"):
        return org[:-3] + "管理委员会"
    if _SHORT_COMMISSION.search(org):
        return org + "员会"
    if org.endswith("街道"):
        return org + "办事处"
    if org.endswith("街道办"):
        return org + "事处"
    if org.endswith("人民政府办公室") or org.endswith("人民政府办公厅"):
        return org
    if org.endswith("政府") and not org.endswith("人民政府"):
        return org[:-2] + "人民政府"
    if re.search(r"(?:镇|乡|县|自治州|自治旗)$", org) or re.search(r"..(?:市|区|省|旗|州)$", org):
        return (
            org if org.endswith(("开发区", "高新区", "园区", "示范区", "新区", "景区")) else org + "人民政府"
        )
    return org


def _org(
    title: str | None,
    preface: Sequence[str],
    narrative: Sequence[str],
    tail: Sequence[str],
    name: str,
    document: Document,
    findings: list[Finding],
) -> str | None:
    votes: list[tuple[str, float, str]] = []
    if title is not None and (org := _org_in(title)):
        votes.append((full_name(org), 3.0, "title"))
    for text in [*preface, *narrative[:3]]:
        for pattern in _PREFACE:
            hit = pattern.search(_fold(text))
            if hit is not None:
                org = _clean(hit["org"])
                if org is not None:
                    votes.append((full_name(org), 2.5, "preface"))
        for pattern in _SPOKEN:
            hit = pattern.search(_fold(text))
            if hit is not None and (org := _clean(hit["org"])):
                votes.append((full_name(org), 1.0, "text"))
    votes += [(full_name(o), 3.0, "signature") for o in _signature(tail)]
    for hit in _SOURCE.finditer("\n".join(_fold(text) for text in preface[:_TOP])):
        if (org := _clean(trimmed(hit["org"]))) is not None:
            votes.append((full_name(org), 1.5, "page line"))
    for text in preface[:6]:
        folded = _fold(text)
        if _is_part(folded) and re.search(r"(?:人民政府|政府|局|厅|委员会|管委会|办事处|乡|镇)$", folded):
            votes.append((full_name(_TITLE_YEAR.sub("", folded)), 1.5, "head"))
    for key, value in document.metadata:
        if key in _META_ORG and _clean(_fold(value)) and re.search(rf"{_ORG_END}$", _fold(value)):
            votes.append((full_name(_fold(value)), 1.5, "metadata"))
    if (org := _org_in(name)) is not None:
        votes.append((full_name(org), 1.0, "file name"))
    return _elect(_placed(votes, [*preface, *narrative, *tail], findings), findings)


def _placed(
    votes: Sequence[tuple[str, float, str]], texts: Sequence[str], findings: list[Finding]
) -> list[tuple[str, float, str]]:
    """The votes whose name says where its body is, or which the document's text completes."""
    result: list[tuple[str, float, str]] = []
    bare: list[str] = []
    for org, weight, why in votes:
        name = whole(org, map(_fold, texts)) if is_bare(org) else org
        if name is None:
            bare.append(org)
        else:
            result.append((name, weight, why))
    if bare and not result:
        message = f"the body is called {bare[0]} only, and nowhere is said of which place; it is left out"
        findings.append(flag("org-incomplete", message, printed=bare[0]))
    return result


def _clean(org: str) -> str | None:
    org = re.sub(r"^年?度", "", _TITLE_YEAR.sub("", org).strip())
    org = (
        re.sub(r"(?:办公室|党政办公室|党政办)$", "", org)
        if re.search(r"(?:人民政府|局|厅|委员会|办事处)(?:党政)?办公室$", org)
        and not org.endswith("人民政府办公室")
        else org
    )
    if not 2 <= len(org) <= 40 or _NO_BODY.match(org) or not re.search(rf"{_ORG_END}[)）]?$", org):
        return None
    return org


def _signature(tail: Sequence[str]) -> Iterable[str]:
    """Bodies that stand alone on a line near the end, before or beside a date."""
    for text in tail:
        folded = _DATE.sub("", _fold(text))
        if (
            3 <= len(folded) <= 30
            and not re.search(r"[:：|>、]", folded)
            and _clean(folded)
            and re.search(r"(?:人民政府|政府|局|厅|委员会|管委会|办事处|办公室|院|委|乡|镇)[)）]?$", folded)
        ):
            yield folded


def _elect(votes: Sequence[tuple[str, float, str]], findings: list[Finding]) -> str | None:
    """The body with most votes; a name and the same name with its county before it are one."""
    if not votes:
        return None
    score: dict[str, float] = {}
    for org, weight, _ in votes:
        score[org] = score.get(org, 0.0) + weight
    groups: dict[str, float] = {}
    for org in score:
        groups[org] = sum(w for other, w in score.items() if other.endswith(org) or org.endswith(other))
    best = max(groups, key=lambda o: (groups[o], score[o], len(o)))
    titled = {org for org, _, why in votes if why == "title"}
    if best.removesuffix("办公室") in titled and best.endswith("政府办公室"):
        best = best.removesuffix("办公室")  # the office signs what it wrote for its government
    against = sorted({o for o in score if not (o.endswith(best) or best.endswith(o))})
    if against:
        findings.append(
            flag(
                "org-disagrees", f"the body is read as {best}; also named: {', '.join(against)}", printed=best
            )
        )
    if _BRAND.search(best):
        findings.append(
            flag(
                "hijacked-copy",
                f"the body's name holds words of a betting site: {best}; the page may be a hijacked copy",
                printed=best,
            )
        )
    return best


def _published(document: Document, tail: Sequence[str]) -> tuple[str | None, str | None]:
    """Publication date and signature date, as ISO dates."""
    signed = None
    for text in tail:
        date = _date(_fold(text))
        if date is not None and len(_fold(text)) <= 40 and _PERIOD.search(_fold(text)) is None:
            signed = date
    for name in _META_DATE:
        for key, value in document.metadata:
            if key == name:
                date = _date(_fold(value)) or _date(value)
                if date is not None:
                    return date, signed
    return signed, signed


def _date(text: str) -> str | None:
    hit = _DATE.search(text) or _DATE_PLAIN.search(text)
    if hit is not None:
        return f"{int(hit[1]):04}-{int(hit[2]):02}-{int(hit[3]):02}"
    cn = _DATE_CN.search(text)
    if cn is None:
        return None
    digits = "".join(
        str("〇一二三四五六七八九".index(c)) if c in "〇一二三四五六七八九" else "0" for c in cn[1]
    )
    month, day = _cn_number(cn[2]), _cn_number(cn[3])
    return f"{digits}-{month:02}-{day:02}" if len(digits) == 4 and 1 <= day <= 31 else None


def _cn_number(text: str) -> int:
    tens, _, ones = text.partition("十") if "十" in text else ("", "", text)
    value = "〇一二三四五六七八九".index(ones) if ones else 0
    return value + (10 * ("〇一二三四五六七八九".index(tens) if tens else 1) if "十" in text else 0)


def _said(text: str) -> list[tuple[int, float, str]]:
    """The years that the narrative implies, each way of saying once."""
    votes = []
    for pattern, ahead, why in (
        (_LAST_YEAR, 1, "last report"),
        (_THIS_YEAR, 0, "narrative"),
        (_NEXT_YEAR, -1, "plan"),
    ):
        years = [int(y) + ahead for y in pattern.findall(text)]
        if years:
            votes.append((max(set(years), key=lambda y: (years.count(y), y)), 1.0, why))
    return votes


def _year(
    title: str | None,
    preface: Sequence[str],
    narrative: Sequence[str],
    date: str | None,
    name: str,
    document: Document,
    earliest: int | None,
    findings: list[Finding],
) -> int | None:
    votes: list[tuple[int, float, str]] = []
    if title is not None and (hit := _YEAR.search(title)):
        votes.append((int(hit[1]), 3.0, "title"))
    for text in [*preface, *narrative[:4]]:
        folded = simplified(_fold(text))
        if (hit := _PERIOD.search(folded)) is not None:
            votes.append((int(hit[2] or hit[1]), 2.5, "period"))
        if (hit := _PREFACE_YEAR.search(folded)) is not None and not _is_title(folded):
            votes.append((int(hit[1]), 2.0, "preface"))
    for text in narrative[:6]:  # the first sentences of the overview
        if (hit := _START_YEAR.match(_fold(text))) is not None:
            votes.append((int(hit[1]), 1.5, "text"))
            break
    votes += _said("".join(simplified(_fold(t)) for t in narrative))
    if date is not None:
        year, month = int(date[:4]), int(date[5:7])
        votes.append((year if month >= 11 else year - 1, 2.25, "date"))
    else:
        for text in preface[:_TOP]:
            if (hit := _MONTH.match(_fold(text))) is not None:
                votes.append((int(hit[1]) - 1, 1.0, "date"))
    if (hit := re.search(r"(?<!\d)(20[0-4]\d)年", name)) is not None:
        votes.append((int(hit[1]), 1.0, "file name"))
    for key, value in document.metadata:
        if (
            key.lower() in ("title", "articletitle", "名称", "标题")
            and _is_title(_fold(value))
            and (hit := _YEAR.search(_fold(value)))
        ):
            # the page repeats the title, and with it a slip in it
            votes.append((int(hit[1]), 0.0 if title is not None else 2.0, "page title"))
            break
    if not votes:
        return None
    score: dict[int, float] = {}
    kinds: dict[int, dict[str, float]] = {}
    for year, weight, why in votes:
        kinds.setdefault(year, {})[why] = weight
    score = {year: sum(k.values()) for year, k in kinds.items()}
    if earliest is not None:  # nobody fills in a form before there is one
        score = {year: s - (3.0 if year < earliest else 0.0) for year, s in score.items()}
    best = max(score, key=lambda y: (score[y], y))
    against = {why: year for year, weight, why in votes if year != best}
    if against:
        what = ", ".join(f"{why} says {year}" for why, year in sorted(against.items()))
        findings.append(
            flag("year-disagrees", f"the year is read as {best}, but the {what}", printed=str(best))
        )
    return best
