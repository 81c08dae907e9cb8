"""`simsim run`, `verify`, `compare`, `need`, `large-classes`: many runs, and their reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsim.commands.console import print_table, save_table, warn
from simsim.commands.options import (
    DECIMAL,
    WHOLE,
    Folder,
    Jobs,
    Lang,
    Language,
    LastYear,
    Out,
    Processes,
    Replace,
    Target,
    free,
    processes,
)
from simsim.commands.process import FAILED

if TYPE_CHECKING:
    from simsim.experiments.results import Results


Seeds = Annotated[
    int | None,
    typer.Option(**WHOLE, help="number of replications", show_default="30; 20 to begin with --until-precise"),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="simulate all runs, even those that an experiment beside this one holds")
]
Dask = Annotated[str | None, typer.Option(help="address of a Dask scheduler, in place of --jobs")]
AsOf = Annotated[
    int | None,
    typer.Option(**WHOLE, help="as of this year: nothing later is known", show_default="all that is published"),
]
Wanted = Annotated[
    list[str] | None,
    typer.Option(
        metavar="INDICATOR[/STAGE]=HALFWIDTH",
        help="add seeds, 20 at a time, until every scenario's difference from the baseline in the last year is known "
        "this precisely (95 % Monte-Carlo interval); may be repeated",
    ),
]


def run(
    scenario: Annotated[list[str], typer.Argument(help="names or YAML files, see `simsim list scenarios`")],
    district: Annotated[
        str | None, typer.Option(help="district in place of the scenarios' own: a name or a folder")
    ] = None,
    seeds: Seeds = None,
    first_seed: Annotated[int, typer.Option(**WHOLE, help="seed of the first replication")] = 1,
    to: LastYear = None,
    jobs: Jobs = None,
    dask: Dask = None,
    fixed_parameters: Annotated[
        bool, typer.Option("--fixed-parameters", help="every replication uses the parameters' values")
    ] = False,
    as_of: AsOf = None,
    out: Out = None,
    replace: Replace = False,
    fresh: Fresh = False,
    until_precise: Wanted = None,
    max_seeds: Annotated[int, typer.Option(**WHOLE, help="how many seeds --until-precise may use")] = 500,
) -> None:
    """Run scenarios, each with the same seeds; the same command resumes, more seeds extend."""
    from simsim.experiments.comparison import assumed
    from simsim.experiments.experiment import SEEDS, Experiment
    from simsim.experiments.precision import SEEDS_AT_A_TIME, goals_of, precision, said
    from simsim.experiments.request import one_way

    one_way(jobs, dask)
    number = seeds if seeds is not None else SEEDS_AT_A_TIME if until_precise else SEEDS
    experiment = Experiment(
        scenario, seeds=number, first_seed=first_seed, to=to,
        fixed_parameters=fixed_parameters, district=district, as_of=as_of,
    )  # fmt: skip
    results = experiment.run(
        jobs=processes(jobs), out=out, dask=dask, replace=replace, fresh=fresh,
        until=until_precise or None, max_seeds=max_seeds,
    )  # fmt: skip
    if until_precise:
        warn(*said(precision(results, goals_of(until_precise))))
    _say_assumed(assumed(results))
    _tell(results)


def _tell(results: Results) -> None:
    """Say where the results lie, which policies and parameters did nothing, and which runs failed."""
    from simsim.experiments.large_classes import outside_said
    from simsim.experiments.mode import lines

    typer.echo(results.folder)
    warn(*lines(results.manifest), *outside_said(results))
    _say_idle(results)
    failures = results.frame("failures")
    if len(failures):
        kept = f"runs that failed: {len(failures)}; the others are kept, and the same command tries these again"
        warn(failures.to_string(index=False), kept)
        raise typer.Exit(FAILED)


def verify(
    experiment: Folder,
    everything: Annotated[bool, typer.Option("--all", help="every run, not a sample")] = False,
    jobs: Processes = None,
) -> None:
    """Run some of an experiment's runs again and compare the numbers."""
    from simsim.experiments.verification import SAMPLE, verify
    from simsim.inputs.run_limits import jobs_of

    sample = None if everything else SAMPLE
    found = verify(experiment, sample=sample, jobs=jobs_of(processes(jobs)))
    typer.echo(found.rows.to_string(index=False))
    if not found.same_code:
        warn("simsim's code has changed since this experiment was run")
    typer.echo("verified" if found.ok else "NOT verified: tables differ")
    if not found.ok:
        raise typer.Exit(FAILED)


