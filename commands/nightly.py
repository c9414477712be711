"""Fetch, read what is new, check, compare, and publish the datasets as a new version. 每晚任务。"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from gongkai import nightly
from gongkai.audit import Series
from gongkai.commands import Refused
from gongkai.commands.check import severities
from gongkai.commands.options import named_files
from gongkai.commands.options.rules import Rules, read_rules
from gongkai.commands.output.language import translate
from gongkai.commands.output.screen import write
from gongkai.crawl import site as crawl_site
from gongkai.normalize import templates


def command(
    config: Annotated[
        Path, typer.Argument(metavar="CONFIG", help="gongkai.toml; docs/nightly.md explains it.")
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Publish even where more was lost than the configuration allows.")
    ] = False,
    no_crawl: Annotated[
        bool, typer.Option("--no-crawl", help="Fetch nothing, and read the archive as it is.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print the line only where the exit code is not 0: for cron.")
    ] = False,
) -> int:
    """Do a night's work. 0: fine. 1: done, and something wants a look. 2: wrong usage. 3: the datasets stay as they were.

    4: done, and something of Gongkai is broken: a bug, or a damaged state that was begun anew.
    """
    try:
        plan = nightly.load(config)
        options = named_files.options(plan.run.aliases, plan.run.place)
        options = replace(options, list_bodies=_list_bodies(plan.crawl.sites))
        rules = Rules() if plan.check.rules is None else read_rules(plan.check.rules)
        series = Series(templates(), rules.rules, rules.severities)
    except nightly.BadToml as error:
        raise Refused(error.problem, 2, error.path) from error
    except ValueError as error:  # a rule whose terms no form has
        raise Refused(str(error), 2, plan.check.rules) from error
    try:
        night = nightly.night(
            plan,
            options=options,
            series=series,
            severities=severities(rules),
            force=force,
            fetch=not no_crawl,
        )
    except FileExistsError as error:
        raise Refused(str(error), 2) from error
    except OSError as error:  # another night is at work, or the disk is full
        raise Refused(str(error), nightly.STAYED) from error
    except KeyboardInterrupt as error:
        raise Refused(
            "stopped; the datasets are as they were; the next night goes on", nightly.STAYED
        ) from error
    if night.code or not quiet:
        write(translate(nightly.summary_line(night)) + "\n")
    sys.stdout.flush()
    return night.code


def _list_bodies(sites: Path | None) -> tuple[tuple[str, str], ...]:
    """The body of each site, in whose list its reports are; none where the file cannot be read, as the crawl will say."""
    if sites is None:
        return ()
    try:
        return tuple((site.id, site.body) for site in crawl_site.load(sites).sites)
    except nightly.BadToml:
        return ()
