"""What a person does on a report's page → lines of the ledger and of the marks, and how to take them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args

from gongkai.correct.review_log import Conflict, ReportKey, ReportWords, ReviewLog
from gongkai.correct.statement import BadStatement, state_number, state_text
from gongkai.model import (
    BBox,
    Correction,
    Fact,
    MarkKind,
    Match,
    Place,
    Report,
    ReportField,
    ReviewMark,
    Verdict,
)
from gongkai.review.doubt import doubts
from gongkai.run.corrections import field_of, require_known
from gongkai.run.dataset_files import number_of

#: characters of a name, a reason and a note
LONGEST_NAME, LONGEST_NOTE = 60, 500
#: actions that a person may take back, newest last
_MOST_UNDONE = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """The report that is spoken of: its id, the report itself, its line of `reports`, and who speaks."""

    id: str
    report: Report
    line: Mapping[str, Any]
    who: str

    @property
    def key(self) -> ReportKey:
        """Which report of which document."""
        return self.report.source.sha256, number_of(self.id)


@dataclass(frozen=True, slots=True)
class Actions:
    """Writes what people do, one action at a time, each on the version of the report that its page showed.

    All lines of an action have one time. What there is to take back is read from them, so a server that was started
    anew, and another beside it, take back what this one wrote.
    """

    log: ReviewLog

    def act(self, subject: Subject, version: int | None, request: Mapping[str, Any]) -> None:
        """Do what a page asks for: `request` has `action` and what belongs to it.

        Raises BadStatement where it cannot be said, Conflict where somebody spoke since the page was made.
        """
        action = str(request.get("action", ""))
        make = _ACTIONS.get(action)
        if make is None:
            raise BadStatement(f"there is no action {action!r}", f"没有这个操作：{action}")
        words = self.log.of(subject.key)
        if version is not None and version != words.version:
            raise Conflict(words.said[version:])
        corrections, marks = make(subject, words, request, _now())
        self.log.record(subject.key, version, corrections, marks)

    def undo(self, who: str) -> ReportKey | None:
        """Take back a person's last action; the report it was on, None where there is none.

        Raises BadStatement where somebody spoke of the same since.
        """
        now = _now()
        with self.log.held() as write:
            last = self.log.last_action(who)
            if last is None:
                return None
            key, when = last
            words = self.log.of(key)
            steps = words.steps_of(who, when)
            if not all(step.last for step in steps if isinstance(step.line, Correction)):
                raise BadStatement("somebody spoke of this value since", "此后有人又更正过这个数值，不能撤销")
            corrections: list[Correction] = []
            marks = [ReviewMark(*key, words.said[-1].source_file, "undone", "", when, None, None, who, now)]
            for step in steps:
                match step.line, step.before:
                    case Correction() as said, (Correction() | None) as before:
                        corrections.append(_before(said, before, who, now))
                    case ReviewMark() as state, (ReviewMark() | None) as before if step.last:
                        earlier = before or replace(state, mark="open", note="")
                        marks.append(replace(earlier, who=who, when=now))
            write(corrections, marks)
        return key

    def take(self, subject: Subject) -> None:
        """Note that a person is at work on a report; nothing where that is known or the report is somebody else's."""
        now = datetime.now(UTC)
        with self.log.held() as write:
            if self.log.of(subject.key).taken_by(now):
                return
            write([], [_mark(subject, "taken", "", now.isoformat(timespec="seconds"))])

    def release(self, subject: Subject) -> None:
        """Note that a person has left a report."""
        with self.log.held() as write:
            if self.log.of(subject.key).taken_by(datetime.now(UTC)) == subject.who:
                write([], [_mark(subject, "released", "", _now())])


