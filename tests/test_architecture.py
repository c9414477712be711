"""The house: who may import whom, and what stands nowhere."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import house
from house import ROOF, STAGES

ROOT = Path(__file__).parents[1]
#: a stage that may import a part of another, which stands before it, and why
ARROWS = {
    # people write corrections and marks into the folder that `emit` replaces: it takes the locks of their files
    "emit": {"gongkai.correct.ledger", "gongkai.correct.review_mark"},
}
OURS = {
    *STAGES,
    *ROOF,
    "model",
    "pipeline",
    "record",
    "soft_limits",
    "startup_cache",
    "use_startup_cache",
    "user_toml",
}
#: the vocabulary, and what it stands on
FLOOR = ("model", "record", "startup_cache")
#: where a library may be imported
HOMES = {
    "pandas": {"emit", "panel", "pipeline"},
    "pyarrow": {"emit", "panel"},
    "typer": {"commands"},
    "rich": {"commands"},
    "lxml": {"extract"},
    "docx": {"extract"},
    "pdf_oxide": {"extract"},
    "pdfplumber": {"extract"},
    "pypdfium2": {"extract"},
    "PIL": {"extract", "review"},
    "jinja2": {"review"},
    "starlette": {"run"},
    "uvicorn": {"run"},
    "selectolax": {"extract", "crawl"},
    "scrapy": {"crawl"},
    "twisted": {"crawl"},
    "zope": {"crawl"},
    "protego": {"crawl"},
    "warcio": {"crawl"},
    "python_calamine": {"extract"},
    "xlrd": {"extract"},
    "rapidocr": {"extract"},
    "onnxruntime": {"extract"},
    "cv2": {"extract"},
    "numpy": {"extract", "panel"},
    "rapidfuzz": {"normalize"},
    "duckdb": {"panel"},
    "pyreadstat": {"panel"},
    "xlsxwriter": {"panel"},
    "matplotlib": {"panel"},
    # a Struct says what a file may hold, beside the code that uses it
    "msgspec": {"user_toml", "crawl", "nightly", "commands"},
    "distributed": {"run"},
    "fsspec": {"run"},
    "jieba": {"normalize", "panel"},
    "opencc": {"normalize"},
}
#: the one file outside of the crawl that may: it tells a webhook how the night went
TELLS = ROOT / "nightly" / "notify.py"
NETWORK = {"socket", "urllib", "http", "requests", "httpx", "ssl", "ftplib"}


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def product() -> list[Path]:
    return house.product(ROOT)


def modules(path: Path) -> set[str]:
    """The modules that a file imports, by their whole names; `from gongkai import run` is gongkai.run."""
    found: set[str] = set()
    for node in house.nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path.name}:{node.lineno}: a relative import"
            inside = node.module == "gongkai" or node.module.endswith(tuple(f"gongkai.{s}" for s in STAGES))
            found |= {f"{node.module}.{a.name}" for a in node.names} if inside else {node.module}
    return found


def imported(path: Path) -> set[str]:
    """The libraries that a file imports, and our own rooms by their first names."""
    names = (name.removeprefix("gongkai.") for name in modules(path))
    return {name.partition(".")[0] for name in names}


def home(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def test_the_vocabulary_needs_the_standard_library_only() -> None:
    import sys

    for name in FLOOR:
        assert imported(ROOT / f"{name}.py") - set(sys.stdlib_module_names) <= set(FLOOR) - {"model"}, name


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_the_vocabulary_and_itself(stage: str) -> None:
    for path in files(stage):
        for name in modules(path):
            if name.startswith("gongkai."):
                room = name.split(".")[1]
                arrow = any(name.startswith(a) for a in ARROWS.get(stage, ()))
                assert room in (*FLOOR, stage) or arrow, f"{path.name} imports {name}"


def test_what_stands_on_the_roof_imports_no_command_and_the_crawl_no_stage() -> None:
    for path in files("run"):
        assert not imported(path) & {"commands", "crawl", "nightly"}, path.name
    for path in files("nightly"):
        assert not imported(path) & {"commands", "crawl"}, path.name
    for path in files("crawl"):
        assert (imported(path) & OURS) <= {*FLOOR, "user_toml", "crawl", "run"}, path.name


def test_the_loader_of_users_files_knows_none_of_our_rooms() -> None:
    assert imported(ROOT / "user_toml.py") & (OURS | {"gongkai"}) == set()


def test_the_roof_is_low() -> None:
    assert len((ROOT / "pipeline.py").read_text("utf-8").splitlines()) <= 250


def test_no_two_files_of_the_product_bear_one_name() -> None:
    """A command is named after the stage or the tool that it calls: that is one meaning."""
    assert house.same_file_names(ROOT) == {}


def test_no_two_classes_of_the_product_bear_one_name() -> None:
    assert house.same_class_names(ROOT) == {}


def test_no_folder_is_a_heap() -> None:
    assert house.largest_folder(ROOT)[0] <= 22, house.largest_folder(ROOT)


def test_imports_have_no_cycle() -> None:
    assert house.import_cycles(ROOT, called=True) == []


def test_few_imports_stand_inside_functions() -> None:
    inside = [f"{path.name}:{node.lineno}" for path in product() for node in house.function_imports(path)]
    assert len(inside) <= 40, inside


def test_an_import_inside_a_function_has_its_reason_in_a_comment() -> None:
    assert [f"{path.name}:{node.lineno}" for path in product() for node in house.unexplained(path)] == []


def test_few_functions_are_dense() -> None:
    assert house.share_of_complex(ROOT) <= 2.5, house.complex_functions(ROOT)


def test_functions_are_short() -> None:
    lengths = house.function_lengths(ROOT)
    assert house.quantile(lengths, 0.5) <= 8
    assert house.quantile(lengths, 0.95) <= 27


def test_a_long_pattern_is_verbose() -> None:
    assert house.long_patterns(ROOT) == []


def test_no_private_name_is_taken_from_another_module() -> None:
    own_and_tests = [*product(), *files("tests")]
    assert [(p.name, name) for p in own_and_tests for _, name in house.private_names(ROOT, p)] == []


def test_a_library_stays_where_it_is_wrapped() -> None:
    for path in product():
        found = imported(path)
        for library, homes in HOMES.items():
            if library in found:
                assert home(path) in homes, f"{path.name} imports {library}"


def test_nothing_but_the_crawler_reaches_for_the_network() -> None:
    for path in product():
        if home(path) == "crawl" or path == TELLS:
            continue
        found = imported(path) & NETWORK
        assert not found, f"{path.name} imports {found}"


def test_there_is_no_place_for_things_without_a_noun() -> None:
    for path in product():
        assert path.stem not in {"utils", "util", "helpers", "common", "base", "misc"}


def test_no_exception_is_swept_up() -> None:
    for path in product():
        for node in house.nodes(path):
            if not isinstance(node, ast.ExceptHandler):
                continue
            assert node.type is not None, f"{path.name}:{node.lineno}: bare except"
            named = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
            if named & {"Exception", "BaseException"}:
                edge = home(path) in ("pipeline", "run", "nightly", "commands")
                assert edge or path == ROOT / "crawl" / "crawl_night.py", f"{path.name}:{node.lineno}"


def test_everything_public_has_a_docstring() -> None:
    for path in product():
        tree = house.tree(path)
        assert ast.get_docstring(tree), path.name
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def tracked() -> list[Path]:
    """The files that git keeps. Skips where there is no git, or this is no checkout."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode("utf-8").split("\0") if name]


def test_no_file_names_a_machine_or_a_registry() -> None:
    # written so that this file does not name them either
    wanted = re.compile(
        r"py[p]i\.|python[h]osted|np[m]js\.|/wor[k]/|\.libra[r]y|/(?:roo[t]|hom[e]|User[s])/\w"
    )
    for path in tracked():
        if path.is_file() and path.relative_to(ROOT).parts[0] != "samples":
            hit = wanted.search(path.read_text("utf-8", errors="ignore"))
            assert hit is None, f"{path.relative_to(ROOT)}: {hit and hit[0]}"


@pytest.mark.parametrize("lock", ["pip.lock", "requirements.lock", "fuzz/requirements.lock"])
def test_the_lock_holds_versions_and_hashes_only(lock: str) -> None:
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        text = line.strip().removesuffix("\\").strip()
        assert re.fullmatch(r"[\w.-]+==\S+( ; .+)?|--hash=sha256:[0-9a-f]{64}", text), line
