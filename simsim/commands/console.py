"""What commands print and write: tables, warnings, the command that comes next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simsim.inputs.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd


def print_table(table: pd.DataFrame) -> None:
    """Print a table to stdout: as wide as the terminal, or tab-separated lines for a pipe or a file."""
    if not sys.stdout.isatty():
        table.to_csv(sys.stdout, sep="\t", index=False, lineterminator="\n")
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    grid = Table(*(str(name) for name in table.columns), box=None, header_style="bold", pad_edge=False)
    for row in table.itertuples(index=False):
        grid.add_row(*map(str, row))
    console.print(grid)


def save_table(table: pd.DataFrame, *files: Path | None) -> None:
    """Write a table to the files that were asked for; InputError where one cannot be written."""
    from simsim.experiments.export import export

    for path in files:
        if path is not None:
            export(table, path)


@contextmanager
def into(place: Path | str) -> Iterator[None]:
    """Do what writes a folder or file; InputError with the remedy when the machine refuses it."""
    try:
        yield
    except OSError as error:
        remedy = f"cannot be written: {error.strerror or error}; name another folder"
        raise InputError(Problem(str(place), "", None, remedy)) from None


def warn(*lines: object) -> None:
    """Print lines that are no result: to stderr."""
    for line in lines:
        typer.echo(line, err=True)


def next_is(command: str) -> None:
    """Name the command that comes next."""
    typer.echo(f"next: simsim {command}")
