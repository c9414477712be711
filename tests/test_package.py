"""What is installed: one package and nothing beside it, from a wheel, from the sdist and from a checkout."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from house import ROOF, STAGES, TOP

ROOT = Path(__file__).parents[1]
ROOMS = (*STAGES, *ROOF)
BESIDE = ("bench", "docs", "fuzz", "samples", "tests")
DATA = {".toml", ".txt", ".gz", ".zip", ".html", ".css", ".js", ".j2"}
BIN = "Scripts" if os.name == "nt" else "bin"
OFFLINE = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", "--quiet")


def call(command: Sequence[str | Path], folder: Path) -> str:
    """What a command prints; it sees nothing of ours but what is installed where it runs."""
    environment: Mapping[str, str] = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**environment, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def copy_sources(to: Path) -> Path:
    """The checkout without what git does not keep: building leaves nothing in it."""
    left = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "*.pyc")
    shutil.copytree(ROOT, to, ignore=left, ignore_dangling_symlinks=True)
    for name in ("out", "build", "dist", "data"):
        shutil.rmtree(to / name, ignore_errors=True)
    return to


def build(kind: str, sources: Path, to: Path) -> Path:
    """A wheel or an sdist of some sources."""
    code = f"import sys; from setuptools.build_meta import build_{kind} as build; print(build(sys.argv[1]))"
    return to / call([sys.executable, "-c", code, to], sources).strip().splitlines()[-1]


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sources(tmp_path_factory.mktemp("checkout") / "sources")


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", sources, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", sources, tmp_path_factory.mktemp("sdist"))


def test_wheel_and_sdist_pass_the_check_of_an_index(wheel: Path, sdist: Path) -> None:
    told = call([sys.executable, "-m", "twine", "check", "--strict", wheel, sdist], ROOT)
    assert told.count("PASSED") == 2


def test_the_extra_all_has_every_other_for_users() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (every,) = extras["all"]
    named = every.removeprefix("gongkai[").removesuffix("]").split(",")
    assert set(named) == set(extras) - {"all", "dev"}


def test_a_release_is_refused_where_something_is_missing(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("release", ROOT / "docs" / "release.py")
    assert spec is not None and spec.loader is not None
    release = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(release)
    (tmp_path / "CHANGELOG.md").write_text("## Unreleased\n\n## 1.0.0\n")
    (tmp_path / "CITATION.cff").write_text("version: 1.0.0\n")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        call([*git, *words], tmp_path)
    assert release.problems(tmp_path, "1.0.0") == []
    assert len(release.problems(tmp_path, "1.0.1")) == 2
    (tmp_path / "left").touch()
    call([*git, "tag", "v1.0.0"], tmp_path)
    assert ["changes" in line or "exists" in line for line in release.problems(tmp_path, "1.0.0")] == [
        True
    ] * 2


def test_the_container_reads_every_format() -> None:
    """Where a builder runs and has the base image; none is fetched here."""
    lines = (ROOT / "Containerfile").read_text("utf-8").splitlines()
    base = next(line.split()[1] for line in lines if line.startswith("FROM "))
    builders = filter(shutil.which, ("podman", "docker"))
    ready = [
        b
        for b in builders
        if not subprocess.run([b, "image", "inspect", base], capture_output=True).returncode
    ]
    if not ready:
        pytest.skip(f"no podman or docker with the image {base}")
    call([ready[0], "build", "-q", "-t", "gongkai-test", "-f", "Containerfile", "."], ROOT)
    told = json.loads(call([ready[0], "run", "--rm", "gongkai-test", "doctor", "--json"], ROOT))
    assert all(
        line["works"] for line in told if line["what"] in ("DOCX", "PDF", "OFD", "HTML", "XLSX", ".doc")
    )


@dataclass(frozen=True)
class Installed:
    """A fresh environment in which we are installed; `new` is what that put into site-packages."""

    python: Path
    command: Path
    new: frozenset[str]


@pytest.fixture(scope="module", params=["wheel", "sdist", "editable"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp(request.param)
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    python = place / BIN / "python"
    site = Path(call([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], place).strip())
    # libraries, and setuptools to build with, come last; of what is installed there nothing is started
    libraries = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (site / "libraries.pth").write_text("\n".join(libraries) + "\n", "utf-8")
    before = {path.name for path in site.iterdir()}
    what = {
        "wheel": lambda: [request.getfixturevalue("wheel")],
        "sdist": lambda: [request.getfixturevalue("sdist")],
        "editable": lambda: ["--editable", copy_sources(place / "sources")],
    }[request.param]()
    call([sys.executable, "-m", "pip", "--python", python, "install", *OFFLINE, *what], place)
    new = {path.name for path in site.iterdir()} - before - {"__pycache__"}
    return Installed(python, place / BIN / "gongkai", frozenset(new))


def version() -> str:
    found: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return found


def test_every_folder_of_the_product_is_listed_as_a_package() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    assert sorted(listed) == sorted(["gongkai", *(".".join(("gongkai", *f.parts)) for f in folders)])
    assert [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []


def test_every_folder_that_is_a_package_is_a_room_or_lies_beside() -> None:
    made = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(ROOMS) <= made <= {*ROOMS, *BESIDE}


def test_the_wheel_holds_one_package_with_its_data_and_nothing_else(wheel: Path) -> None:
    names = {name for name in contents(wheel) if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in names} == {"gongkai"}
    rooms = [path for room in ROOMS for path in (ROOT / room).rglob("*")]
    data = [path for path in ROOT.glob("*.toml") if path.name != "pyproject.toml"]
    wanted = [path for path in rooms if path.suffix in {".py", *DATA}] + data + [ROOT / name for name in TOP]
    assert names == {f"gongkai/{path.relative_to(ROOT).as_posix()}" for path in wanted}


def test_the_sdist_holds_what_a_checkout_holds(sdist: Path, sources: Path) -> None:
    with tarfile.open(sdist) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    beside = [path for folder in BESIDE for path in (sources / folder).rglob("*") if path.is_file()]
    wanted = {path.relative_to(sources).as_posix() for path in beside}
    wanted |= {"Makefile", "README.md", "README.zh.md", "CONTRIBUTING.md", "LICENSE", "requirements.lock"}
    assert wanted - names == set()


def test_the_sdist_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as file:
        file.extractall(tmp_path, filter="data")
    (tmp_path / "wheel").mkdir()
    again = build("wheel", tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path / "wheel")
    assert contents(again) == contents(wheel)


def test_site_packages_gets_nothing_but_us(installed: Installed) -> None:
    information = f"gongkai-{version()}.dist-info"
    if "gongkai" in installed.new:
        assert installed.new == {"gongkai", information}
    else:
        assert information in installed.new
        assert all(n.startswith("__editable__") for n in installed.new - {information})


def test_no_room_is_a_module_of_its_own(installed: Installed, tmp_path: Path) -> None:
    names = [*ROOMS, "model", "pipeline", *BESIDE]
    code = f"import importlib.util as u; print([n for n in {names} if (s := u.find_spec(n)) and s.origin])"
    assert call([installed.python, "-c", code], tmp_path) == "[]\n"


def test_the_command_and_the_package_work_from_another_folder(installed: Installed, tmp_path: Path) -> None:
    says = f"gongkai {version()}"
    assert call([installed.command, "--version"], tmp_path).splitlines()[0] == says
    assert call([installed.python, "-m", "gongkai", "--version"], tmp_path).splitlines()[0] == says
    code = "import gongkai; print(gongkai.__version__, gongkai.read, gongkai.load, gongkai.Options, gongkai.__file__)"
    printed = call([installed.python, "-c", code], tmp_path)
    assert printed.startswith(version()) and str(ROOT) not in printed


def test_the_installed_command_reads_a_sample(installed: Installed, tmp_path: Path) -> None:
    shown = call([installed.command, "show", ROOT / "samples" / "2021_city.docx", "--json"], tmp_path)
    assert '"org": "临江市人民政府"' in shown
