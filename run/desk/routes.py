"""The addresses of the server: the list, reports with their paper, what people do, the dashboard and the history."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gongkai.correct.review_log import Conflict
from gongkai.correct.statement import BadStatement
from gongkai.model import BadCorrection, Source
from gongkai.review.desk_pages import (
    Visitor,
    WorkListPage,
    address,
    query_of,
    render_desk_page,
    render_work_list,
)
from gongkai.review.explain import explain
from gongkai.review.html_file import Language, asset, choose
from gongkai.review.work_list import FACETS, SORTS, WorkItem
from gongkai.run.desk import dashboard
from gongkai.run.desk.actions import LONGEST_NAME, Actions, Subject
from gongkai.run.desk.paper_children import Call, show_page, show_paper
from gongkai.run.desk.report_view import (
    filters_of,
    narrative,
    news_of,
    other_years,
    page_data,
    report_page,
)
from gongkai.run.desk.review_desk import OpenDataset, ReviewDesk
from gongkai.run.results.result_store import pack

#: reports on one page of the list, and lines on one page of the history
ON_PAGE = 100
#: pixels a point that a picture may be asked for
SCALES = {"1": 1.7, "2": 2.6, "3": 3.6}
#: A picture or a style whose address changes with it is kept by the browser.
_KEEP = {"Cache-Control": "private, max-age=86400, immutable"}
_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the routes share: the desk, what people do on it, the children that open documents, the pages' token."""

    desk: ReviewDesk
    actions: Actions
    call: Call
    csrf: str


