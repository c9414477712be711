"""The version, and of what day the tables are that the program knows: they decide what can be read and named."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from gongkai.commands.output.language import say
from gongkai.normalize.form.template import templates
from gongkai.normalize.identity.division import table_dates


def version_text() -> str:
    """Three lines: the version, the forms with their decrees, and the days of the table of divisions."""
    try:
        first = f"gongkai {version('gongkai')}"
    except PackageNotFoundError:
        first = f"gongkai ({say('not installed')})"
    forms = "  ".join(f"{form.id} {form.source}" for form in templates())
    dates = say("divisions as of {dates}", dates=", ".join(table_dates()))
    return "\n".join((first, say("forms: {forms}", forms=forms), dates)) + "\n"
