"""`simsim list`, `show`, `check`: what there is, and whether a file is sound."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from simsim.commands.console import print_table
from simsim.inputs.errors import InputError


class Kind(StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    policies = "policies"
    indicators = "indicators"
    parameters = "parameters"
    districts = "districts"
    measures = "measures"


def check(file: Annotated[list[Path], typer.Argument(help="scenarios, plans, districts")]) -> None:
    """Validate files: all problems at once."""
    from simsim.scenarios.catalogue import check_files, notes

    problems = check_files(file)
    if problems:
        raise InputError(problems)
    typer.echo("\n".join([*(f"{path}: no problems" for path in file), *notes(file)]))


def list_(kind: Annotated[Kind, typer.Argument(help="what to list")]) -> None:
    """List what there is: a table, or tab-separated lines for a pipe."""
    from simsim.scenarios.catalogue import listing

    table = listing(kind.value).astype(object)
    print_table(table.where(table.notna(), ""))


def show(name: Annotated[str, typer.Argument(help="a scenario, policy, indicator, parameter or district")]) -> None:
    """Show one of them: value, unit, range, source, and how far to trust it."""
    from simsim.scenarios import catalogue

    typer.echo(catalogue.show(name))
