"""The same dataset from a Dask cluster as from this machine, whatever host is lost on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as pds
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import LocalFileSystem

from gongkai.emit.schema import datasets
from gongkai.pipeline import Options
from gongkai.run import Budget, ClusterError, DatasetCounts, Progress, run, run_cluster
from gongkai.run.cluster import cluster_inputs

distributed = pytest.importorskip("distributed", reason="the extra gongkai[cluster] is not installed")
fsspec = pytest.importorskip("fsspec", reason="the extra gongkai[cluster] is not installed")
arrow: Any = pytest.importorskip("fsspec.implementations.arrow")

Folder = Callable[..., Path]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no limits and signals there")

COMMON: dict[str, Any] = {
    "options": Options(),
    "templates": (),
    "budget": Budget(30.0, 2**31),
    "reader": "builders.fake_reader:read",
}
NAMES = [f"{'slow' if n % 6 == 0 else 'x'}_{n:03}.docx" for n in range(18)] + ["exit_.pdf", "archive_.zip"]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of four documents."""
    monkeypatch.setattr(cluster_inputs, "SHARD", 4)


def local(top: Path, out: Path, **more: Any) -> dict[str, pa.Table]:
    run([top], out, workers=2, **{**COMMON, **more})
    return {d.name: pq.read_table(out / f"{d.name}.parquet") for d in datasets()}


def same(parts: Path, tables: dict[str, pa.Table], columns: Callable[[str], Sequence[str]]) -> None:
    """The parts hold the lines of the whole tables: each file's in their order, files in any."""
    for name, table in tables.items():
        wanted = table.select(columns(name)).to_pylist()
        if not wanted:
            assert not (parts / name).exists()
            continue
        found = pds.dataset(parts / name, format="parquet", partitioning="hive").to_table()
        lines = found.select(columns(name)).to_pylist()
        assert sorted(lines, key=lambda line: str(line["source_file"])) == wanted


def every(name: str) -> Sequence[str]:
    return next(d for d in datasets() if d.name == name).names


class _Hdfs(arrow.HadoopFileSystem):  # type: ignore[misc]
    """What fsspec puts around HDFS, with Arrow's view of this machine's files inside; one host has them."""

    def __init__(self, host: str = "default", port: int = 0, **options: object) -> None:
        if (host, port) != ("namenode", 8020):
            raise OSError(f"{host}:{port}: no such cluster")
        arrow.ArrowFSWrapper.__init__(self, LocalFileSystem())


