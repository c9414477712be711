"""The structure of checkouts in figures, one column a checkout.

    python bench/house.py BEFORE AFTER         folders of checkouts; one is enough
    python bench/house.py . --list             every offender by file and line
    python bench/house.py . --no-times         without starting anything

Sources are parsed, not imported. A checkout from the time before the package is read as well: its folders
lie at the top and import each other as `extract`, `model` and so on.

Cyclomatic complexity is 1 and 1 more for each `if`, loop, `except`, `case`, conditional expression,
`assert`, comprehension and its `if`s, and for each `and` or `or`. A function inside another counts for itself.
"""

from __future__ import annotations

import argparse
import ast
import io
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tokenize
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

STAGES = ("extract", "normalize", "audit", "correct", "emit", "review")
ROOF = ("run", "panel", "crawl", "nightly", "commands")
#: files of the product that lie beside its folders
TOP = (
    "__init__.py",
    "__main__.py",
    "model.py",
    "pipeline.py",
    "record.py",
    "soft_limits.py",
    "startup_cache.py",
    "use_startup_cache.py",
    "user_toml.py",
)

COMPLEX = 15
LONG_PATTERN = 100
#: starts of each command whose median is printed
STARTS = 9
PATTERN_CALLS = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one checkout: the figure to print, and what it counts, by place."""

    figure: str
    offenders: tuple[str, ...] = ()


# Files -----------------------------------------------------------------------------------------


def product(root: Path) -> list[Path]:
    """The files of the product: what is installed."""
    top = [root / name for name in TOP if (root / name).exists()]
    return top + [path for folder in (*STAGES, *ROOF) for path in sorted((root / folder).rglob("*.py"))]


def package(root: Path) -> str:
    """What our modules' names begin with: nothing before there was one package."""
    return "gongkai." if (root / "__init__.py").exists() else ""


@cache
def module_of(root: Path, path: Path) -> str:
    """The name under which a file is imported."""
    parts = path.relative_to(root).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(([package(root)[:-1]] if package(root) else []) + list(parts))


@cache
def modules(root: Path) -> dict[str, Path]:
    """The product's files by the names under which they are imported."""
    return {module_of(root, path): path for path in product(root)}


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that a file is made of."""
    return tuple(ast.walk(tree(path)))


def place(root: Path, path: Path, node: ast.AST | None = None) -> str:
    """Where something stands, as `extract/pdf.py:12`."""
    name = path.relative_to(root).as_posix()
    return name if node is None else f"{name}:{getattr(node, 'lineno', 1)}"


def largest_folder(root: Path) -> tuple[int, str]:
    """The folder of the product that holds most modules, and how many."""
    counts: dict[str, int] = defaultdict(int)
    for path in product(root):
        if path.parent != root:
            counts[path.parent.relative_to(root).as_posix()] += 1
    return max((count, name) for name, count in counts.items())


# Imports ---------------------------------------------------------------------------------------


@cache
def function_imports(path: Path) -> list[ast.Import | ast.ImportFrom]:
    """Imports that run when a function is called."""
    found = {
        node: None
        for function in nodes(path)
        if isinstance(function, Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return sorted(found, key=lambda node: node.lineno)


@cache
def unexplained(path: Path) -> list[ast.Import | ast.ImportFrom]:
    """Imports inside functions without a comment: on the line, above it, or above the imports it follows."""
    text = path.read_text("utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    explained = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    bare = []
    for node in function_imports(path):
        lines = range(node.lineno - 1, (node.end_lineno or node.lineno) + 1)
        if explained.isdisjoint(lines):
            bare.append(node)
        else:
            explained.update(lines)
    return bare


def _run_at_import(body: Iterable[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that run when the module is imported: those of type checkers and of functions do not."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from _run_at_import(node.body)
            yield from _run_at_import(node.orelse)
        elif isinstance(node, ast.Try):
            handled = [statement for handler in node.handlers for statement in handler.body]
            yield from _run_at_import([*node.body, *handled, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.With | ast.ClassDef):
            yield from _run_at_import(node.body)


def import_graph(root: Path, *, called: bool = False) -> dict[str, set[str]]:
    """Our modules → those of ours that they import when they are imported; `called`: or their functions called."""
    known = modules(root)
    graph: dict[str, set[str]] = {}
    for name, path in known.items():
        wanted: set[str] = set()
        inside = function_imports(path) if called else []
        for node in (*_run_at_import(tree(path).body), *inside):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names} & known.keys()
            elif node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names} & known.keys()
                wanted |= inner or ({node.module} & known.keys())
        graph[name] = wanted - {name}
    return graph


def import_cycles(root: Path, *, called: bool = False) -> list[str]:
    """Groups of modules that import each other; `called`: imports inside functions included."""
    graph = import_graph(root, called=called)
    reach = {name: _reachable(graph, name) for name in graph}
    groups = {frozenset(b for b in reach[a] if a in reach[b]) for a in graph if a in reach[a]}
    return sorted(" ↔ ".join(sorted(group)) for group in groups)


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += graph[name]
    return found


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_names(root: Path, path: Path) -> list[tuple[ast.AST, str]]:
    """Names with an underscore that a file takes from another of our modules, by import or as `module._name`."""
    known = modules(root)
    found: list[tuple[ast.AST, str]] = []
    named: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module and _is_ours(root, node.module):
            found += [(node, f"{node.module}.{a.name}") for a in node.names if _is_private(a.name)]
            named |= {a.asname or a.name for a in node.names if f"{node.module}.{a.name}" in known}
        elif isinstance(node, ast.Import):
            named |= {a.asname for a in node.names if a.asname and a.name in known}
    for node in nodes(path):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in named and _is_private(name):
                found.append((node, f"{module}.{name}"))
    return found


def _is_ours(root: Path, module: str) -> bool:
    first = {name.removesuffix(".py") for name in (*STAGES, *ROOF, *TOP)}
    name = module.removeprefix(package(root)) if package(root) else module
    return name.partition(".")[0] in first and (module != name or not package(root))


# Functions -------------------------------------------------------------------------------------


def functions(path: Path) -> list[tuple[str, Function]]:
    """Every function and method of a file with its name."""
    return [(node.name, node) for node in nodes(path) if isinstance(node, Function)]


def length(function: Function) -> int:
    """Lines of a function, decorators aside."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def complexity(function: Function) -> int:
    """The cyclomatic complexity of a function, as the module's docstring counts."""
    return 1 + sum(map(_branches, function.body))


