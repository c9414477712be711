"""The language of what people read: English, or Chinese where the system is Chinese or the user asks for it.

The code holds the English wordings, messages.toml the Chinese ones. Datasets and JSON never pass through here.
Imports inside functions: `gongkai --help` in English needs neither TOML nor regular expressions.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

LANGUAGES = ("en", "zh")
#: The environment variable that names the language, before the locale is asked.
VARIABLE = "GONGKAI_LANG"
#: The variables of the locale, in the order of POSIX.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
#: The primary language Chinese in a language identifier of Windows.
_WINDOWS_CHINESE = 0x04
#: How deep a message may stand in another: "nightly: held: NOT published: …".
_DEEPEST = 5
#: what stands between the parts of a message
_NEXT, _AND = "; ", ", "

#: what --lang named; empty: nothing
_named: list[str] = []


class UnknownLanguage(Exception):
    """--lang names no language that we have."""


def take(arguments: list[str]) -> list[str]:
    """The arguments without --lang, which holds until the next call. Raises UnknownLanguage."""
    _named.clear()
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*rest, word, *words]
        option, equals, value = word.partition("=")
        if option != "--lang":
            rest.append(word)
            continue
        value = value if equals else next(words, "")
        if value not in LANGUAGES:
            raise UnknownLanguage(f"--lang is {value!r}; one of {', '.join(LANGUAGES)}")
        _named[:] = [value]
    return rest


def language() -> str:
    """ "zh" or "en": what --lang names, else GONGKAI_LANG, else the locale."""
    if _named:
        return _named[0]
    if os.environ.get(VARIABLE) in LANGUAGES:
        return os.environ[VARIABLE]
    locale = next((os.environ[name] for name in _LOCALE if os.environ.get(name)), "")
    if not locale and sys.platform == "win32":
        import ctypes  # only Windows is asked this way

        chinese = ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == _WINDOWS_CHINESE
        return "zh" if chinese else "en"
    return "zh" if locale.startswith("zh") else "en"


def say(english: str, /, **values: object) -> str:
    """A wording of ours in the user's language, its {holes} filled.

    >>> say("{n} lines more", n=3)
    '3 lines more'
    """
    wording: str = _catalogue().wordings().get(english, english) if language() == "zh" else english
    return wording.format(**values) if values else wording


def translate(message: str) -> str:
    """A message that another room made (an error, the line of a night) in the user's language.

    It is known by its English wording; what stands in the holes is translated too. Unknown: as it is.
    """
    return _translate(message, _DEEPEST) if language() == "zh" else message


def translate_lines(text: str) -> str:
    """Every line of a text, what is indented with its indent, in the user's language."""
    if language() == "en":
        return text
    lines = text.split("\n")
    return "\n".join(line[: len(line) - len(line.lstrip())] + translate(line.lstrip()) for line in lines)


def _translate(message: str, depth: int) -> str:
    exact: str | None = _catalogue().wordings().get(message)
    if exact is not None and "{" not in message:
        return exact
    if depth == 0:
        return message
    fitting: tuple[str, dict[str, str]] | None = _catalogue().fitting(message)
    if fitting is None or any(_NEXT in hole for hole in fitting[1].values()):
        parts = [_translate(part, depth - 1) for part in message.split(_NEXT)]
        if len(parts) > 1 and (fitting is None or all(map(str.__ne__, parts, message.split(_NEXT)))):
            return "；".join(parts)
    if fitting is not None:
        chinese, holes = fitting
        return chinese.format(**{name: _translate(hole, depth - 1) for name, hole in holes.items()})
    if _AND not in message:
        return message
    # a single word in a list is an id, other, and stays one
    parts = [_translate(part, depth - 1) if " " in part else part for part in message.split(_AND)]
    return "，".join(parts)


def _catalogue() -> ModuleType:
    # only Chinese needs it, and it imports TOML and regular expressions
    from gongkai.commands.output import catalogue

    return catalogue
