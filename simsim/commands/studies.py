"""`simsim sensitivity`, `hindcast`, `standstill`, `worlds`: what results hang on, and how well the model does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsim.commands.console import print_table, save_table
from simsim.commands.options import (
    DECIMAL,
    WHOLE,
    Jobs,
    Lang,
    Language,
    LastYear,
    Out,
    Replace,
    Target,
    free,
    processes,
)
from simsim.inputs.errors import InputError, Problem

Names = Annotated[list[str] | None, typer.Option(help="may be repeated", show_default="the primary outcomes")]


def sensitivity(
    a: Annotated[str, typer.Argument(help="scenario: a name or a YAML file")],
    b: Annotated[str, typer.Argument(help="scenario that it is compared with")],
    indicators: Names = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(help="drawn parameters, or patterns as exp_*; may be repeated", show_default="all drawn ones"),
    ] = None,
    trajectories: Annotated[int, typer.Option(**WHOLE, help="Morris trajectories, of parameters + 1 worlds each")] = 4,
    first_seed: Annotated[int, typer.Option(**WHOLE, help="seed of the first trajectory")] = 1,
    to: LastYear = None,
    district: Annotated[str | None, typer.Option(help="district in place of the scenarios' own")] = None,
    jobs: Jobs = None,
    out: Out = None,
    replace: Replace = False,
    lang: Language = Lang.en,
    structures: Annotated[
        bool, typer.Option("--structures", help="instead, primary outcomes under each structural switch (structure.*)")
    ] = False,
    seeds: Annotated[int, typer.Option(**WHOLE, help="replications of each switch, with --structures")] = 20,
) -> None:
    """Find what the difference of two scenarios hangs on: a screening of all drawn parameters, with a figure.

    Runs trajectories * (parameters + 4) worlds of two scenarios; the same command resumes.
    """
    if structures:
        _structures(a, b, indicators, seeds, to, district, processes(jobs), out, replace, lang.value)
        return
    from simsim.experiments.screening_table import shown
    from simsim.experiments.sensitivity import Screening, screened
    from simsim.inputs.indicators import known
    from simsim.report.figures.sensitivity import save

    screening = Screening(a, b, parameters, trajectories, first_seed, to, district)
    table, folder = screened(screening, known(indicators), jobs=processes(jobs), out=out, replace=replace)
    titles = [str(scenario.title[lang.value]) for scenario in screening.scenarios]
    typer.echo(folder)
    print_table(shown(table, lang.value))
    typer.echo(save(table, titles[0], titles[1], lang.value, folder))


def _structures(
    a: str, b: str, names: list[str] | None, seeds: int, to: int | None, district: str | None, jobs: int,
    out: Path | None, replace: bool, lang: str,
) -> None:  # fmt: skip
    """Print the headlines under each structural switch."""
    from simsim.studies.structures import headline_table, structures

    table = structures(a, b, names, seeds, to, district, jobs, out, replace=replace)
    print_table(headline_table(table, lang))


def hindcast(
    enrolment: Annotated[
        Path | None, typer.Option(help="entrants and pupils of both stages by September", show_default="the nation's")
    ] = None,
    births: Annotated[Path | None, typer.Option(help="births by calendar year", show_default="the nation's")] = None,
    known_to: Annotated[
        int | None, typer.Option(**WHOLE, help="the method is chosen on years to this one", show_default="the last")
    ] = None,
    to: Annotated[
        int | None, typer.Option(**WHOLE, help="last year that is forecast", show_default="the last of the rolls")
    ] = None,
    csv: Annotated[
        Target, typer.Option(help="write every forecast, with what came, to a CSV file", callback=free)
    ] = None,
) -> None:
    """Print how far off forecasts of past years were, by years ahead, next to "unchanged" and plain cohort survival.

    Files have the shape of parameters/national/: columns in docs/data-dictionary.md.
    """
    from simsim.experiments.targets import target
    from simsim.studies.rolling_origins import hindcast
    from simsim.studies.series import read_series

    if csv is not None:
        target(csv, [path for path in (enrolment, births) if path is not None])
    found = hindcast(read_series(enrolment, births), known_to, to)
    save_table(found.table, csv)
    print_table(found.summary())
    typer.echo(found.words())


def standstill(
    worlds: Annotated[int, typer.Option(**WHOLE, help="number of worlds")] = 50,
    first_seed: Annotated[int, typer.Option(**WHOLE, help="seed of the first world")] = 1,
    jobs: Jobs = None,
    district: Annotated[str | None, typer.Option(help="a district", show_default="the default district")] = None,
    csv: Annotated[Target, typer.Option(help="write the table to a CSV file", callback=free)] = None,
) -> None:
    """Print whether the first year holds still: what the model's own rules move where nothing else moves.

    A world of constant births in which nobody leaves or arrives and no room is added.
    """
    from simsim.inputs.run_limits import jobs_of
    from simsim.studies.standstill import standstill

    found = standstill(worlds, first_seed, jobs_of(processes(jobs)), district)
    save_table(found, csv)
    print_table(found.round(4))


def worlds(
    district: Annotated[str, typer.Argument(help="a district, by name or folder; or an experiment, as it was run")],
    seeds: Annotated[int | None, typer.Option(**WHOLE, help="number of worlds", show_default="30")] = None,
    full: Annotated[bool, typer.Option("--full", help="in complete runs, not by counting heads alone")] = False,
    scenario: Annotated[
        str | None, typer.Option(help="as if this scenario had happened", show_default="the factual one")
    ] = None,
    seniors: Annotated[float, typer.Option(**DECIMAL, help="senior pupils in the published total")] = 0.0,
    jobs: Annotated[int, typer.Option(**WHOLE, help="processes; results do not depend on it")] = 1,
    csv: Annotated[Target, typer.Option(help="write a line a world to a CSV file", callback=free)] = None,
) -> None:
    """Print how near every world comes to the published pupils and staff, and what it takes: inputs, never results."""
    from simsim.experiments.manifest import MANIFEST
    from simsim.experiments.results import Results
    from simsim.studies.published import SEEDS, agreement, agreement_of

    if (Path(district) / MANIFEST).is_file():
        if seeds is not None or full or scenario is not None or seniors:
            remedy = "is an experiment, shown as it was run; leave out options"
            raise InputError(Problem("worlds", "", district, remedy))
        found = agreement_of(Results.load(Path(district)))
    else:
        lived = SEEDS if seeds is None else seeds
        found = agreement(district, lived, full=full, jobs=jobs, scenario=scenario, seniors=seniors)
    save_table(found.table, csv)
    typer.echo(found.words())
