"""The command line and its commands. Each command has its own file, which is imported when it is called.

Imports inside functions: `gongkai --help` and `gongkai show FILE --json` answer in the time that Python
needs to start. What only other commands need is imported where it is needed.
"""

from __future__ import annotations

import importlib
import os
import sys

from gongkai.commands import limited_call
from gongkai.commands.output import language
from gongkai.commands.output.closed_pipe import OutputRefused, ReaderGone, WatchedOutput, forget_output

TYPE_CHECKING = False
if TYPE_CHECKING:  # `import typing` would double the time of --help
    from collections.abc import Sequence
    from types import ModuleType

#: name, what it does in English, and in Chinese
COMMANDS = (
    ("run", "read reports and write the datasets", "读取年度报告并写出数据集"),
    ("crawl", "fetch reports from publishers' sites into an archive", "按站点清单抓取年度报告并存档"),
    ("show", "one report in the terminal: who, when, tables, findings", "在终端查看一份报告"),
    ("explain", "where a value comes from, or what a label would match", "说明一个数值或一个标签的由来"),
    ("draw", "a page with every box found painted over it", "把识别到的表格画在页面上"),
    ("check", "rules over years and bodies of a whole dataset", "跨年度核对整个数据集"),
    (
        "correct",
        "correct a value, or whose report it is; every later run replays it",
        "更正一个数值或报告的机关、年度，以后每次运行都会沿用",
    ),
    ("confirm", "confirm that a value is as printed", "确认一个数值与原文一致"),
    ("review", "pages for people: tables, pages, findings, in a browser", "生成供人工核对的网页"),
    ("fields", "the catalogue of fields", "字段目录"),
    ("panel", "one line a body and year, for Stata, R, SPSS, Excel", "面板数据：一个机关一年一行"),
    ("export", "all of a dataset as one workbook or database", "导出整个数据集为 Excel 或数据库"),
    (
        "plots",
        "coverage, requests, outcomes, sums, outliers as plots",
        "画图：覆盖、申请、结果、勾稽、离群值",
    ),
    ("labels", "every wording seen in a dataset and the field it went to", "数据集中出现的标签写法"),
    ("body", "which administrative division a body's name means, and why", "机关名称对应的行政区划"),
    (
        "bodies",
        "the bodies of a dataset as a register to edit and give back",
        "数据集涉及的机关名录，可修改后再用",
    ),
    (
        "coverage",
        "from a list of bodies: which years are found, complete, passing",
        "应公开机关的年报覆盖情况",
    ),
    ("diff", "two datasets compared fact by fact", "逐项比较两个数据集"),
    (
        "nightly",
        "fetch, read what is new, check, compare, publish a new version",
        "每晚任务：抓取、读取、核对、比较、发布新版本",
    ),
    ("doctor", "what is installed here and what to install for which formats", "检查本机可读取哪些格式"),
    ("extract", "a file as laid out: paragraphs and grids as text", "文件的版面：段落与表格"),
    ("normalize", "what a file reports, before any sum is tried", "读出的数值与章节（未核对勾稽关系）"),
)

#: commands whose file lies in the room `statistics`
_STATISTICS = ("panel", "export", "plots")

_HELP = {
    "en": """gongkai: 政府信息公开工作年度报告 → tidy datasets in which every number is traced to its cell.

usage: gongkai COMMAND [OPTIONS]

{commands}

`gongkai COMMAND --help` explains its options; `--lang zh` speaks Chinese. First run:
  gongkai run FOLDER_OF_REPORTS --to out
""",
    "zh": """gongkai：把政府信息公开工作年度报告读成数据集，每个数值都可追溯到原文的单元格。

用法：gongkai 命令 [选项]

{commands}

“gongkai 命令 --help”说明其选项；“--lang en”显示英文。第一次使用：
  gongkai run 报告文件夹 --to out
""",
}


#: What typer's completion takes; and the variable by which a shell asks what may come next.
_COMPLETIONS, _COMPLETE = ("--install-completion", "--show-completion"), "_GONGKAI_COMPLETE"

#: The exit code of a bug of ours, after its traceback; Python's own would be that of a failed file.
BUG = 4


