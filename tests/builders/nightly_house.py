"""An archive that a plan fills, and nights over it that read made-up reports."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gongkai import nightly
from gongkai.audit import Series
from gongkai.model import CORRECTIONS
from gongkai.nightly.config import Config, convert
from gongkai.normalize import templates
from gongkai.pipeline import Options

HERE = Path(__file__).parent
Plan = dict[str, dict[str, str]]

#: three sites, and what they publish on the first night
FIRST: Plan = {
    "linjiang": {f"http://a/{year}": f"临江市人民政府|{year}|{year - 1990}" for year in (2019, 2020, 2021)},
    "qingxi": {f"http://b/{year}": f"清溪镇人民政府|{year}|7" for year in (2020, 2021)},
    "yunshan": {f"http://c/{n}": f"云山区第{n}局|2021|{n}" for n in range(1, 7)},
}


Changes = Mapping[str, Mapping[str, str | None]]


def plan(changes: Changes | None = None) -> Plan:
    """What is published, from FIRST on: a text of None was withdrawn."""
    found = {site: dict(documents) for site, documents in FIRST.items()}
    for site, documents in (changes or {}).items():
        for url, text in documents.items():
            if text is None:
                del found[site][url]
            else:
                found.setdefault(site, {})[url] = text
    return found


@dataclass
class House:
    """A folder with an archive, a plan and datasets; `options` are tables of its gongkai.toml.

    `clock` is the time at which every night begins, None for what it is.
    """

    top: Path
    options: dict[str, Any] = field(default_factory=dict)
    clock: datetime | None = None

    def __post_init__(self) -> None:
        if not (self.top / "plan.json").exists():
            self.publish()

    @property
    def datasets(self) -> Path:
        return self.top / "datasets"

    @property
    def current(self) -> Path:
        return self.datasets / "current"

    def publish(self, changes: Changes | None = None, *, only: Plan | None = None, **more: object) -> None:
        """What the sites have from now on, FIRST with changes or `only` this, and what befalls the crawl."""
        sites = plan(changes) if only is None else only
        (self.top / "plan.json").write_text(json.dumps({"sites": sites, **more}), "utf-8")

    def config(self, **more: Any) -> Config:
        crawl = [
            sys.executable,
            str(HERE / "fake_crawl.py"),
            *(str(self.top / n) for n in ("plan.json", "archive")),
        ]
        tables = {
            "archive": "archive",
            "datasets": "datasets",
            "run": {"workers": 1},
            "crawl": {"command": crawl},
        }
        return convert({**tables, **self.options, **more}, self.top / "gongkai.toml")

    def night(self, *, force: bool = False, fetch: bool = True, **more: Any) -> nightly.Night:
        return nightly.night(
            self.config(**more),
            options=Options(list_bodies=(("linjiang", "临江市人民政府"),)),
            series=Series(templates()),
            severities={},
            force=force,
            fetch=fetch,
            now=lambda: self.clock or datetime.now(UTC),
            reader="builders.fake_report:read",
        )

    def read_again(self) -> list[str]:
        """The files that were read since this was asked the last time."""
        log = self.top / "read.log"
        found = log.read_text("utf-8").split() if log.exists() else []
        log.unlink(missing_ok=True)
        return sorted(name.rpartition("-")[0] for name in found)

    def report(self, night: nightly.Night) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(
            (self.datasets / "nights" / night.id / "report.json").read_text("utf-8")
        )
        return told

    def versions(self) -> list[str]:
        return sorted(path.name for path in (self.datasets / "versions").iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    """A dataset but for what tells of the run."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in ("run.json", CORRECTIONS)}
