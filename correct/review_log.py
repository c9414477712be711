"""The two files that reviewers write → what was said of each report, by whom, and who is at work on it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from gongkai.correct.ledger import Refuses, corrections_file
from gongkai.correct.review_mark import marks_file, pointed, taken_back
from gongkai.model import CORRECTIONS, REVIEW_MARKS, Correction, MarkKind, ReviewMark

#: A report is taken for so long after its reviewer last opened it.
TAKEN_FOR = timedelta(minutes=30)

#: marks that say how far the work on a report is; the last one counts
STATES: tuple[MarkKind, ...] = ("open", "seen", "done", "question")

#: the time of what was done at the server; a line of another tool is none of its actions
_ACTION_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", re.ASCII)

#: (SHA-256 of the document, number of the report in it)
ReportKey = tuple[str, int]


class Conflict(Exception):
    """Somebody said something of the report since the page was made: `news` are the new lines."""

    def __init__(self, news: Sequence[Correction | ReviewMark]) -> None:
        super().__init__(f"{len(news)} lines are new")
        self.news = tuple(news)


@dataclass(frozen=True, slots=True)
class ActionStep:
    """A line of an action: what it says, the line on the same before it, and whether it is the last that counts."""

    line: Correction | ReviewMark
    before: Correction | ReviewMark | None
    last: bool


@dataclass(slots=True)
class ReportWords:
    """What was said of one report: corrections and marks, each oldest first.

    `said` has both, but for who takes it, as they came in: its length is the version that a page is made of.
    """

    corrections: list[Correction] = field(default_factory=list)
    marks: list[ReviewMark] = field(default_factory=list)
    said: list[Correction | ReviewMark] = field(default_factory=list)
    taken: ReviewMark | None = None

    @property
    def version(self) -> int:
        """Grows with every line, but for who takes or gives back the report."""
        return len(self.said)

    @property
    def state(self) -> MarkKind:
        """How far the work is: open, seen, done or question."""
        last = self.last_state
        return "open" if last is None else last.mark

    @property
    def last_state(self) -> ReviewMark | None:
        """The mark that says how far the work is."""
        return next((m for m in reversed(self.marks) if m.mark in STATES and not m.field), None)

    @property
    def people(self) -> set[str]:
        """Who said anything."""
        return {event.who for event in self.said}

    def steps_of(self, who: str, when: str) -> list[ActionStep]:
        """What one action, the lines of a person at a time, changed."""
        lines = [line for line in self.said if (line.who, line.when) == (who, when)]
        return [step for line in lines if (step := self._step(line)) is not None]

    def _step(self, line: Correction | ReviewMark) -> ActionStep | None:
        """A line with the one that held before it; None for a mark that is no state of the work."""
        states = [m for m in self.marks if m.mark in STATES and not m.field]
        same: Sequence[Correction | ReviewMark]
        if isinstance(line, Correction):
            same = [c for c in self.corrections if c.field == line.field]
        elif any(m is line for m in states):
            same = states
        else:
            return None
        place = next(i for i, other in enumerate(same) if other is line)
        back = taken_back(self.marks)
        last = all((later.who, later.when) in back for later in same[place + 1 :])
        return ActionStep(line, same[place - 1] if place else None, last)

    def places(self) -> dict[str, ReviewMark]:
        """field → where a person pointed for it last; what was taken back is left out."""
        return pointed(self.marks)

    def last_words(self) -> dict[str, Correction]:
        """field → the last word on it; fields whose last word was withdrawn are left out."""
        last = {c.field: c for c in self.corrections}
        return {name: c for name, c in last.items() if c.verdict != "withdrawn"}

    def taken_by(self, now: datetime) -> str:
        """Who is at work on it, "" for nobody."""
        if self.taken is None or self.taken.mark == "released":
            return ""
        try:
            since = now - datetime.fromisoformat(self.taken.when)
        except (ValueError, TypeError):  # a line that was typed: the date is a text, perhaps without a zone
            return ""
        return self.taken.who if since < TAKEN_FOR else ""


class ReviewLog:
    """corrections.csv and review_marks.csv of a dataset folder, with the lines that others append.

    Any number of threads and processes may read and write.
    """

    def __init__(self, folder: Path, refuses: Refuses) -> None:
        self._corrections = corrections_file(folder / CORRECTIONS, refuses)
        self._marks = marks_file(folder / REVIEW_MARKS)
        self._words: dict[ReportKey, ReportWords] = {}
        self._taken: dict[str, ReportKey] = {}
        self._acts: dict[str, set[tuple[str, ReportKey]]] = {}
        self._undoing: set[tuple[str, str]] = set()
        self._known: tuple[Sequence[object], Sequence[object]] = ((), ())
        self._counted = (0, 0)
        self._touched: set[ReportKey] | None = None
        self._lock = threading.RLock()

    @property
    def corrections(self) -> Sequence[Correction]:
        """Every line of the ledger, oldest first."""
        return self._corrections.lines

    @property
    def marks(self) -> Sequence[ReviewMark]:
        """Every mark, oldest first."""
        return self._marks.lines

    def refresh(self) -> set[ReportKey] | None:
        """Take in what others wrote: the reports that were spoken of since the last call; None where any may have been.

        Raises BadCorrection where a line is none, OSError where a file cannot be read.
        """
        with self._lock:
            self._marks.refresh()
            self._corrections.refresh()
            self._take_in()
            touched, self._touched = self._touched, set()
            return touched

    def of(self, key: ReportKey) -> ReportWords:
        """What was said of a report, as of the last look."""
        return self._words.get(key) or ReportWords()

    def reports(self) -> Sequence[ReportKey]:
        """The reports of which something was said."""
        with self._lock:
            return tuple(self._words)

    @contextmanager
    def held(self) -> Iterator[Callable[[Sequence[Correction], Sequence[ReviewMark]], None]]:
        """A function that appends lines while nobody else can; what was said until now is known.

        The marks' lock is taken first by all, so that two servers do not wait for each other.
        """
        with self._lock, self._marks.held() as write_marks:

            def write(corrections: Sequence[Correction], marks: Sequence[ReviewMark]) -> None:
                if corrections:
                    self._corrections.append(corrections)
                write_marks(marks)
                self._take_in()

            self._corrections.refresh()
            self._take_in()
            yield write

    def record(
        self,
        key: ReportKey,
        version: int | None,
        corrections: Sequence[Correction],
        marks: Sequence[ReviewMark],
    ) -> None:
        """Append what a person says of a report. `version` is that of the page it was said on, None for any.

        Raises Conflict, and writes nothing, where something was said since.
        """
        with self.held() as write:
            said = self.of(key).said
            if version is not None and version != len(said):
                raise Conflict(said[version:])
            write(corrections, marks)

    def taken_of(self, who: str) -> ReportKey | None:
        """The report that a person took last."""
        return self._taken.get(who)

    def last_action(self, who: str) -> tuple[ReportKey, str] | None:
        """The report and the time of a person's newest action that was not taken back and takes none back itself."""
        acts = self._acts.get(who)
        if not acts:
            return None
        when, key = max(acts)
        return key, when

    def _take_act(self, key: ReportKey, line: Correction | ReviewMark) -> None:
        """Note an action by one of its lines; one that takes another back is none, and the other is none either."""
        acts = self._acts.setdefault(line.who, set())
        if isinstance(line, ReviewMark) and line.mark == "undone":
            acts.discard((line.note, key))
            acts.discard((line.when, key))
            self._undoing.add((line.who, line.when))
        elif (line.who, line.when) not in self._undoing and _ACTION_TIME.fullmatch(line.when):
            acts.add((line.when, key))

    def _take_in(self) -> None:
        """Sort new lines to their reports."""
        corrections, marks = self._corrections.lines, self._marks.lines
        seen_corrections, seen_marks = self._counted
        whole = not (
            _begins(corrections, self._known[0], seen_corrections)
            and _begins(marks, self._known[1], seen_marks)
        )
        if whole:
            self._words, self._taken, seen_corrections, seen_marks = {}, {}, 0, 0
            self._acts, self._undoing = {}, set()
        touched = {self._take_correction(c) for c in corrections[seen_corrections:]}
        touched |= {self._take_mark(m) for m in marks[seen_marks:]}
        self._known, self._counted = (corrections, marks), (len(corrections), len(marks))
        self._touched = None if whole or self._touched is None else self._touched | touched

    def _take_correction(self, said: Correction) -> ReportKey:
        key = (said.sha256, said.report)
        words = self._words.setdefault(key, ReportWords())
        words.corrections.append(said)
        words.said.append(said)
        self._take_act(key, said)
        return key

    def _take_mark(self, mark: ReviewMark) -> ReportKey:
        key = (mark.sha256, mark.report)
        words = self._words.setdefault(key, ReportWords())
        words.marks.append(mark)
        if mark.mark not in ("taken", "released"):
            words.said.append(mark)
            self._take_act(key, mark)
            return key
        self._take_over(key, words, mark)
        return key

    def _take_over(self, key: ReportKey, words: ReportWords, mark: ReviewMark) -> None:
        """A person works on one report at a time: the one before is free again."""
        before = self._taken.get(mark.who)
        if before is not None and before != key and mark.mark == "taken":
            other = self._words[before]
            if other.taken is not None and other.taken.who == mark.who:
                other.taken = None
        words.taken = mark
        if mark.mark == "taken":
            self._taken[mark.who] = key


def _begins(lines: Sequence[object], known: Sequence[object], count: int) -> bool:
    """Whether lines begin with those that are known: a file that was edited is read anew."""
    return not count or (
        len(lines) >= count and lines[0] is known[0] and lines[count - 1] is known[count - 1]
    )
