"""gongkai.toml → what a night does, and where. docs/nightly.md explains every key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WHEN = ("always", "change", "problem")
_ADDRESS = re.compile(r"https?://[^/\s@]+(/\S*)?", re.ASCII)
FORMATS = ("json", "wecom", "dingtalk", "feishu")


class ConfigError(ValueError):
    """gongkai.toml cannot be used; the message names the file, the place in it, and what to try."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """The table [crawl]. Neither `sites` nor `command`: the archive is filled by other means."""

    sites: Path | None = None
    #: further options of `gongkai crawl`
    options: tuple[str, ...] = ()
    #: what fetches instead of `gongkai crawl`
    command: tuple[str, ...] = ()
    #: the longest that it may take; then it is asked to end
    hours: float = 12.0


@dataclass(frozen=True, slots=True)
class Run:
    """The table [run]: the options of `gongkai run`. `timeout` in seconds and `memory` in GiB, for one file."""

    workers: int = 0
    timeout: float = 60.0
    memory: float = 2.0
    aliases: Path | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The table [check]: whether the rules over years and bodies are tried, and which of your own."""

    enabled: bool = True
    rules: Path | None = None


@dataclass(frozen=True, slots=True)
class Notify:
    """The table [notify]: who is told, and when."""

    command: tuple[str, ...] = ()
    webhook: str = ""
    format: str = "json"
    when: str = "always"
    #: seconds that telling may take
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Config:
    """All of gongkai.toml. Paths are those of the file's own folder where they are not absolute."""

    archive: Path
    datasets: Path
    keep: int = 7
    #: nights whose report is kept
    reports: int = 60
    #: the ledger of corrections; DATASETS/corrections.csv where none is named
    corrections: Path | None = None
    #: the share of reports, and of facts, that may be lost from one night to the next
    shrink: float = 0.05
    crawl: Crawl = Crawl()
    run: Run = Run()
    check: Check = Check()
    notify: Notify = Notify()
    #: site → the reports that can be read, at least
    expected: Mapping[str, int] = field(default_factory=dict)

    @property
    def ledger(self) -> Path:
        """The file of corrections that every night replays."""
        return self.corrections or self.datasets / "corrections.csv"


def load(path: Path) -> Config:
    """The configuration in a file. Raises ConfigError."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    try:
        return read(data, path.resolve().parent)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def read(data: Mapping[str, Any], folder: Path) -> Config:
    """The configuration in a TOML document that lies in `folder`. Raises ConfigError."""
    kinds = {name: _kind(value) for name, value in _TOP.items()}
    top = _table("the file", {k: v for k, v in data.items() if k not in _TABLES}, kinds, folder, _TABLES)
    for name in ("archive", "datasets"):
        if name not in top:
            raise ConfigError(f'{name} = "…" is missing: the folder of the {_FOLDERS[name]}')
    tables: dict[str, Any] = {}
    for name, (make, keys) in _TABLES.items():
        found = _mapping(name, data.get(name, {}))
        kinds = {key: _kind(value) for key, value in keys.items()}
        values = found if make is None else _table(f"[{name}]", found, kinds, folder)
        tables[name] = _expected(values) if make is None else make(**values)
    config = Config(**top, **tables)
    _sound(config)
    return config


# What keys there are -------------------------------------------------------------------------

_FOLDERS = {"archive": "fetched reports", "datasets": "published datasets"}
_TOP = {
    "archive": "path", "datasets": "path", "keep": "number from 1", "reports": "number from 1",
    "corrections": "path", "shrink": "share from 0 to 1",
}  # fmt: skip
_TABLES: Mapping[str, tuple[Callable[..., Any] | None, Mapping[str, str]]] = {
    "crawl": (Crawl, {"sites": "path", "options": "texts", "command": "texts", "hours": "positive number"}),
    "run": (
        Run,
        {
            "workers": "number from 0", "timeout": "positive number", "memory": "positive number",
            "aliases": "path", "place": "text",
        },
    ),
    "check": (Check, {"enabled": "flag", "rules": "path"}),
    "notify": (
        Notify,
        {
            "command": "texts", "webhook": "text", "format": "text", "when": "text",
            "timeout": "positive number",
        },
    ),
    "expected": (None, {}),
}  # fmt: skip

_Kind = tuple[str, Callable[[Any], bool], str]

_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "path": (lambda v: isinstance(v, str) and v != "", 'a path, "folder/file"'),
    "text": (lambda v: isinstance(v, str) and v != "", 'a text, "…"'),
    "texts": (
        lambda v: isinstance(v, list) and v != [] and all(isinstance(t, str) for t in v),
        'a list of texts, ["…", "…"]',
    ),
    "flag": (lambda v: isinstance(v, bool), "true or false"),
    "number from 0": (lambda v: _whole(v) and v >= 0, "a whole number from 0 on"),
    "number from 1": (lambda v: _whole(v) and v >= 1, "a whole number from 1 on"),
    "positive number": (lambda v: _number(v) and v > 0, "a number above 0"),
    "share from 0 to 1": (lambda v: _number(v) and 0 <= v <= 1, "a share from 0 to 1, 0.05 for 5 %"),
}


def _kind(name: str) -> _Kind:
    return (name, *_KINDS[name])


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _table(
    where: str,
    found: Mapping[str, Any],
    kinds: Mapping[str, _Kind],
    folder: Path,
    besides: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """The values of a table, each of its kind."""
    for key in found:
        if key not in kinds:
            known = [*kinds, *(f"[{name}]" for name in besides or ())]
            near = difflib.get_close_matches(key, [*kinds, *(besides or ())], 1)
            raise ConfigError(
                f'{where}: "{key}" is not known; '
                + (f"is {near[0]} meant?" if near else f"there are {', '.join(known)}")
            )
    values = {}
    for key, value in found.items():
        name, fits, wanted = kinds[key]
        if not fits(value):
            raise ConfigError(f"{where}: {key} is {value!r}; wanted is {wanted}")
        values[key] = folder / value if name == "path" else tuple(value) if name == "texts" else value
    return values


def _mapping(name: str, found: object) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ConfigError(f"{name} is a table, written [{name}]")
    return found


def _expected(found: Mapping[str, Any]) -> Mapping[str, int]:
    for site, least in found.items():
        if not (_whole(least) and least >= 0):
            raise ConfigError(f"[expected]: {site} is {least!r}; wanted is the least number of reports")
    return dict(found)


def _sound(config: Config) -> None:
    """What no single key tells. Raises ConfigError."""
    crawl, notify = config.crawl, config.notify
    if crawl.command and (crawl.sites is not None or crawl.options):
        raise ConfigError("[crawl]: command stands for `gongkai crawl`; sites and options go without it")
    if crawl.options and crawl.sites is None:
        raise ConfigError('[crawl]: options are those of `gongkai crawl`, which wants sites = "sites.toml"')
    for name, value, known in (("when", notify.when, WHEN), ("format", notify.format, FORMATS)):
        if value not in known:
            raise ConfigError(f'[notify]: {name} is "{value}"; there are {", ".join(known)}')
    if notify.webhook and not _ADDRESS.fullmatch(notify.webhook):
        raise ConfigError("[notify]: webhook is an address that begins with https:// or http://")
    archive, datasets = config.archive.resolve(), config.datasets.resolve()
    if archive == datasets or archive in datasets.parents or datasets in archive.parents:
        raise ConfigError("archive and datasets are two folders, neither in the other")
