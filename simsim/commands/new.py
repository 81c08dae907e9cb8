"""`simsim new`: a file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def policy(
    name: Annotated[str, typer.Argument(help="name of the policy, as retention_bonus")],
    out: Annotated[Path, typer.Option(help="folder for NAME.py and test_NAME.py", show_default="here")] = Path(),
) -> None:
    """Write a small policy that works, and its test; then: pytest test_NAME.py."""
    from simsim.studies.template import write_policy

    for path in write_policy(name, out):
        typer.echo(path)


def scenario(
    name: Annotated[str, typer.Argument(help="name of the scenario, as more-posts")],
    district: Annotated[
        str | None,
        typer.Option(help="the district it is for: a name or a folder", show_default="the default district"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="folder for NAME.yaml", show_default="here, or beside the district's folder")
    ] = None,
    from_plans: Annotated[
        bool, typer.Option("--from-plans", help="of the openings, closures and places in the district's plans.csv")
    ] = False,
) -> None:
    """Write a scenario of a district to start from; then: simsim check NAME.yaml, simsim run baseline NAME.yaml."""
    from simsim.studies.plans_scenario import left_out
    from simsim.studies.template import write_scenario

    path = write_scenario(name, district, out, from_plans)
    typer.echo("\n".join([str(path), *left_out(path)]))


def notebook(
    name: Annotated[str, typer.Argument(help="name of the notebook, as my-question")],
    out: Annotated[Path, typer.Option(help="folder for NAME.ipynb", show_default="here")] = Path(),
) -> None:
    """Write a notebook with parameters that runs; then: papermill NAME.ipynb out.ipynb -p seeds 10."""
    from simsim.studies.template import write_notebook

    typer.echo(write_notebook(name, out))