class Refused(Exception):
    """A command cannot go on: one line for the user, the exit code, and the file that the line begins with."""

    def __init__(self, message: str, code: int, file: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.file = file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: fine. 1: a finding of severity error. 2: wrong usage. A bug ends in SystemExit(4)."""
    if arguments is None:
        arguments = sys.argv[1:]
    open_standard_streams()
    try:
        arguments = language.take(list(arguments))
    except language.UnknownLanguage as error:
        return write_error("gongkai", str(error), 2)
    if arguments and arguments[0] in limited_call.COMMANDS and _COMPLETE not in os.environ:
        return limited_call.call_limited(lambda: _show_bugs(arguments, limited=True), arguments[0])
    return _show_bugs(arguments)


def _show_bugs(arguments: Sequence[str], *, limited: bool = False) -> int:
    """Run one command; a bug is shown with its traceback. What a `limited` child has no memory for is none."""
    try:
        return _watch_output(arguments)
    except Exception as error:
        if limited and isinstance(error, MemoryError):
            raise
        sys.excepthook(type(error), error, error.__traceback__)
        raise SystemExit(BUG) from error


def open_standard_streams() -> None:
    """Give a process whose standard streams were closed some that lead nowhere.

    Otherwise the next files that are opened are 0, 1 or 2, and what children write of errors goes into them.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            stream = os.fdopen(
                number, "r" if number == 0 else "w", encoding="utf-8", errors="replace", closefd=False
            )
            setattr(sys, name, stream)


def _watch_output(arguments: Sequence[str]) -> int:
    """Run one command whose reader may go before its end."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    whole = sys.stdout
    if whole is not None:
        sys.stdout = WatchedOutput(whole)
    try:
        code = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except ReaderGone:
        forget_output()
        code = 0
    except OutputRefused as why:
        forget_output()
        code = write_error("gongkai", f"standard output: {why}", 1)
    finally:
        sys.stdout = whole
    return code


def _run(arguments: Sequence[str]) -> int:
    """Run one command; see main()."""
    if _COMPLETE in os.environ or any(option in arguments[:1] for option in _COMPLETIONS):
        completed: int = _typer_call().complete(_described_commands(), list(arguments))
        return completed
    if not arguments or arguments[0] in ("-h", "--help") or list(arguments) == ["help"]:
        sys.stdout.write(help_text())
        return 0
    if arguments[0] == "--version":
        return _write_version()
    if arguments[0] == "help":
        arguments = [arguments[1], "--help"]
    name = arguments[0]
    names = [c[0] for c in COMMANDS]
    if name not in names:
        refused: int = _typer_call().refuse(name, names)
        return refused
    # Here: what it imports takes as long as --help.
    from gongkai import startup_cache

    startup_cache.use()
    try:
        return _call(name, arguments)
    finally:
        startup_cache.save()


def _call(name: str, arguments: Sequence[str]) -> int:
    """Run the command of this name."""
    if name == "show" and "--json" in arguments:
        # Without typer: its import takes as long as reading the file.
        from gongkai.commands.output.fast_json import show

        code = show(arguments[1:])
        if code is not None:
            return code
    ended: int = _typer_call().call(name, module_of(name), list(arguments[1:]))
    return ended


def module_of(command: str) -> str:
    """The module of a command of ours."""
    return f"gongkai.commands.{'statistics.' if command in _STATISTICS else ''}{command}"


def _described_commands() -> list[tuple[str, str, str]]:
    """Each command, what it does in the user's language, and its module."""
    spoken = language.language()
    return [
        (name, chinese if spoken == "zh" else english, module_of(name)) for name, english, chinese in COMMANDS
    ]


def _typer_call() -> ModuleType:
    """The module that calls a command through typer, imported as late as the commands themselves."""
    os.environ.setdefault("TYPER_USE_RICH", "0")  # typer reads it once, when it is imported
    return importlib.import_module("gongkai.commands.typer_call")


def _write_version() -> int:
    sys.stdout.write(importlib.import_module("gongkai.commands.output.version").version_text())
    return 0


def help_text() -> str:
    """The list of commands, without importing any."""
    spoken = language.language()
    lines = [f"  {name:<10}{chinese if spoken == 'zh' else english}" for name, english, chinese in COMMANDS]
    return _HELP[spoken].format(commands="\n".join(lines))


def write_error(about: object, message: str, code: int) -> int:
    """Write one line for the user, without control characters, and return the exit code."""
    # Here: it compiles a regular expression, which --help does not need.
    from gongkai.commands.output.screen import clean

    sys.stderr.write(clean(f"{about}: {language.translate(message)}") + "\n")
    return code