def _now() -> str:
    """The time of an action. Microseconds, because the lines of an action are known by it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _before(said: Correction, earlier: Correction | None, who: str, now: str) -> Correction:
    """The line that takes a word back: the one before it again, or that nothing is said."""
    if earlier is None or earlier.verdict == "withdrawn":
        return replace(said, verdict="withdrawn", new=None, blank=False, who=who, when=now, why="")
    return replace(earlier, who=who, when=now, why=earlier.why)


# The actions ---------------------------------------------------------------------------------

_Lines = tuple[Sequence[Correction], Sequence[ReviewMark]]
_Make = Callable[[Subject, ReportWords, Mapping[str, Any], str], _Lines]


def _correct(subject: Subject, words: ReportWords, request: Mapping[str, Any], now: str) -> _Lines:
    return _say(subject, words, request, now, str(request.get("value", ""))[:LONGEST_NOTE])


def _confirm(subject: Subject, words: ReportWords, request: Mapping[str, Any], now: str) -> _Lines:
    return _say(subject, words, request, now, None)


def _say(
    subject: Subject, words: ReportWords, request: Mapping[str, Any], now: str, typed: str | None
) -> _Lines:
    name, why = str(request.get("field", "")), str(request.get("why", ""))[:LONGEST_NOTE]
    said = _statement(subject, words, name, typed)
    marks = []
    pointed = _pointed(request.get("place"))
    if pointed is not None:
        marks.append(replace(_mark(subject, "place", "", now), field=name, page=pointed[0], box=pointed[1]))
    return [replace(said, who=subject.who, when=now, why=why)], marks


def _statement(subject: Subject, words: ReportWords, name: str, typed: str | None) -> Correction:
    """What is said of a value or of a field of the report, None typed for a confirmation."""
    source = subject.report.source
    own = [c for c in words.corrections if c.field == name]
    verdict: Verdict = "as_printed" if typed is None else "corrected"
    key = (*subject.key, source.path, name, verdict)
    if name in get_args(ReportField):
        held = "" if subject.line[name] is None else str(subject.line[name])
        read, text = state_text(name, held, own, typed, require_known)
        return Correction(*key, read, None, None, False, "", "", "", text)
    fact = next((f for f in subject.report.facts if ".".join(f.field.address) == name), None)
    if fact is None:
        fact = _unread_box(subject.report, name, typed)
    stated = state_number(fact, own, typed)
    return Correction(*key, fact.printed, stated.old, stated.new, stated.blank, "", "", "")


def _unread_box(report: Report, name: str, typed: str | None) -> Fact:
    slot = field_of(report, name)
    if slot is None:
        raise BadStatement(f"the form of this report has no box {name}", f"本报告的表样没有这一格：{name}")
    if typed is None:
        raise BadStatement(
            f"no box {name} was read, so there is none to confirm", "未读到此格，没有可确认的数值"
        )
    row, column = (Match("", label.id, 0.0, "unread") for label in (slot.row, slot.column))
    return Fact(slot, None, False, "", Place(), row, column)


def _all_as_printed(subject: Subject, words: ReportWords, request: Mapping[str, Any], now: str) -> _Lines:
    """Every doubtful value that was read, and of which nobody has spoken, is as printed; the report is done."""
    read = {".".join(f.field.address) for f in subject.report.facts if f.value is not None}
    open_ones = [
        d.field for d in doubts(subject.report) if d.field in read and d.field not in words.last_words()
    ]
    why = str(request.get("why", ""))[:LONGEST_NOTE]
    said = [
        replace(_statement(subject, words, name, None), who=subject.who, when=now, why=why)
        for name in open_ones
    ]
    return said, [_mark(subject, "done", "", now)]


def _seen(subject: Subject, words: ReportWords, request: Mapping[str, Any], now: str) -> _Lines:
    """The report was looked at; it is done where every doubtful box was spoken of."""
    answered = words.last_words()
    named = [d.field for d in doubts(subject.report)]
    done = bool(named) and all(name in answered for name in named)
    return [], [_mark(subject, "done" if done else "seen", "", now)]


def _question(subject: Subject, words: ReportWords, request: Mapping[str, Any], now: str) -> _Lines:
    note = str(request.get("note", "")).strip()[:LONGEST_NOTE]
    if not note:
        raise BadStatement("the question is empty", "请写明问题")
    return [], [_mark(subject, "question", note, now)]


def _open_again(subject: Subject, words: ReportWords, request: Mapping[str, Any], now: str) -> _Lines:
    return [], [_mark(subject, "open", "", now)]


_ACTIONS: Mapping[str, _Make] = {
    "correct": _correct,
    "confirm": _confirm,
    "all": _all_as_printed,
    "seen": _seen,
    "question": _question,
    "open": _open_again,
}


def _mark(subject: Subject, mark: MarkKind, note: str, now: str) -> ReviewMark:
    sha256, number = subject.key
    return ReviewMark(
        sha256, number, subject.report.source.path, mark, "", note, None, None, subject.who, now
    )


def _pointed(place: object) -> tuple[int, BBox] | None:
    """The page and the box, in points, that a person pointed at; None where they did not.

    Raises BadStatement for anything else.
    """
    if place is None:
        return None
    match place:
        case {"page": int(page), "box": [*edges]} if len(edges) == 4 and 0 < page < 100_000:
            numbers = [float(x) for x in edges if isinstance(x, int | float) and abs(x) < 1e5]
            if len(numbers) == 4:
                x0, top, x1, bottom = numbers
                return page, (min(x0, x1), min(top, bottom), max(x0, x1), max(top, bottom))
    raise BadStatement("the place on the page is none", "页面位置无效")
