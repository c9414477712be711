"""How an extra is installed, for the way in which Gongkai was installed here."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution


def install_hint(extra: str) -> str:
    """The command that adds an extra to this installation.

    pipx and uv keep each tool in a folder of theirs; a checkout names itself; anything else is pip.
    """
    place = sys.prefix.replace("\\", "/")
    if "/pipx/venvs/" in place:
        return f"pipx install --force 'gongkai[{extra}]'"
    if "/uv/tools/" in place:
        return f"uv tool install --force 'gongkai[{extra}]'"
    folder = _checkout()
    return f"pip install -e '{folder}[{extra}]'" if folder else f"pip install 'gongkai[{extra}]'"


def _checkout() -> str:
    """The folder of the sources where Gongkai was installed from one with -e; "" otherwise."""
    try:
        told = distribution("gongkai").read_text("direct_url.json")
    except PackageNotFoundError:
        return ""
    found = json.loads(told) if told else {}
    editable = found.get("dir_info", {}).get("editable", False)
    return str(found["url"]).removeprefix("file://") if editable else ""