def _branches(node: ast.AST) -> int:
    """Ways that part at a node and inside it; a function inside counts for itself."""
    if isinstance(node, Function | ast.ClassDef):
        return 0
    here = isinstance(
        node,
        ast.If
        | ast.For
        | ast.AsyncFor
        | ast.While
        | ast.IfExp
        | ast.ExceptHandler
        | ast.match_case
        | ast.Assert,
    )
    count = int(here)
    if isinstance(node, ast.BoolOp):
        count += len(node.values) - 1
    elif isinstance(node, ast.comprehension):
        count += 1 + len(node.ifs)
    return count + sum(map(_branches, ast.iter_child_nodes(node)))


def complex_functions(root: Path) -> list[tuple[int, str]]:
    """Functions over the limit, the most complex first: complexity and place."""
    found = [
        (complexity(node), f"{place(root, path, node)} {name}")
        for path in product(root)
        for name, node in functions(path)
    ]
    return sorted(((count, where) for count, where in found if count > COMPLEX), reverse=True)


def share_of_complex(root: Path) -> float:
    """The share of functions over the limit, in per cent."""
    return 100 * len(complex_functions(root)) / sum(len(functions(path)) for path in product(root))


def quantile(values: Sequence[int], share: float) -> int:
    """The smallest value that so large a share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def function_lengths(root: Path) -> list[int]:
    """The lines of every function of the product."""
    return [length(node) for path in product(root) for _, node in functions(path)]


# Names -----------------------------------------------------------------------------------------


def same_file_names(root: Path) -> dict[str, list[str]]:
    """File names that stand in two folders; a command is named after what it calls, which is one meaning."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in product(root):
        if path.stem != "__init__" and path.relative_to(root).parts[0] != "commands":
            places[path.stem].append(place(root, path))
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


