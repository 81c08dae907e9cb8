"""Arguments and options that several commands share, and how what is typed is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypedDict

import typer


def whole(text: str) -> int:
    """Return the whole number of an option; a footnote mark or an underscore is no digit: BadParameter."""
    from simsim.inputs.numbers import written_whole

    number = written_whole(str(text))
    if number is None:
        raise typer.BadParameter(f"{text!r} is not a whole number")
    return number


def decimal(text: str) -> float:
    """Return the number of an argument, written in plain digits; BadParameter for anything else."""
    from simsim.inputs.numbers import oddly, written

    number = written(str(text))
    if number is None or oddly(str(text).strip()):
        raise typer.BadParameter(f"{text!r} is not a plain decimal number")
    return number


def free(path: Path | None) -> Path | None:
    """Return where a table is to be written; InputError, before any work is done, for a place where it may not."""
    from simsim.experiments.targets import target

    return path if path is None else target(path)


def processes(jobs: int | None) -> int:
    """Return how many processes were asked for, or else how many processor cores this process may use."""
    if jobs is not None:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Parsed(TypedDict):
    """How an argument is read, and how its values are shown."""

    parser: Callable[[str], int | float]
    metavar: str


WHOLE: Parsed = {"parser": whole, "metavar": "<int>"}
DECIMAL: Parsed = {"parser": decimal, "metavar": "<number>"}


class Lang(StrEnum):
    """Languages of reports and tables."""

    en = "en"
    zh = "zh"


Language = Annotated[Lang, typer.Option(help="language")]
Folder = Annotated[Path, typer.Argument(metavar="EXPERIMENT", help="folder of an experiment")]
Target = Path | None
"""The file that a table is written to."""
LastYear = Annotated[
    int | None,
    typer.Option(**WHOLE, help="last school year", show_default="the district's, ten years after its first"),
]
Jobs = Annotated[
    int | None, typer.Option(**WHOLE, help="processes; results do not depend on it", show_default="all cores")
]
Processes = Annotated[int | None, typer.Option(**WHOLE, help="processes", show_default="all cores")]
Out = Annotated[
    Path | None, typer.Option(help="the experiment's folder", show_default="outputs/<name>-<digest of inputs>")
]
Replace = Annotated[
    bool, typer.Option("--replace", help="start anew where --out holds results of other inputs or code")
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN=VALUE", help="rows of a table of many districts; may be repeated"),
]
