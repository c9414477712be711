"""A body, a style and a script → one HTML file that opens from disk and may load nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

#: What a page may do: show pictures that stand in it, and use the one style and the one script whose
#: hashes are named. No address, no form, no frame, no eval; what a document smuggled in does not run.
_POLICY = (
    "default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; "
    "base-uri 'none'; form-action 'none'"
)


def html(title: str, body: str, script: str) -> str:
    """A whole HTML file. `title` is text, `body` is HTML, `script` the name of a file beside this one."""
    style, code = resource("page.css"), resource(script)
    policy = _POLICY.format(style=_hash(style), script=_hash(code))
    frame = Template(resource("page.html"))
    return frame.substitute(policy=policy, title=escape(title), style=style, body=body, script=code)


@cache
def resource(name: str) -> str:
    """A file that lies beside this one."""
    return files(__package__).joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