def same_class_names(root: Path) -> dict[str, list[str]]:
    """Names that two classes bear."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in product(root):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(place(root, path, node))
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


# Regular expressions ---------------------------------------------------------------------------


@dataclass(slots=True)
class Constants:
    """The strings that the names of a file stand for, also those that it imports from our other files."""

    root: Path
    path: Path
    values: dict[str, ast.expr] = field(init=False)
    origins: dict[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.values, self.origins = {}, {}
        for node in [*nodes(self.path), *tree(self.path).body]:  # what stands on top counts last
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target, value = node.targets[0], node.value
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                target, value = node.target, node.value
            elif isinstance(node, ast.ImportFrom) and node.module:
                self.origins |= {a.asname or a.name: (node.module, a.name) for a in node.names}
                continue
            else:
                continue
            if isinstance(target, ast.Name):
                self.values[target.id] = value

    def text(self, node: ast.expr, depth: int = 0) -> str:
        """The string that an expression makes; a piece that only a run knows is left out."""
        deeper = depth + 1
        if depth > 20:
            return ""
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.JoinedStr(values=values):
                return "".join(self.text(value, deeper) for value in values)
            case ast.FormattedValue(value=value) | ast.Attribute(value=value, attr="pattern"):
                return self.text(value, deeper)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.text(left, deeper) + self.text(right, deeper)
            case ast.Call(func=ast.Attribute(value=glue, attr="join"), args=[parts]):
                if isinstance(parts, ast.Name):
                    parts = self.values.get(parts.id, parts)
                if isinstance(parts, ast.Tuple | ast.List | ast.Set):
                    return self.text(glue, deeper).join(self.text(part, deeper) for part in parts.elts)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="compile"), args=[pattern, *_]):
                return self.text(pattern, deeper)
            case ast.Name(id=name) if name in self.values:
                return self.text(self.values[name], deeper)
            case ast.Name(id=name) if name in self.origins:
                module, original = self.origins[name]
                other = _constants(self.root).get(module)
                return other.text(ast.Name(original), deeper) if other else ""
            case _:
                pass
        return ""


@cache
def _constants(root: Path) -> dict[str, Constants]:
    return {name: Constants(root, path) for name, path in modules(root).items()}


def long_patterns(root: Path) -> list[tuple[int, str]]:
    """Regular expressions over the limit that are not VERBOSE: their length and place."""
    found = []
    for path in product(root):
        constants = _constants(root)[module_of(root, path)]
        for node in nodes(path):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            if ast.unparse(node.func.value) != "re" or node.func.attr not in PATTERN_CALLS:
                continue
            pattern = constants.text(node.args[0])
            flags = " ".join(ast.unparse(a) for a in [*node.args[1:], *(k.value for k in node.keywords)])
            verbose = re.search(r"\bre\.(VERBOSE|X)\b", flags) or re.match(r"\s*\(\?[a-z]*x", pattern)
            if len(pattern) > LONG_PATTERN and not verbose:
                found.append((len(pattern), place(root, path, node)))
    return sorted(found, reverse=True)


# The table -------------------------------------------------------------------------------------


def _places(found: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(f"{name}: {', '.join(places)}" for name, places in found.items())


def measure(root: Path) -> dict[str, Row]:
    """Every measure of a checkout that needs its sources only."""
    files = product(root)
    inside = [(p, node) for p in files for node in function_imports(p)]
    bare = [(p, node) for p in files for node in unexplained(p)]
    patterns, dense = long_patterns(root), complex_functions(root)
    cycles, called = import_cycles(root), import_cycles(root, called=True)
    lengths = sorted(function_lengths(root))
    longest = sorted(((length(n), f"{place(root, p, n)} {name}") for p in files for name, n in functions(p)))
    lines = sorted((len(p.read_text("utf-8").splitlines()), place(root, p)) for p in files)
    tests = sorted((root / "tests").rglob("*.py"))
    private = [f"{place(root, p, n)} {name}" for p in (*files, *tests) for n, name in private_names(root, p)]
    most, folder = largest_folder(root)
    sizes = [count for count, _ in lines]
    p95 = quantile(lengths, 0.95)
    return {
        "modules in the largest folder": Row(f"{most} {folder}"),
        "imports inside functions": Row(
            str(len(inside)), tuple(f"{place(root, p, n)} {ast.unparse(n)}" for p, n in inside)
        ),
        "  without a comment": Row(
            str(len(bare)), tuple(f"{place(root, p, n)} {ast.unparse(n)}" for p, n in bare)
        ),
        "import cycles": Row(str(len(cycles)), tuple(cycles)),
        "  imports inside functions included": Row(str(len(called)), tuple(called)),
        f"functions of complexity > {COMPLEX}": Row(
            f"{len(dense)} of {len(lengths)}, {share_of_complex(root):.1f} %",
            tuple(f"{count:3} {where}" for count, where in dense),
        ),
        "function lines, median / p95 / max": Row(
            f"{quantile(lengths, 0.5)} / {p95} / {lengths[-1]}",
            tuple(f"{count:3} {where}" for count, where in reversed(longest) if count > p95),
        ),
        "file lines, median / p90": Row(
            f"{quantile(sizes, 0.5)} / {quantile(sizes, 0.9)}",
            tuple(f"{count:4} {where}" for count, where in reversed(lines) if count > quantile(sizes, 0.9)),
        ),
        "file names with two meanings": Row(str(len(same_file_names(root))), _places(same_file_names(root))),
        "class names with two meanings": Row(
            str(len(same_class_names(root))), _places(same_class_names(root))
        ),
        f"patterns over {LONG_PATTERN} characters, not VERBOSE": Row(
            str(len(patterns)), tuple(f"{count:4} {where}" for count, where in patterns)
        ),
        "private names of other modules": Row(str(len(private)), tuple(private)),
    }


def start_times(roots: Sequence[Path]) -> dict[str, list[Row]]:
    """Seconds from start to end of two commands of each checkout, in turn, beside Python that does nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        calls: dict[tuple[str, int], Callable[[], None]] = {}
        for i, root in enumerate(roots):
            sample = str(root / "samples" / "2021_city.docx")
            start, environment = _start(root, Path(scratch) / str(i))
            for name, arguments in (("--help", ["--help"]), ("show a DOCX", ["show", sample, "--json"])):
                calls[name, i] = _call([*start, *arguments], environment, scratch)
            calls["python alone", i] = _call([sys.executable, "-c", "pass"], environment, scratch)
        seconds: dict[tuple[str, int], list[float]] = {key: [] for key in calls}
        for repeat in range(STARTS + 1):
            for key, call in calls.items():
                begun = time.perf_counter()
                call()
                if repeat:  # the first start compiles
                    seconds[key].append(time.perf_counter() - begun)
    rows: dict[str, list[Row]] = defaultdict(list)
    for (name, i), times in seconds.items():
        bare = statistics.median(seconds["python alone", i])
        own = statistics.median(times)
        rows[f"start: {name}"].append(Row(f"{own * 1000:.0f} ms, {own / bare:.2f} ×"))
    return rows


