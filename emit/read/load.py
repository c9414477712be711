"""A dataset folder to DataFrames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gongkai.emit import libraries as lib
from gongkai.emit.schema import Column, Dataset, datasets
from gongkai.model import unguard

if TYPE_CHECKING:
    import pandas as pd


def load(folder: str | Path, prefer: Literal["parquet", "csv"] = "parquet") -> dict[str, pd.DataFrame]:
    """Every dataset of a folder that `emit` wrote, by name; the same from Parquet as from CSV.

    Texts are str (None where a column may be empty and is), counts Int64, numbers float64,
    `blank` bool. The apostrophe that keeps spreadsheets from calculating a text is taken away.

    Raises FileNotFoundError where a dataset has neither file, ValueError where its columns are
    not those of this version.
    """
    return {dataset.name: _load(dataset, Path(folder), prefer) for dataset in datasets()}


def _load(dataset: Dataset, folder: Path, prefer: str) -> pd.DataFrame:
    parquet, csv = folder / f"{dataset.name}.parquet", folder / f"{dataset.name}.csv"
    if parquet.is_file() and (prefer == "parquet" or not csv.is_file()):
        frame, from_csv = lib.pd.read_parquet(parquet), False
    else:
        frame, from_csv = lib.pd.read_csv(csv, dtype=str, na_filter=False, encoding="utf-8-sig"), True
    if tuple(frame.columns) != dataset.names:
        raise ValueError(
            f"{folder}: {dataset.name} has the columns of another version: {list(frame.columns)}"
        )
    convert = _from_csv if from_csv else _from_parquet
    columns = {column.name: convert(frame[column.name], column) for column in dataset.columns}
    result: pd.DataFrame = lib.pd.DataFrame(columns)
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
