"""A dataset folder to DataFrames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gongkai.emit import libraries as lib
from gongkai.emit.read.read_rows import columns_of
from gongkai.emit.schema import Column, Dataset, datasets
from gongkai.emit.write.join_parts import join_parts
from gongkai.model import unguard

if TYPE_CHECKING:
    import pandas as pd


class DatasetFrames(Mapping[str, "pd.DataFrame"]):
    """Every dataset of a folder that `emit` wrote, by name; the same from Parquet as from CSV.

    A dataset is read when it is first asked for, and kept. Texts are str (None where a column may be empty and
    is), counts Int64, numbers float64, `blank` bool. The apostrophe that keeps spreadsheets from calculating a text
    is taken away. `frame.attrs["labels"]` and `frame.attrs["labels_en"]` say what each column is.

    Raises FileNotFoundError, at once, where a dataset has neither file, ValueError where its columns are
    not those of this version.
    """

    def __init__(self, folder: str | Path, prefer: Literal["parquet", "csv"] = "parquet") -> None:
        self.folder = Path(folder)
        join_parts(self.folder)
        self._prefer = prefer
        added = [d for d in datasets("check") if _is_there(self.folder, d)]
        self._datasets = {d.name: d for d in (*datasets(), *added)}
        self._frames: dict[str, pd.DataFrame] = {}
        for d in self._datasets.values():
            found = columns_of(_file(self.folder, d, prefer))
            if found != d.names:
                raise ValueError(f"{folder}: {d.name} has the columns of another version: {list(found)}")

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = _load(self._datasets[name], self.folder, self._prefer)
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._datasets)

    def __len__(self) -> int:
        return len(self._datasets)

    @property
    def facts(self) -> pd.DataFrame:
        """One line a value."""
        return self["facts"]

    @property
    def reports(self) -> pd.DataFrame:
        """One line a report."""
        return self["reports"]

    @property
    def sections(self) -> pd.DataFrame:
        """The narrative, one line a section."""
        return self["sections"]

    @property
    def mentions(self) -> pd.DataFrame:
        """Numbers in the narrative."""
        return self["mentions"]

    @property
    def checks(self) -> pd.DataFrame:
        """Every rule of the form, tried."""
        return self["checks"]

    @property
    def findings(self) -> pd.DataFrame:
        """What a person should know."""
        return self["findings"]

    @property
    def proposals(self) -> pd.DataFrame:
        """What would mend sums that fail."""
        return self["proposals"]


def _is_there(folder: Path, dataset: Dataset) -> bool:
    return any((folder / f"{dataset.name}{suffix}").is_file() for suffix in (".parquet", ".csv"))


def _file(folder: Path, dataset: Dataset, prefer: str) -> Path:
    """The file that is read: of the preferred format, or of the other where that is not there."""
    parquet, csv = folder / f"{dataset.name}.parquet", folder / f"{dataset.name}.csv"
    return parquet if parquet.is_file() and (prefer == "parquet" or not csv.is_file()) else csv


def _load(dataset: Dataset, folder: Path, prefer: str) -> pd.DataFrame:
    path = _file(folder, dataset, prefer)
    from_csv = path.suffix == ".csv"
    if from_csv:
        frame = lib.pd.read_csv(path, dtype=str, na_filter=False, encoding="utf-8-sig")
    else:
        frame = lib.pd.read_parquet(path)
    convert = _from_csv if from_csv else _from_parquet
    taken = {column.name: convert(frame[column.name], column) for column in dataset.columns}
    result: pd.DataFrame = lib.pd.DataFrame(taken)
    result.attrs["labels"] = {column.name: column.zh for column in dataset.columns}
    result.attrs["labels_en"] = {column.name: column.en for column in dataset.columns}
    return result


def _from_csv(printed: pd.Series[Any], column: Column) -> pd.Series[Any]:
    match column.kind:
        case "text" | "id":
            texts = printed.map(unguard)
            return (texts.mask(texts == "") if column.empty else texts).astype("str")
        case "boolean":
            return printed == "true"
        case "integer":
            return printed.mask(printed == "").astype("Int64")
        case "decimal" | "number":
            return printed.mask(printed == "").astype("float64")


def _from_parquet(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    match column.kind:
        case "text" | "id":
            return values.astype("str")
        case "boolean":
            return values.astype("bool")
        case "integer":
            return values.astype("Int64")
        case "decimal" | "number":
            return values.astype("float64")