def _start(root: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    """How a checkout's command starts: the arguments before its own, and the environment."""
    if not package(root):
        return [sys.executable, str(root / "pipeline.py")], os.environ | {"PYTHONPATH": str(root)}
    folder.mkdir()
    (folder / "gongkai").symlink_to(root, target_is_directory=True)
    return [sys.executable, "-m", "gongkai"], os.environ | {"PYTHONPATH": str(folder)}


def _call(command: Sequence[str], environment: dict[str, str], folder: str) -> Callable[[], None]:
    def call() -> None:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)}: {done.stderr.decode('utf-8', 'replace')[-500:]}")

    return call


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkouts", nargs="+", type=Path, metavar="CHECKOUT")
    parser.add_argument("--list", action="store_true", help="name every offender by file and line")
    parser.add_argument("--no-times", action="store_true", help="start nothing")
    arguments = parser.parse_args()
    roots = [path.resolve() for path in arguments.checkouts]
    measured = [measure(root) for root in roots]
    rows = {name: [rows[name] for rows in measured] for name in measured[0]}
    if not arguments.no_times:
        rows |= start_times(roots)
    width = max(map(len, rows))
    columns = [
        max(len(name), *(len(r[i].figure) for r in rows.values())) for i, name in enumerate(_heads(roots))
    ]
    print(" " * width, *(name.ljust(w) for name, w in zip(_heads(roots), columns, strict=True)), sep="  ")
    for name, figures in rows.items():
        print(
            name.ljust(width), *(r.figure.ljust(w) for r, w in zip(figures, columns, strict=True)), sep="  "
        )
    if arguments.list:
        for root, own in zip(roots, measured, strict=True):
            for name, row in own.items():
                if row.offenders:
                    print(f"\n{root.name}: {name.strip()}", *row.offenders, sep="\n  ")


def _heads(roots: Sequence[Path]) -> list[str]:
    return [root.name for root in roots]


if __name__ == "__main__":
    main()
