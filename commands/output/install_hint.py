"""How an extra is installed, for the way in which Gongkai was installed here."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution


def install_hint(extra: str) -> str:
    """The command that adds an extra to this installation.

    pipx and uv keep each tool in a folder of theirs; a checkout, a wheel or a repository names itself; anything else is
    the package of that name.
    """
    place = sys.prefix.replace("\\", "/")
    wanted, editable = _wanted(extra)
    if "/pipx/venvs/" in place:
        return f"pipx install --force {editable}'{wanted}'"
    if "/uv/tools/" in place:
        return f"uv tool install --force {editable}'{wanted}'"
    return f"pip install {editable}'{wanted}'"


def _wanted(extra: str) -> tuple[str, str]:
    """Gongkai with the extra, from where it was installed, and "-e " where it was installed so (PEP 610)."""
    try:
        told = distribution("gongkai").read_text("direct_url.json")
    except PackageNotFoundError:
        told = None
    if not told:
        return f"gongkai[{extra}]", ""
    found = json.loads(told)
    url = str(found["url"])
    editable = "-e " if found.get("dir_info", {}).get("editable", False) else ""
    if "dir_info" in found and url.startswith("file://") and "%" not in url:
        return f"{url.removeprefix('file://')}[{extra}]", editable
    vcs = found.get("vcs_info", {}).get("vcs")
    return f"gongkai[{extra}] @ {f'{vcs}+' if vcs else ''}{url}", editable