def make_app(site: DeskParts) -> Starlette:
    """The application, without the guard before it."""

    def route(path: str, answer: Callable[[DeskParts, Request], Response]) -> Route:
        def endpoint(request: Request) -> Response:
            return _answer(site, request, answer)

        return Route(path, endpoint)

    def change(path: str, answer: Callable[[DeskParts, Request, Mapping[str, Any]], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                body = json.loads(await request.body())
            except ValueError:
                return _error("no JSON", 400)
            if not isinstance(body, dict):
                return _error("a JSON object is due", 400)
            return await run_in_threadpool(_answer, site, request, lambda s, r: answer(s, r, body))

        return Route(path, endpoint, methods=["POST"])

    return Starlette(
        routes=[
            route("/", _list),
            route("/next", _next),
            route("/reports/{id}", _report),
            route("/reports/{id}/paper", _paper),
            route("/reports/{id}/pages/{page:int}", _picture),
            route("/reports/{id}/text", _text),
            route("/reports/{id}/years", _years),
            route("/reports/{id}/explain", _explain),
            route("/dashboard", _dashboard),
            route("/history", _history),
            route("/export.csv", _export),
            route("/assets/{name}", _asset),
            change("/reports/{id}/act", _act),
            change("/reports/{id}/take", _take),
            change("/undo", _undo),
        ]
    )


def _answer(site: DeskParts, request: Request, answer: Callable[[DeskParts, Request], Response]) -> Response:
    """An answer, or the one line that says why there is none."""
    try:
        return answer(site, request)
    except _NotThere as error:
        return _error(str(error), 404)
    except BadStatement as error:
        return _error(error.zh if _visitor(site, request).language == "zh" else str(error), 422)
    except (BadCorrection, OSError) as error:
        return _error(str(error), 500)


class _NotThere(Exception):
    """What an address names is not in the dataset."""


def _error(text: str, status: int) -> Response:
    return JSONResponse({"error": text}, status)


def _html(text: object) -> Response:
    return HTMLResponse(str(text).encode("utf-8", "replace"))


def _visitor(site: DeskParts, request: Request) -> Visitor:
    """Who looks: what the cookies say that the pages themselves set."""
    cookies = request.cookies
    typed = QueryParams("name=" + cookies.get("gongkai_name", "")).get("name", "")
    name = " ".join(typed.split())[:LONGEST_NAME]
    spoken = cookies.get("gongkai_language") or request.headers.get("accept-language", "zh")[:2]
    language: Language = "en" if spoken == "en" else "zh"
    theme = cookies.get("gongkai_theme", "")
    return Visitor(name, language, theme if theme in ("dark", "light") else "", site.csrf)


def _found(site: DeskParts, request: Request) -> tuple[OpenDataset, WorkItem]:
    """The report that an address names."""
    dataset, id = site.desk.dataset, request.path_params["id"]
    place = dataset.work.places.get(id)
    if place is None:
        raise _NotThere(f"there is no report {id}")
    return dataset, dataset.work.items[place]


# The list ------------------------------------------------------------------------------------


def _query(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        found.setdefault(name, []).append(value)
    return found


def _asked(request: Request) -> tuple[dict[str, list[str]], str, str]:
    """The filters, the text and the order in an address."""
    query = _query(request)
    sort = query.get("sort", ["doubt"])[0]
    return filters_of(query, FACETS), query.get("q", [""])[0][:200], sort if sort in SORTS else "doubt"


def _list(site: DeskParts, request: Request) -> Response:
    dataset = site.desk.dataset
    work, (filters, text, sort) = dataset.work, _asked(request)
    found = work.select(filters, text)
    items = work.in_order(found, sort)
    pages = max(1, -(-len(items) // ON_PAGE))
    page = min(_whole(request.query_params.get("page"), 1), pages)
    now = datetime.now(UTC)
    shown = [
        (item, work.state_of(work.places[item.id]), site.desk.words(item).taken_by(now))
        for item in items[(page - 1) * ON_PAGE : page * ON_PAGE]
    ]
    view = WorkListPage(
        shown,
        work.counts(filters, text),
        filters,
        text,
        sort,
        page,
        pages,
        len(items),
        len(work.items),
        work.tally("state", work.all),
        {body: work.items[places[0]].org for body, places in work.by_body.items() if body},
    )
    return _html(render_work_list(view, _visitor(site, request)))


def _whole(text: str | None, default: int) -> int:
    """A positive number of an address."""
    return (
        max(1, int(text))
        if text is not None and text.isascii() and text.isdigit() and len(text) < 7
        else default
    )


def _next(site: DeskParts, request: Request) -> Response:
    """To the next report of the list that is open and in nobody's hands; the list itself where there is none."""
    dataset = site.desk.dataset
    work, (filters, text, sort) = dataset.work, _asked(request)
    query, visitor, now = address(filters, text, sort), _visitor(site, request), datetime.now(UTC)
    after = request.query_params.get("after", "")
    found = work.select(filters if filters.get("state") else {**filters, "state": ["open"]}, text)
    for item in work.after(found, after, sort):
        if site.desk.words(item).taken_by(now) in ("", visitor.name):
            return RedirectResponse(f"/reports/{item.id}?{query}" if query else f"/reports/{item.id}", 303)
    return RedirectResponse(f"/?{query}" if query else "/", 303)


# A report ------------------------------------------------------------------------------------


def _report(site: DeskParts, request: Request) -> Response:
    dataset, item = _found(site, request)
    filters, text, sort = _asked(request)
    at = _place_in_list(dataset, item, filters, text, sort)
    return _html(
        report_page(site.desk, dataset, item, _visitor(site, request), address(filters, text, sort), at)
    )


def _place_in_list(
    dataset: OpenDataset, item: WorkItem, filters: Mapping[str, list[str]], text: str, sort: str
) -> str:
    """Which of the list's reports it is: "3 / 120"; "" where the filters no longer fit it."""
    ids = [i.id for i in dataset.work.in_order(dataset.work.select(filters, text), sort)]
    return f"{ids.index(item.id) + 1} / {len(ids)}" if item.id in ids else ""


def _source(item: WorkItem) -> Source:
    return Source(item.file, b"", item.sha256, 0)


def _paper(site: DeskParts, request: Request) -> Response:
    """What the report was read from, as a piece of HTML."""
    dataset, item = _found(site, request)
    language = _visitor(site, request).language
    if item.status == "failed":
        words = "文件未能读取，原因见提示 The file could not be read; the findings say why."
        return JSONResponse({"html": "", "notice": choose(words, language)})
    packed = pack(dataset.reader.report(item.id))
    paths = dataset.documents.of(_source(item))
    html, notice = show_paper(site.call, packed, paths, language, f"/reports/{item.id}/pages/")
    return JSONResponse({"html": html, "notice": choose(notice, language)})


def _picture(site: DeskParts, request: Request) -> Response:
    dataset, item = _found(site, request)
    scale = SCALES.get(request.query_params.get("zoom", "1"), SCALES["1"])
    page = request.path_params["page"]
    made = (
        show_page(site.call, _source(item), dataset.documents.of(_source(item)), page, scale)
        if page
        else None
    )
    if made is None:
        raise _NotThere(f"there is no picture of page {page}")
    return Response(made[0], media_type=made[1], headers=_KEEP)


def _text(site: DeskParts, request: Request) -> Response:
    return _html(narrative(*_found(site, request), _visitor(site, request).language))


def _years(site: DeskParts, request: Request) -> Response:
    return JSONResponse(other_years(*_found(site, request)))


def _explain(site: DeskParts, request: Request) -> Response:
    """From the box to the value, as `gongkai explain` tells it."""
    dataset, item = _found(site, request)
    parts = tuple(request.query_params.get("field", "").split("."))
    try:
        text = explain(dataset.reader.report(item.id), cast(tuple[str, str, str], parts))
    except KeyError as error:
        raise _NotThere("no such value was read") from error
    return PlainTextResponse(text)


# What people do ------------------------------------------------------------------------------


def _subject(site: DeskParts, request: Request) -> tuple[OpenDataset, WorkItem, Subject]:
    dataset, item = _found(site, request)
    name = _visitor(site, request).name
    if not name:
        raise BadStatement("type your name first", "请先填写姓名")
    line = dataset.reader.lines("reports", item.id)[0]
    return dataset, item, Subject(item.id, dataset.reader.whole(item.id), line, name)


def _act(site: DeskParts, request: Request, body: Mapping[str, Any]) -> Response:
    _, item, subject = _subject(site, request)
    version = body.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        return _error("version is due", 400)
    try:
        site.actions.act(subject, version, body)
    except Conflict as conflict:
        data = page_data(subject.report, site.desk.words(item))
        return JSONResponse({"news": news_of(conflict.news), **data}, 409)
    return JSONResponse(page_data(subject.report, site.desk.words(item)))


def _take(site: DeskParts, request: Request, body: Mapping[str, Any]) -> Response:
    _, item, subject = _subject(site, request)
    if body.get("release"):
        site.actions.release(subject)
    else:
        site.actions.take(subject)
    taken = site.desk.words(item).taken_by(datetime.now(UTC))
    return JSONResponse({"taken": "" if taken == subject.who else taken})


def _undo(site: DeskParts, request: Request, body: Mapping[str, Any]) -> Response:
    """Take back this person's last action, on whichever report it was."""
    name = _visitor(site, request).name
    dataset = site.desk.dataset
    key = site.actions.undo(name)
    if key is None:
        raise BadStatement("there is nothing to undo", "没有可撤销的操作")
    places = dataset.work.by_key.get(key, ())
    if not places:
        raise BadStatement("undone; its report is not in this dataset", "已撤销；该报告不在本数据集中")
    item = dataset.work.items[places[0]]
    return JSONResponse({"id": item.id, **page_data(dataset.reader.whole(item.id), site.desk.words(item))})


# Dashboard, history, files -------------------------------------------------------------------


def _dashboard(site: DeskParts, request: Request) -> Response:
    dataset = site.desk.dataset
    first = _whole(request.query_params.get("bodies"), 1)
    filters, text, _ = _asked(request)

    def link(path: str = "/", **changes: str) -> str:
        """A page with the same filters but for some; a page of the bodies is no filter."""
        facets = {**filters, **{name: [v] for name, v in changes.items() if name != "bodies"}}
        query = address(facets, text, "doubt", bodies=changes.get("bodies", ""))
        return f"{path}?{query}" if query else path

    return _html(
        render_desk_page(
            "desk_dashboard",
            "看板 Dashboard",
            _visitor(site, request),
            "dashboard",
            view=dashboard.make(dataset, site.desk.log, filters, text, first, link),
            link=link,
            filtered=filters or text,
        )
    )


def _history(site: DeskParts, request: Request) -> Response:
    dataset = site.desk.dataset
    query = {name: request.query_params.get(name, "")[:200] for name in ("report", "field", "who", "day")}
    lines = dashboard.history(dataset, site.desk.log, **query)
    page = _whole(request.query_params.get("page"), 1)
    pages = max(1, -(-len(lines) // ON_PAGE))
    shown = lines[(min(page, pages) - 1) * ON_PAGE : min(page, pages) * ON_PAGE]
    days = sorted({line.when[:10] for line in dashboard.history(dataset, site.desk.log)}, reverse=True)
    return _html(
        render_desk_page(
            "desk_history",
            "记录 History",
            _visitor(site, request),
            "history",
            lines=shown,
            query=query,
            count=len(lines),
            page=min(page, pages),
            pages=pages,
            days=days[:60],
            link=lambda **changes: (
                "/history?" + query_of([(k, str(v)) for k, v in {**query, **changes}.items() if v])
            ),
        )
    )


def _export(site: DeskParts, request: Request) -> Response:
    """A day's work as CSV: every line of the ledger and of the marks."""
    day = request.query_params.get("day", "")
    if not _DAY.fullmatch(day):
        return _error("day is due, as 2026-01-31", 400)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(dashboard.EXPORTED)
    for line in reversed(dashboard.history(site.desk.dataset, site.desk.log, day=day)):
        writer.writerow(line.cells())
    name = f'attachment; filename="gongkai-review-{day}.csv"'
    data = b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")
    return Response(data, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _asset(site: DeskParts, request: Request) -> Response:
    name = request.path_params["name"]
    try:
        text, _ = asset(name)
    except KeyError as error:
        raise _NotThere(f"there is no file {name}") from error
    return Response(text, media_type=_MEDIA[name.rpartition(".")[2]], headers=_KEEP)
