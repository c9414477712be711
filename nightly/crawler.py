"""The crawl of a night in a separate process: a configuration → the summary of the crawl."""

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

#: the exit code of `gongkai crawl` where it met a bug or a damaged state, and went on
BUG = 4
#: seconds between SIGTERM and SIGKILL for a crawl that takes too long
GRACE = 300.0
#: what `gongkai crawl` writes last
SUMMARY = "crawl.json"
#: bytes at the end of the output in which the last line is searched
_TAIL = 8_192


class CrawlFailed(OSError):
    """The crawl did not reach its end; the message is one line."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """The result of a crawl: crawl.json, None where it wrote none; `well`: its exit code is 0."""

    summary: Mapping[str, Any] | None
    well: bool


def crawl_command(config: Config) -> tuple[str, ...]:
    """The command that fetches; () where there is none."""
    crawl = config.crawl
    if crawl.command:
        return crawl.command
    if crawl.sites is None:
        return ()
    # a cron job may have another PATH; -P keeps the current folder off Python's path
    here = (sys.executable, "-P", "-m", "gongkai")
    return (*here, "crawl", str(crawl.sites), "--to", str(config.archive), *crawl.options)


def crawl(config: Config, folder: Path, output: Path, lock: int) -> Crawled:
    """Run the crawl in `folder`; its output goes to the file `output`.

    The crawl inherits `lock`: if this process is killed and the crawl goes on, the next night finds the
    lock taken. Raises CrawlFailed where the process did not start, was killed, or ended with another
    code than 0, or 1 with a summary.
    """
    arguments = crawl_command(config)
    before = _summary_stamp(config.archive)
    hold = () if sys.platform == "win32" else (lock,)
    with output.open("wb") as out:
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
    done = (0, 1) if config.crawl.command else (0, 1, BUG)
    if code not in done or (code != 0 and not fresh):
        why = f"was not done after {config.crawl.hours:g} hours" if late else _describe_end(code)
        raise CrawlFailed(f"the crawl {why}: {_last_line(output) or 'no output'}; all of it: {output}")
    if not fresh and not config.crawl.command:
        raise CrawlFailed(f"the crawl ended with {code} and wrote no {SUMMARY}; its output: {output}")
    return Crawled(_read(config.archive / SUMMARY) if fresh else None, code == 0)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the process; whether it took too long and was ended."""
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
    """Ask the crawl to end, so that it writes its summary; kill it if it does not."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _summary_stamp(archive: Path) -> str:
    """A text that changes when crawl.json is written."""
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
    """The last line of the output."""
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
        lines = file.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
