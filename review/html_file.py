"""A template and its values → one HTML file that opens from disk and may load nothing, or a part of one."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup as Html

from gongkai.model import OWN_OUTPUT, Address
from gongkai.review.number_text import number

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Html", "render_file", "render_part"]

#: What a page may do: show pictures that stand in it, and use the one style and the one script whose
#: hashes are named. No address, no form, no frame, no eval. A script that a document smuggled in does not run.
_POLICY = (
    "default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; "
    "base-uri 'none'; form-action 'none'"
)

#: What a link may lead to. A site decides on its addresses, and `javascript:` must not become a link.
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def render_file(template: str, title: str, script: str, **values: object) -> str:
    """A whole HTML file from `templates/{template}.html.j2`; `script` is the name of a file beside this one."""
    style, code = resource("page.css"), resource(script)
    policy = _POLICY.format(style=_hash(style), script=_hash(code))
    # Our own files, not text of a document: in <style> and <script> a browser reads no escapes.
    frame = {"policy": Html(policy), "style": Html(style), "code": Html(code), "own_output": OWN_OUTPUT}
    return _environment().get_template(f"{template}.html.j2").render(title=title, **frame, **values)


def render_part(template: str, **values: object) -> Html:
    """A part of a page from `templates/{template}.html.j2`, which a later template takes as it is."""
    return Html(_environment().get_template(f"{template}.html.j2").render(**values))


@cache
def resource(name: str) -> str:
    """A file that lies beside this one."""
    return files(__package__).joinpath(name).read_text("utf-8")


@cache
def _environment() -> Environment:
    """The templates. Every value is escaped, and a name that the caller did not pass is an error."""
    # Imported here: `gongkai run` starts workers that import this module and render nothing.
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def load(name: str) -> str:
        return resource(f"templates/{name}")

    environment = Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "field": dotted, "thousands": "{:,}".format}
    environment.tests["web_address"] = _is_web_address
    return environment


def dotted(address: Address) -> str:
    """The name of a field: table.row.column."""
    return ".".join(address)


def _is_web_address(url: str) -> bool:
    return _WEB_ADDRESS.match(url) is not None


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
