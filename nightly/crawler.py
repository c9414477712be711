"""The crawl of a night, in a process of its own: a configuration → what the crawl said of itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.nightly.config import Config

#: seconds that a crawl which was asked to end has for it
GRACE = 300.0
#: what `gongkai crawl` writes last
SUMMARY = "crawl.json"
#: bytes at the end of what the crawl said, where its last word is looked for
_TAIL = 8_192


class CrawlFailed(OSError):
    """The crawl did not get to its end; the message is one line."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl said: crawl.json, None where it wrote none; `well` is its exit code 0."""

    summary: Mapping[str, Any] | None
    well: bool


def crawl_command(config: Config) -> tuple[str, ...]:
    """What fetches; () where nothing does."""
    crawl = config.crawl
    if crawl.command:
        return crawl.command
    if crawl.sites is None:
        return ()
    # the command need not be on the PATH of a cron job; -P: no file of the night's folder is run
    here = (sys.executable, "-P", "-m", "gongkai")
    return (*here, "crawl", str(crawl.sites), "--to", str(config.archive), *crawl.options)


def crawl(config: Config, folder: Path, said: Path, lock: int) -> Crawled:
    """Fetch, in `folder`; what the process prints goes to the file `said`.

    `lock` stays open in it: where this process is killed and the crawl lives on, the next night
    finds the lock held. Raises CrawlFailed where the process did not start, was killed, or ended
    with another code than 0, or 1 with a summary.
    """
    arguments = crawl_command(config)
    before = _summary_stamp(config.archive)
    hold = () if sys.platform == "win32" else (lock,)
    with said.open("wb") as out:
        try:
            process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder, pass_fds=hold
            )
        except OSError as error:
            raise CrawlFailed(f"{arguments[0]}: cannot be started: {error.strerror or error}") from error
        with process:
            late = _wait(process, config.crawl.hours * 3600)
    code = process.returncode
    fresh = _summary_stamp(config.archive) not in ("", before)
    if code not in (0, 1) or (code == 1 and not fresh):
        why = f"was not done after {config.crawl.hours:g} hours" if late else _describe_end(code)
        raise CrawlFailed(f"the crawl {why}: {_last_line(said) or 'it said nothing'}; all of it: {said}")
    if not fresh and not config.crawl.command:
        raise CrawlFailed(f"the crawl ended with {code} and wrote no {SUMMARY}; what it said: {said}")
    return Crawled(_read(config.archive / SUMMARY) if fresh else None, code == 0)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for its end; whether it had to be asked to end."""
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        _end(process)
        return True
    except (KeyboardInterrupt, SystemExit):
        _end(process)
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """A crawl that is asked to end says what it has; one that does not listen is killed."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _summary_stamp(archive: Path) -> str:
    """What changes when crawl.json is written."""
    try:
        found = (archive / SUMMARY).stat()
    except OSError:
        return ""
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise CrawlFailed(f"{path}: is no JSON: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("sites", []), list):
        raise CrawlFailed(f"{path}: is no summary of a crawl")
    return found


def _describe_end(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with {code}"


def _last_line(path: Path) -> str:
    """The last line that the process said."""
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
        lines = file.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
