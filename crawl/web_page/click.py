"""What a click on an element opens: its attributes and the page's scripts → an address. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from urllib.parse import unquote

#: attributes whose script runs on a click
EVENTS = ("onclick", "onmousedown", "onmouseup", "ondblclick", "onchange")
#: attributes in which scripts look for the address of an element
DATA = ("data-href", "data-url", "data-link", "data-file", "data-path", "lay-href", "_href", "url", "link")
#: Characters of a script in an attribute that are read, and of a function that it calls.
LONGEST = 2_000
#: Characters of a script that are searched for functions, and functions that are kept.
SCRIPT_LONGEST, MOST_FUNCTIONS = 500_000, 1_000
#: Calls of functions in one attribute that are looked into.
MOST_CALLS = 3

#: parameters and body by name
Functions = Mapping[str, tuple[tuple[str, ...], str]]
#: the protocol of an address that is a script; browsers pass over line breaks in it
_SCRIPT = re.compile(r"(?<!\s)\s*+" + r"[\t\r\n]*".join("javascript:"), re.IGNORECASE)
_TEXT = r"""(?P<{0}>["'`])(?P<{0}_text>(?:(?!(?P={0})).){{0,1000}}?)(?P={0})"""
# The patterns below take what they take for good (`+` behind a count): a page made to harm would have them go back
# and forth for hours.
_LITERAL = re.compile(_TEXT.format("quote"))
#: `/nb/${id}.html` is the same
_INSIDE = re.compile(r"\$\{\s*([\w$]+)\s*\}")
_FUNCTION = re.compile(
    r"""
    (?: function \s{1,20}+ (?P<name>[A-Za-z_$][\w$]{0,60}+)
      | \b (?P<variable>[A-Za-z_$][\w$]{0,60}+) \s{0,20}+ = \s{0,20}+ (?:function)? )
    \s{0,20}+ \(? (?P<parameters>[\w$,\s]{0,200}+) \)? \s{0,20}+ (?:=>)? \s{0,20}+ \{
    """,
    re.VERBOSE,
)
_CALL = re.compile(r"(?<![A-Za-z_$])([A-Za-z_$][\w$]*+)\s*+\(([^()]{0,500}+)\)")
_ARGUMENT = re.compile(rf"""\s*(?:{_TEXT.format("quote")}|(?P<number>\d{{1,20}}))\s*(?:,|$)""")
_ENDING = re.compile(
    r"\.(?:s?html?|jspx?|aspx?|php|do|action|docx?|pdf|wps|ofd|xlsx?|et|odt|rtf|zip|rar)$", re.IGNORECASE
)
_QUERY = re.compile(r"[\w./-]+\?[\w-]+=")
#: a whole page that only sends on
_MOVES = re.compile(
    rf"""
    (?: \b(?:window|document|self|top|parent)\s*\.\s* )*
    \b location (?: \s*\.\s*href )? \s*
    (?: = | \.\s*(?:replace|assign)\s*\( ) \s*
    {_TEXT.format("quote")}
    (?! \s*\+ )  # the rest of the address is made elsewhere
    """,
    re.VERBOSE,
)


def is_script(address: str) -> bool:
    """Whether an address is a script: javascript:show(1)."""
    return _SCRIPT.match(address) is not None


def does_something(address: str) -> bool:
    """Whether a script in an address does more than nothing: javascript:; and javascript:void(0) do not."""
    code = re.sub(r"[\s;]", "", _SCRIPT.sub("", address, count=1))
    return bool(code) and re.fullmatch(r"(?:void\(?\w{0,4}\)?|returnfalse|null|\d)", code) is None


def address(attributes: Mapping[str, str | None], functions: Functions) -> str:
    """The address that a click opens: that of `href`, or of a script that has it as text.

    A script from which none can be told is given as "javascript:…"; "" where a click does nothing.
    """
    href = (attributes.get("href") or attributes.get("xlink:href") or "").strip()
    if href and not href.startswith("#") and not is_script(href):
        return href
    for name in (*DATA, "rel"):
        value = (attributes.get(name) or "").strip()
        if is_address(value):
            return value
    written = [attributes.get(name) or "" for name in EVENTS]
    if is_script(href):
        written.insert(0, unquote(_SCRIPT.sub("", href, count=1)))
    for script in written:
        found = _opened_by(script[:LONGEST], functions)
        if found:
            return found
    opens = next((text for text in written if does_something(text)), "")
    return f"javascript:{' '.join(opens.split())[:200]}" if opens else href


def redirect(scripts: Sequence[str]) -> str:
    """The address that the scripts of a page send on to; "" where they do not."""
    for script in scripts:
        hit = _MOVES.search(_join(script[:LONGEST]))
        if hit is not None and hit["quote_text"].strip() and "${" not in hit["quote_text"]:
            return hit["quote_text"].strip()
    return ""


def is_address(text: str) -> bool:
    """Whether a text in a script is an address rather than a title, a kind of file, the name of a window.

    >>> [is_address(t) for t in ("/nb/2023.html", "../a.jsp?id=1", "_blank", "text/html", "2024/01/31", "/")]
    [True, True, False, False, False, False]
    """
    text = text.strip()
    if not text or len(text) > 1_000 or re.search(r"[\s<>{}|^$*]", text) or is_script(text):
        return False
    if text.lower().startswith(("http://", "https://", "//")):
        return True
    path = re.split(r"[?#]", text.replace("\\", "/"))[0]
    if _ENDING.search(path):
        return True
    if path.startswith(("/", "./", "../")):
        return re.search(r"\w", path) is not None
    return _QUERY.match(text) is not None


def _opened_by(script: str, functions: Functions) -> str:
    """The address in a script, or in a function of the page that it calls with texts or numbers."""
    best = _best(script)
    for name, given in _CALL.findall(script)[:MOST_CALLS]:
        body = _call(name, given, functions)
        inside = _best(body) if re.search(r"location|open\s*\(|href|src|action", body) else ""
        # what the function makes of its arguments is more than one of them
        if inside and (not best or best in inside):
            return inside
    return best


def find_functions(scripts: Sequence[str]) -> Functions:
    """The functions that the scripts of a page define, by name: parameters and body."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for script in scripts:
        script = script[:SCRIPT_LONGEST]
        for head in islice(_FUNCTION.finditer(script), MOST_FUNCTIONS):
            parameters = tuple(p.strip() for p in head["parameters"].split(",") if p.strip())
            body = script[head.end() : head.end() + LONGEST]
            name = head["name"] or head["variable"]
            found.setdefault(name, (parameters, _INSIDE.sub(r"`+\1+`", body[: _end(body)])))
    return found


def _call(name: str, given: str, functions: Functions) -> str:
    """The body of a function with its arguments in place of its parameters; "" where it is not known."""
    parameters, body = functions.get(name, ((), ""))
    values = [m["number"] or m["quote_text"] for m in _ARGUMENT.finditer(given)]
    arguments = dict(zip(parameters, values, strict=False))  # a call may leave some out
    if not arguments:
        return body
    names = "|".join(map(re.escape, arguments))
    # all at once: what stands in an argument is no parameter
    return re.sub(rf"(?<![\w$.\"'])(?:{names})(?![\w$\"'])", lambda name: _quote(arguments[name[0]]), body)


def _end(body: str) -> int:
    """Where the bracket closes that stands before a text."""
    depth = 1
    for place, sign in enumerate(body):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return place
    return len(body)


def _best(script: str) -> str:
    """Of the texts in a script the one that is most likely an address, the first of equals."""
    texts = [m["quote_text"].replace("\\/", "/").strip() for m in _LITERAL.finditer(_join(script))]
    found = [text for text in texts if is_address(text)]
    return max(found, key=_likelihood, default="")


def _likelihood(text: str) -> tuple[bool, bool]:
    """A path with an ending before a path, before a file's name alone: down('/f/1.docx', '年报.docx')."""
    path = re.split(r"[?#]", text.replace("\\", "/"))[0]
    return ("/" in path or "?" in text), _ENDING.search(path) is not None


def _join(script: str) -> str:
    """A script with texts that are added up as one text: '/nb/' + "2023" + '.html', in whatever quotes."""
    found: list[str] = []
    end, last = 0, ""
    for text in _LITERAL.finditer(script):
        between = script[end : text.start()]
        if found and between.strip() == "+":
            last += text["quote_text"]
            found[-1] = _quote(last)
        else:
            last = text["quote_text"]
            found += [between, text[0]]
        end = text.end()
    return "".join([*found, script[end:]])


def _quote(text: str) -> str:
    """A text in quotes that are not in it; a script that has all three in one text says no address."""
    return next((f"{quote}{text}{quote}" for quote in "\"'`" if quote not in text), '""')