@pytest.fixture(params=["memory", "hdfs"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where a folder of a file system begins that only the cluster of this process sees: its address, its path."""
    if request.param == "memory":
        yield "memory://", "/"
        for top in ("/in", "/out"):
            fsspec.filesystem("memory").rm(top, recursive=True)
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules["fsspec.registry"]._registry, "hdfs", _Hdfs)
        yield f"hdfs://namenode:8020{tmp_path}/hdfs/", f"{tmp_path}/hdfs/"


def test_addresses_to_addresses_gives_the_dataset_of_this_machine_and_reads_nothing_twice(
    place: tuple[str, str], scheduler: str, folder: Folder, tmp_path: Path
) -> None:
    top = folder(*NAMES, "a/b.docx", ".hidden/c.docx", "notes.md")
    tables = local(top, tmp_path / "out")
    at, path = place
    fs, _ = fsspec.core.url_to_fs(at)
    fs.put(f"{top}/", f"{path}in/", recursive=True)
    told: list[Progress] = []
    more: dict[str, Any] = {**COMMON, "scheduler": scheduler, "by_year": False, "progress": told.append}
    tally = run_cluster([f"{at}in"], f"{at}out", **more)
    assert [p.source_file for p in told if p.statuses] == ["exit_.pdf"]
    fs.get(f"{path}out/parts", str(tmp_path / "parts"), recursive=True)
    same(tmp_path / "parts", tables, every)
    before = {p: fs.cat_file(p) for p in fs.find(f"{path}out") if not p.endswith("run.json")}
    again = run_cluster([f"{at}in"], f"{at}out", **more)
    assert (again.unchanged, again.facts) == (tally.reports - 1, tally.facts)
    assert {p: fs.cat_file(p) for p in fs.find(f"{path}out") if not p.endswith("run.json")} == before
    fs.rm(f"{path}in/x_001.docx")
    fewer = run_cluster([f"{at}in"], f"{at}out", **more)
    assert fewer.reports == tally.reports - 1
    assert fewer.reports > fewer.unchanged > fewer.reports - cluster_inputs.LARGEST  # one shard was read


def test_parts_by_year_are_read_as_one(scheduler: str, folder: Folder, tmp_path: Path) -> None:
    import pandas as pd

    top, out = folder("a.docx", "b.docx", "c.docx"), tmp_path / "cluster"
    tables = local(top, tmp_path / "out", by_year=True)
    run_cluster([str(top)], str(out), scheduler=scheduler, by_year=True, **COMMON)
    for parts in (out / "by_year", tmp_path / "out" / "by_year"):
        same(parts, tables, lambda name: [c for c in every(name) if c != "year"])
        facts = pd.read_parquet(parts / "facts")
        assert facts["year"].astype(int).tolist() == [2023] * 3
        assert [path.name for path in (parts / "facts").iterdir()] == ["year=2023"]


def test_files_that_are_not_ours_are_not_overwritten(scheduler: str, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("mine")
    with pytest.raises(FileExistsError, match=r"thesis\.docx"):
        run_cluster(
            [str(folder("a.docx"))], str(tmp_path / "out"), scheduler=scheduler, by_year=False, **COMMON
        )


def test_only_what_a_run_wrote_is_deleted(scheduler: str, folder: Folder, tmp_path: Path) -> None:
    out = tmp_path / "out"
    more: dict[str, Any] = {**COMMON, "scheduler": scheduler, "by_year": False}
    (out / "parts" / "facts").mkdir(parents=True)
    (out / "parts" / "facts" / "mine.parquet").write_text("mine")
    with pytest.raises(FileExistsError, match="parts"):  # a folder of somebody else's with a name of ours
        run_cluster([str(folder("a.docx"))], str(out), **more)
    shutil.rmtree(out)
    run_cluster([str(folder("a.docx"))], str(out), **more)
    mine = [
        out / "parts" / "facts" / "mine.parquet",
        out / "parts" / "notes.txt",
        out / ".state" / "mine.json",
    ]
    for path in mine:
        path.write_text("mine")
    before = {p for p in (out / "parts" / "facts").iterdir() if p not in mine}
    (folder("b.docx") / "a.docx").unlink()
    run_cluster([str(folder("b.docx"))], str(out), **more)
    assert all(path.read_text() == "mine" for path in mine)
    assert not before & set((out / "parts" / "facts").iterdir())
    for path in (out / ".state").glob("[0-9a-f]*.json"):
        path.write_text("{")  # damaged: read again
    assert run_cluster([str(folder("b.docx"))], str(out), **more).unchanged == 0


def test_a_host_with_another_program_is_refused(
    scheduler: str, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.run.cluster.cluster_worker.fingerprint", lambda options: "other")
    with pytest.raises(ClusterError, match="same versions on every host"):
        run_cluster(
            [str(folder("a.docx"))], str(tmp_path / "out"), scheduler=scheduler, by_year=False, **COMMON
        )


# Hosts that are lost -----------------------------------------------------------------------------


def environment() -> dict[str, str]:
    quick = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "4s"}
    return {**os.environ, **quick, "PYTHONPATH": os.pathsep.join(sys.path)}


@contextmanager
def started(*command: str, inside: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask's, ended with everything that it started."""
    process = subprocess.Popen(
        [*inside, sys.executable, "-m", "dask", *command],
        env=environment(),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ready(address: str, workers: int) -> None:
    with distributed.Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=40)


def interrupted(
    address: str, top: Path, out: Path, lose: Callable[[], None], step: int = 1
) -> tuple[DatasetCounts, list[Progress]]:
    """A run on a cluster of which a host is lost after the first shard."""
    told: list[Progress] = []

    def progress(p: Progress) -> None:
        told.append(p)
        if len(told) == step:
            lose()

    return run_cluster(
        [str(top)], str(out), scheduler=address, by_year=False, progress=progress, **COMMON
    ), told


WORKER = ("--nthreads", "1", "--no-dashboard")


def test_a_worker_that_is_killed_costs_nothing(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = folder(*NAMES)
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    tables = local(top, tmp_path / "out")
    file = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        stack.enter_context(
            started("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        )
        hosts = [
            stack.enter_context(started("worker", *WORKER, "--scheduler-file", str(file), *nanny))
            for nanny in (("--no-nanny",), ())
        ]
        while not file.exists() or not file.stat().st_size:
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        ready(address, 2)
        interrupted(address, top, tmp_path / "cluster", lambda: kill(hosts[1]))
    same(tmp_path / "cluster" / "parts", tables, every)
    # what the killed one left is held by a lock that nobody has, and goes with the next folder that is made
    assert all((left / "held").exists() for left in place.glob("gongkai-*"))


def test_a_scheduler_that_is_lost_is_one_line_and_the_next_run_goes_on(
    folder: Folder, tmp_path: Path, scheduler: str
) -> None:
    top = folder(*NAMES)
    file = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        lost = stack.enter_context(
            started("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        )
        stack.enter_context(started("worker", *WORKER, "--no-nanny", "--scheduler-file", str(file)))
        while not file.exists() or not file.stat().st_size:
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        ready(address, 1)
        with pytest.raises(ClusterError, match="scheduler of the cluster is lost") as said:
            interrupted(address, top, tmp_path / "cluster", lambda: kill(lost))
    assert "\n" not in str(said.value)
    tables = local(top, tmp_path / "out")
    tally = run_cluster([str(top)], str(tmp_path / "cluster"), scheduler=scheduler, by_year=False, **COMMON)
    assert tally.unchanged > 0
    same(tmp_path / "cluster" / "parts", tables, every)


@pytest.fixture
def namespaces() -> Iterator[list[str]]:
    """Two hosts, each a network namespace with a line to a bridge of ours."""
    if shutil.which("ip") is None:
        pytest.skip("the program ip is not installed")
    token = f"gk{os.getpid() % 10_000}"
    names = [f"{token}a", f"{token}b"]
    bridge = f"{token}br"

    def ip(*arguments: str, check: bool = True) -> None:
        done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
        if check and done.returncode:
            pytest.skip(f"no right to make network namespaces: {done.stderr.strip()}")

    try:
        ip("link", "add", bridge, "type", "bridge")
        ip("addr", "add", "10.213.7.1/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for n, name in enumerate(names, 2):
            ip("netns", "add", name)
            ip("link", "add", f"{name}o", "type", "veth", "peer", "name", f"{name}i")
            ip("link", "set", f"{name}i", "netns", name)
            ip("link", "set", f"{name}o", "master", bridge, "up")
            ip("-n", name, "addr", "add", f"10.213.7.{n}/24", "dev", f"{name}i")
            ip("-n", name, "link", "set", f"{name}i", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield names
    finally:
        for name in names:
            ip("link", "del", f"{name}o", check=False)
            ip("netns", "del", name, check=False)
        ip("link", "del", bridge, check=False)


def test_a_host_whose_network_is_gone_costs_nothing(
    namespaces: list[str], folder: Folder, tmp_path: Path
) -> None:
    top = folder(*NAMES)
    tables = local(top, tmp_path / "out")
    address = "tcp://10.213.7.1:18786"
    with ExitStack() as stack:
        stack.enter_context(started("scheduler", "--host", "10.213.7.1", "--port", "18786", "--no-dashboard"))
        hosts = [
            stack.enter_context(
                started("worker", *WORKER, "--no-nanny", address, inside=("ip", "netns", "exec", name))
            )
            for name in namespaces
        ]
        ready(address, 2)

        def lose() -> None:
            subprocess.run(["ip", "link", "del", f"{namespaces[1]}o"], check=True)
            kill(hosts[1])

        interrupted(address, top, tmp_path / "cluster", lose)
    same(tmp_path / "cluster" / "parts", tables, every)
