"""gongkai.toml → what a night does, and where. docs/nightly.md explains every key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gongkai.model import REVIEW_MARKS
from gongkai.user_toml import BadToml, Flag, FromOne, FromZero, Positive, Text, TomlTable, UserPath
from gongkai.user_toml import convert as convert_toml
from gongkai.user_toml import load as load_toml

__all__ = ["BadToml", "CheckConfig", "Config", "CrawlConfig", "NotifyConfig", "RunConfig", "convert", "load"]

#: without user and password: they would stand in logs
_WEB_ADDRESS = re.compile(r"https?://[^/\s@]+(/\S*)?", re.ASCII)
_GUIDE = "docs/nightly.md explains the file"

Words = Annotated[tuple[str, ...], Meta(min_length=1, description='a list of texts, ["…", "…"]')]
Share = Annotated[float, Meta(ge=0, le=1, description="a share from 0 to 1, 0.05 for 5 %")]
When = Literal["always", "change", "problem"]
Format = Literal["json", "wecom", "dingtalk", "feishu"]


class CrawlConfig(TomlTable, frozen=True):
    """The table [crawl]. Neither `sites` nor `command`: the archive is filled by other means."""

    sites: UserPath | None = None
    #: further options of `gongkai crawl`
    options: Words = ()
    #: the program that fetches instead of `gongkai crawl`
    command: Words = ()
    #: the longest that the crawl may take; then the night asks it to end
    hours: Positive = 12.0

    def __post_init__(self) -> None:
        if self.command and (self.sites is not None or self.options):
            raise ValueError("command stands for `gongkai crawl`; sites and options go without it")
        if self.options and self.sites is None:
            raise ValueError('options are those of `gongkai crawl`, which wants sites = "sites.toml"')


class RunConfig(TomlTable, frozen=True):
    """The table [run]: the options of `gongkai run`. `timeout` in seconds and `memory` in GiB, for one file."""

    workers: FromZero = 0
    timeout: Positive = 60.0
    memory: Positive = 2.0
    aliases: UserPath | None = None
    place: Text | None = None


class CheckConfig(TomlTable, frozen=True):
    """The table [check]: whether the night tries the rules over years and bodies, and which of your own."""

    enabled: Flag = True
    rules: UserPath | None = None


class NotifyConfig(TomlTable, frozen=True):
    """The table [notify]: whom the night notifies, and when."""

    command: Words = ()
    webhook: Text = ""
    format: Annotated[Format, Meta(description="one of json, wecom, dingtalk, feishu")] = "json"
    when: Annotated[When, Meta(description="one of always, change, problem")] = "always"
    #: seconds that one notification may take
    timeout: Positive = 60.0

    def __post_init__(self) -> None:
        if self.webhook and not _WEB_ADDRESS.fullmatch(self.webhook):
            raise ValueError("webhook is an address that begins with https:// or http://")


class Config(TomlTable, frozen=True):
    """All of gongkai.toml. A path is relative to the file's own folder."""

    archive: Annotated[Path, Meta(description="the folder of the fetched reports")]
    datasets: Annotated[Path, Meta(description="the folder of the published datasets")]
    keep: FromOne = 7
    #: nights whose report stays
    reports: FromOne = 60
    #: the ledger of corrections; DATASETS/corrections.csv where none is named
    corrections: UserPath | None = None
    #: the share of reports, and of facts, that may be lost from one night to the next
    shrink: Share = 0.05
    crawl: Annotated[CrawlConfig, Meta(description="a table, written [crawl]")] = CrawlConfig()
    run: Annotated[RunConfig, Meta(description="a table, written [run]")] = RunConfig()
    check: Annotated[CheckConfig, Meta(description="a table, written [check]")] = CheckConfig()
    notify: Annotated[NotifyConfig, Meta(description="a table, written [notify]")] = NotifyConfig()
    #: site → the reports that can be read, at least
    expected: Annotated[
        dict[str, Annotated[int, Meta(ge=0, description="the least number of reports")]],
        Meta(description="a table, written [expected]"),
    ] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        archive, datasets = self.archive.resolve(), self.datasets.resolve()
        if archive == datasets or archive in datasets.parents or datasets in archive.parents:
            raise ValueError("archive and datasets are two folders, neither in the other")

    @property
    def ledger(self) -> Path:
        """The file of corrections that every night replays."""
        return self.corrections or self.datasets / "corrections.csv"

    @property
    def marks(self) -> Path:
        """The file of the marks of all reviews: what was seen, done, asked."""
        return self.datasets / REVIEW_MARKS


def load(path: Path) -> Config:
    """The configuration in a file. Raises BadToml."""
    return load_toml(path, Config, _GUIDE)


def convert(data: Mapping[str, Any], path: Path) -> Config:
    """The configuration in a parsed file. Raises BadToml."""
    return convert_toml(data, Config, path, _GUIDE)
