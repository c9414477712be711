"""Made-up reports as files that a body publishes: Word or web page, with a date below and figures that a test chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from form import sample  # of samples/, which makes documents
from made import site, word


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file. `changes` are boxes of table three that print something else: the sums of `seed` hold."""

    name: str
    org: str
    year: int
    seed: int
    published: str = ""
    changes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    title: Sequence[str] = ()

    def write(self, folder: Path) -> Path:
        """Write it below a folder."""
        made = sample(self.org, self.year, self.seed, proactive="2021", requests="2021")
        for (row, column), text in self.changes.items():
            made.printed["requests", row, column] = text
        if self.title:
            made.title = list(self.title)
        made.signature = [self.org, self.published] if self.published else [self.org]
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        draw = word if path.suffix == ".docx" else site
        data = draw(self.name, made, "").data
        assert data is not None, self.name
        path.write_bytes(data)
        return path