def compare(
    experiment: Folder,
    baseline: Annotated[
        str | None, typer.Option(help="scenario to compare with", show_default="baseline, or else the first")
    ] = None,
    indicator: Annotated[list[str] | None, typer.Option(help="may be repeated", show_default="the main ones")] = None,
    csv: Annotated[Target, typer.Option(help="write all years, stages and groups to a CSV file", callback=free)] = None,
    xlsx: Annotated[Target, typer.Option(help="the same, to a spreadsheet", callback=free)] = None,
    weighted: Annotated[
        bool,
        typer.Option(
            "--weighted", help="beside them, worlds weighted by how well they meet the patterns (seconds each)"
        ),
    ] = False,
    jobs: Jobs = None,
    lang: Language = Lang.en,
) -> None:
    """Print paired differences from a baseline in the last year, with how sure they are and what they hang on."""
    from simsim.experiments.comparison import LEFT_OUT, assumed, compared, main_indicators, shown
    from simsim.experiments.evidence import graded
    from simsim.experiments.large_classes import outside_said
    from simsim.experiments.mode import lines
    from simsim.experiments.results import Results

    results = Results.load(experiment)
    if weighted:
        _weighted(results, baseline, indicator, (csv, xlsx), processes(jobs), lang.value)
        return
    table = graded(results, compared(results, baseline, indicator or None), indicator or main_indicators())
    save_table(table, csv, xlsx)
    typer.echo("\n".join(lines(results.manifest, lang.value)))
    print_table(shown(table, bool(indicator), lang.value))
    if not indicator:
        typer.echo(LEFT_OUT[lang.value])
    for line in outside_said(results, lang.value):
        typer.echo(line)
    _say_assumed(assumed(results))
    _say_idle(results)


def _weighted(
    results: Results,
    baseline: str | None,
    names: list[str] | None,
    files: tuple[Path | None, ...],
    jobs: int,
    lang: str,
) -> None:
    """Print the headlines under prior and weighted worlds, and how many worlds are left."""
    from simsim.studies.weighted_worlds import said, shown, weighted_comparison

    table, weights = weighted_comparison(results, names, baseline, jobs=jobs)
    save_table(table, *files)
    print_table(shown(table, lang))
    typer.echo(said(weights, lang))


def _say_assumed(assumed: dict[str, list[str]]) -> None:
    """Name the judged effects that scenarios assume, a line for each scenario that does."""
    for name, effects in assumed.items():
        warn(f"{name} assumes {', '.join(effects)}: judged, and 0 where a scenario does not assume it")


def _say_idle(results: Results) -> None:
    """Name what was asked for and had no effect, one line each."""
    from simsim.experiments.comparison import idle, vain

    for name in idle(results):
        warn(f"{name} never touched anybody: is it dated after the last year, or without effect?")
    for scenario, change in vain(results):
        warn(f"{scenario}: {change}")


def need(
    experiment: Folder,
    seats: Annotated[bool, typer.Option("--seats", help="class rooms", show_default="both")] = False,
    teachers: Annotated[bool, typer.Option("--teachers", help="teachers' posts", show_default="both")] = False,
    worlds: Annotated[float, typer.Option("--in", **DECIMAL, help="worlds of 100 that shall be short of nothing")] = 90,
    scenario: Annotated[str | None, typer.Option(help="scenario that is added to", show_default="the plan")] = None,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="in all areas and years at once, not in each by itself")
    ] = False,
    today: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="earlier months are past", show_default="the last roll known"),
    ] = None,
    lang: Language = Lang.en,
    csv: Annotated[Target, typer.Option(help="write every stage, area and year to a CSV file", callback=free)] = None,
) -> None:
    """Print the rooms and posts, with latest start and yuan, that so many simulated worlds are short of nothing."""
    from simsim.experiments import need as needs
    from simsim.experiments.results import Results
    from simsim.report.tables.need import said, shown
    from simsim.report.view import View

    results = Results.load(experiment)
    both = not (seats or teachers)
    table = needs.need(
        results, scenario, worlds, seats=seats or both, teachers=teachers or both, everywhere=everywhere, today=today
    )
    save_table(table, csv)
    view = View.of(results, lang.value, focus=table.attrs["scenario"])
    heading, lines = said(view, table)
    typer.echo(heading)
    if len(rows := shown(view, table)):
        print_table(rows)
    for line in lines:
        typer.echo(line)


def large_classes(
    experiment: Folder,
    csv: Annotated[Target, typer.Option(help="write shares of all stages to a CSV file", callback=free)] = None,
) -> None:
    """Print the share of large classes by year against what the law allows and what the nation had."""
    from simsim.experiments.large_classes import large_classes, outside_said, rounded
    from simsim.experiments.results import Results

    results = Results.load(experiment)
    table = large_classes(results)
    save_table(table, csv)
    print_table(rounded(table))
    for line in outside_said(results):
        typer.echo(line)
