"""A template and its values → one HTML file that opens from disk and may load nothing, or a part of one."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup as Html

from gongkai.model import OWN_OUTPUT, Address
from gongkai.review.number_text import number

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Html", "Language", "asset", "choose", "dotted", "render_file", "render_part"]

#: the files that the server gives out
ASSETS = ("page.css", "desk.css", "boxes.js", "desk.js", "desk_list.js", "desk_frame.js")

#: What a page may do: show pictures that stand in it, and use the one style and the one script whose
#: hashes are named. No address, no form, no frame, no eval. A script that a document smuggled in does not run.
_POLICY = (
    "default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; "
    "base-uri 'none'; form-action 'none'"
)

#: What a link may lead to. A site decides on its addresses, and `javascript:` must not become a link.
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


#: the language of a page that the server makes; pages on disk are in both
Language = Literal["zh", "en"]
#: "漏一位 a digit dropped": Chinese up to its last character, then English
_BOTH = re.compile(r"(.*[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef0-9%]) +(\S.*)", re.DOTALL)


def render_file(template: str, title: str, script: str, **values: object) -> str:
    """A whole HTML file from `templates/{template}.html.j2`; `script` names files beside this one, joined by `+`."""
    style, code = resource("page.css"), "\n".join(map(resource, script.split("+")))
    policy = _POLICY.format(style=_hash(style), script=_hash(code))
    # Our own files, not text of a document: in <style> and <script> a browser reads no escapes.
    frame = {"policy": Html(policy), "style": Html(style), "code": Html(code), "own_output": OWN_OUTPUT}
    return _environment(None).get_template(f"{template}.html.j2").render(title=title, **frame, **values)


def render_part(template: str, language: Language | None = None, **values: object) -> Html:
    """A part of a page from `templates/{template}.html.j2`, which a later template takes as it is; in both languages or one."""
    return Html(_environment(language).get_template(f"{template}.html.j2").render(**values))


def choose(text: str, language: Language | None) -> str:
    """Words of our own in one of their languages, in both where `language` is None.

    >>> choose("漏一位 a digit dropped", "en"), choose("漏一位 a digit dropped", "zh")
    ('a digit dropped', '漏一位')
    """
    found = _BOTH.fullmatch(text) if language is not None else None
    return text if found is None else found[1 if language == "zh" else 2]


@cache
def resource(name: str) -> str:
    """A file that lies beside this one."""
    return files(__package__).joinpath(name).read_text("utf-8")


@cache
def asset(name: str) -> tuple[str, str]:
    """A style or script that the server gives out, and a text that changes with it. Raises KeyError for another name."""
    if name not in ASSETS:
        raise KeyError(name)
    text = resource(name)
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _environment(language: Language | None) -> Environment:
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
    environment.filters |= {
        "number": number,
        "field": dotted,
        "thousands": "{:,}".format,
        "words": lambda text: choose(text, language),
    }
    environment.globals |= {
        "both": lambda zh, en: f"{zh} {en}" if language is None else zh if language == "zh" else en,
        "language": language,
        "asset": lambda name: f"/assets/{name}?v={asset(name)[1]}",
    }
    environment.tests["web_address"] = _is_web_address
    return environment


def dotted(address: Address) -> str:
    """The name of a field: table.row.column."""
    return ".".join(address)


def _is_web_address(url: str) -> bool:
    return _WEB_ADDRESS.match(url) is not None


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
