"""The command line: `simsim run`, `compare`, `report`, ... Results on stdout, progress and mistakes on stderr.

Exit codes: 0 done; 1 something failed while running, and what succeeded is kept; 2 the user's mistake, in one message.
Everything heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import atexit
import codecs
import io
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypedDict

import typer

from simsim.inputs.errors import InputError, Problem
from simsim.inputs.failures import GONE, explained, not_text, working_folder_is_gone

if TYPE_CHECKING:
    import pandas as pd

    from simsim.experiments.results import Results
    from simsim.scenarios.idle import IdleChange
    from simsim.scenarios.idle_settings import IdleSetting

DONE, FAILED, MISTAKE = 0, 1, 2
INTERRUPTED = 130
"""What typer ends with after Ctrl-C, SIGTERM or SIGHUP."""
STOPPING = ("SIGTERM", "SIGHUP")
STOPPED = "stopped; finished runs are kept, and the same command resumes or begins again"

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Simulate a school district."
)
district = typer.Typer(no_args_is_help=True, help="Build, import, check or fit a district.")
app.add_typer(district, name="district")
new = typer.Typer(no_args_is_help=True, help="Write a file to start from.")
app.add_typer(new, name="new")


def whole(text: str) -> int:
    """Return the whole number of an option; a footnote mark or an underscore is no digit."""
    from simsim.inputs.numbers import written_whole

    number = written_whole(str(text))
    if number is None:
        raise typer.BadParameter(f"{text!r} is not a whole number")
    return number


def decimal(text: str) -> float:
    """Return the number of an argument, written in plain digits."""
    from simsim.inputs.numbers import oddly, written

    number = written(str(text))
    if number is None or oddly(str(text).strip()):
        raise typer.BadParameter(f"{text!r} is not a plain decimal number")
    return number


Target = Path | None
"""The file that a table is written to."""


def free(path: Path | None) -> Path | None:
    """Return where a table is to be written; InputError, before any work is done, for a place where it may not."""
    from simsim.experiments.targets import target

    return path if path is None else target(path)


class Parsed(TypedDict):
    """How an argument is read, and how its values are shown."""

    parser: Callable[[str], int]
    metavar: str


WHOLE: Parsed = {"parser": whole, "metavar": "<int>"}


class Lang(StrEnum):
    """Languages of reports and tables."""

    en = "en"
    zh = "zh"


class Kind(StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    policies = "policies"
    indicators = "indicators"
    parameters = "parameters"
    districts = "districts"
    measures = "measures"


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Folder = Annotated[Path, typer.Argument(metavar="EXPERIMENT", help="folder of an experiment")]
LastYear = Annotated[
    int | None,
    typer.Option(**WHOLE, help="last school year", show_default="the district's, ten years after its first"),
]
Language = Annotated[Lang, typer.Option(help="language")]


Seeds = Annotated[
    int | None,
    typer.Option(**WHOLE, help="number of replications", show_default="30; 20 to begin with --until-precise"),
]
Jobs = Annotated[
    int | None, typer.Option(**WHOLE, help="processes; results do not depend on it", show_default="all cores")
]
Out = Annotated[
    Path | None, typer.Option(help="the experiment's folder", show_default="outputs/<name>-<digest of inputs>")
]
Replace = Annotated[
    bool, typer.Option("--replace", help="start anew where --out holds results of other inputs or code")
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


@app.command()
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
    from simsim.experiments.comparison import assumed, idle, vain
    from simsim.experiments.experiment import SEEDS, Experiment
    from simsim.experiments.precision import SEEDS_AT_A_TIME, goals_of, precision, said
    from simsim.experiments.request import one_way

    one_way(jobs, dask)
    number = seeds if seeds is not None else SEEDS_AT_A_TIME if until_precise else SEEDS
    settings = {"to": to, "fixed_parameters": fixed_parameters, "district": district, "as_of": as_of}
    experiment = Experiment(scenario, seeds=number, first_seed=first_seed, **settings)  # type: ignore[arg-type]
    jobs = cores() if jobs is None else jobs
    results = experiment.run(
        jobs=jobs, out=out, dask=dask, replace=replace, fresh=fresh, until=until_precise or None, max_seeds=max_seeds
    )
    for line in said(precision(results, goals_of(until_precise))) if until_precise else ():
        typer.echo(line, err=True)
    _say_assumed(assumed(results))
    _tell(results, idle(results), vain(results))


def _say_assumed(assumed: dict[str, list[str]]) -> None:
    """Name the judged effects that scenarios assume, a line for each scenario that does."""
    for name, effects in assumed.items():
        typer.echo(f"{name} assumes {', '.join(effects)}: judged, and 0 where a scenario does not assume it", err=True)


def _tell(results: Results, idle: list[str], vain: list[tuple[str, IdleChange | IdleSetting]]) -> None:
    """Say where the results lie, which policies and parameters did nothing, and which runs failed."""
    from simsim.experiments.large_classes import outside_said
    from simsim.experiments.mode import lines

    typer.echo(results.folder)
    for line in (*lines(results.manifest), *outside_said(results)):
        typer.echo(line, err=True)
    _warn(idle, vain)
    failures = results.frame("failures")
    if len(failures):
        typer.echo(failures.to_string(index=False), err=True)
        typer.echo(
            f"runs that failed: {len(failures)}; the others are kept, and the same command tries these again", err=True
        )
        raise typer.Exit(FAILED)


def _warn(idle: list[str], vain: list[tuple[str, IdleChange | IdleSetting]]) -> None:
    """Name what was asked for and had no effect, one line each."""
    for name in idle:
        typer.echo(f"{name} never touched anybody: is it dated after the last year, or without effect?", err=True)
    for scenario, change in vain:
        typer.echo(f"{scenario}: {change}", err=True)


@app.command()
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
    from simsim.experiments.comparison import LEFT_OUT, assumed, compared, idle, main_indicators, shown, vain
    from simsim.experiments.evidence import graded
    from simsim.experiments.large_classes import outside_said
    from simsim.experiments.mode import lines
    from simsim.experiments.results import export

    results = _loaded(experiment)
    if weighted:
        _weighted(results, baseline, indicator, (csv, xlsx), cores() if jobs is None else jobs, lang.value)
        return
    table = graded(results, compared(results, baseline, indicator or None), indicator or main_indicators())
    for path in (csv, xlsx):
        if path is not None:
            export(table, path)
    typer.echo("\n".join(lines(results.manifest, lang.value)))
    _print_table(shown(table, bool(indicator), lang.value))
    if not indicator:
        typer.echo(LEFT_OUT[lang.value])
    for line in outside_said(results, lang.value):
        typer.echo(line)
    _say_assumed(assumed(results))
    _warn(idle(results), vain(results))


def _loaded(folder: Path) -> Results:
    """Return the results in a folder; InputError where its manifest tells another mode than they were made in."""
    from simsim.experiments.results import Results
    from simsim.experiments.told_mode import check_mode

    results = Results.load(folder)
    check_mode(results.folder, results.manifest)
    return results


def _weighted(
    results: Results, baseline: str | None, names: list[str] | None, files: Iterable[Path | None], jobs: int, lang: str
) -> None:
    """Print the headlines under prior and weighted worlds, and how many worlds are left."""
    from simsim.experiments.results import export
    from simsim.studies.weighted_worlds import said, shown, weighted_comparison

    table, weights = weighted_comparison(results, names, baseline, jobs=jobs)
    for path in files:
        if path is not None:
            export(table, path)
    _print_table(shown(table, lang))
    typer.echo(said(weights, lang))


Names = Annotated[list[str] | None, typer.Option(help="may be repeated", show_default="the primary outcomes")]


@app.command()
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
        _structures(a, b, indicators, seeds, to, district, cores() if jobs is None else jobs, out, replace, lang.value)
        return
    from simsim.experiments.screening_table import shown
    from simsim.experiments.sensitivity import Screening, screened
    from simsim.inputs.indicators import known
    from simsim.report.figures.sensitivity import save

    screening = Screening(a, b, parameters, trajectories, first_seed, to, district)
    jobs = cores() if jobs is None else jobs
    table, folder = screened(screening, known(indicators), jobs=jobs, out=out, replace=replace)
    titles = [str(scenario.title[lang.value]) for scenario in screening.scenarios]
    typer.echo(folder)
    _print_table(shown(table, lang.value))
    typer.echo(save(table, titles[0], titles[1], lang.value, folder))


def _structures(
    a: str, b: str, names: list[str] | None, seeds: int, to: int | None, district: str | None, jobs: int,
    out: Path | None, replace: bool, lang: str,
) -> None:  # fmt: skip
    """Print the headlines under each structural switch."""
    from simsim.studies.structures import headline_table, structures

    table = structures(a, b, names, seeds, to, district, jobs, out, replace=replace)
    _print_table(headline_table(table, lang))


@app.command("large-classes")
def large_classes(
    experiment: Folder,
    csv: Annotated[Target, typer.Option(help="write shares of all stages to a CSV file", callback=free)] = None,
) -> None:
    """Print the share of large classes by year against what the law allows and what the nation had."""
    from simsim.experiments.large_classes import large_classes, outside_said, rounded
    from simsim.experiments.results import export

    results = _loaded(experiment)
    table = large_classes(results)
    if csv is not None:
        export(table, csv)
    _print_table(rounded(table))
    for line in outside_said(results):
        typer.echo(line)


def _brief(
    folder: Path, languages: Sequence[str], out: Path | None, scenario: str | None, others: Mapping[str, object]
) -> None:
    """Write the decision page for Word; InputError for an option (`others`) that only a page knows."""
    from simsim.report.brief import brief
    from simsim.report.view import opened

    remedy = "is for a page; leave out --brief or it"
    problems = [Problem("simsim report", name, value, remedy) for name, value in others.items() if value is not None]
    if problems:
        raise InputError(problems)
    with opened(folder):
        for lang in languages:
            typer.echo(brief(folder, lang=lang, out=out, scenario=scenario))


@app.command()
def need(
    experiment: Folder,
    seats: Annotated[bool, typer.Option("--seats", help="class rooms", show_default="both")] = False,
    teachers: Annotated[bool, typer.Option("--teachers", help="teachers' posts", show_default="both")] = False,
    worlds: Annotated[
        float,
        typer.Option("--in", parser=decimal, metavar="<number>", help="worlds of 100 that shall be short of nothing"),
    ] = 90,
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
    from simsim.experiments.results import export
    from simsim.report.tables.need import said, shown
    from simsim.report.view import View

    results = _loaded(experiment)
    both = not (seats or teachers)
    table = needs.need(
        results, scenario, worlds, seats=seats or both, teachers=teachers or both, everywhere=everywhere, today=today
    )
    if csv is not None:
        export(table, csv)
    view = View.of(results, lang.value, focus=table.attrs["scenario"])
    heading, lines = said(view, table)
    typer.echo(heading)
    if len(rows := shown(view, table)):
        _print_table(rows)
    for line in lines:
        typer.echo(line)


@app.command()
def report(
    experiment: Folder,
    lang: Annotated[
        list[Lang] | None, typer.Option(help="language; given twice, both are made of one reading", show_default="en")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="report this scenario in depth", show_default="compare all")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="comparison, scenario, outlook, teachers or school", show_default="what suits")
    ] = None,
    school: Annotated[str | None, typer.Option(metavar="KEY", help="with --kind school: number, code or name")] = None,
    area: Annotated[str | None, typer.Option(metavar="KEY", help="with --kind school: an area in place of it")] = None,
    out: Annotated[Path | None, typer.Option(help="folder for the report", show_default="the experiment's")] = None,
    short: Annotated[bool, typer.Option("--short", help="only the sections that fit six sheets of paper")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="only the decision page, for Word")] = False,
    today: Annotated[
        str | None,
        typer.Option(help="the month, as 2026-11, from which an outlook is told", show_default="the last roll known"),
    ] = None,
) -> None:
    """Write the experiment's report as an HTML page from an executed notebook."""
    from simsim.experiments.manifest import read_manifest

    read_manifest(experiment)
    languages = [one.value for one in dict.fromkeys(lang or [Lang.en])]
    if brief:
        others = {"--kind": kind, "--school": school, "--area": area, "--today": today, "--short": short or None}
        return _brief(experiment, languages, out, scenario, others)
    place = {name: value for name, value in (("school", school), ("area", area)) if value is not None}
    kind = kind or ("school" if place else None if today is None else "outlook")
    if today is not None and kind != "outlook":
        remedy = "is for the outlook: add --kind outlook, or leave it out"
        raise InputError(Problem("simsim report", "--today", today, remedy))
    if scenario is not None:
        kind = kind or "scenario"
    _pages(experiment, languages, kind, out, scenario, place if today is None else {"today": today}, short)


def _pages(
    folder: Path, languages: Sequence[str], kind: str | None, out: Path | None, scenario: str | None,
    given: Mapping[str, object], short: bool,
) -> None:  # fmt: skip
    """Write the pages of a kind, or what suits the experiment, in some languages."""
    from simsim.report.render import render, render_experiment
    from simsim.report.view import opened

    with opened(folder):
        for lang in languages:
            one = [] if kind is None else [render(kind, folder, lang, out, scenario, given, short)]
            for page in one or render_experiment(folder, lang=lang, out=out, short=short):
                typer.echo(page)


@app.command()
def explore(
    scenario: Annotated[str, typer.Argument(help="name or YAML file, see `simsim list scenarios`")] = "plan",
    district: Annotated[str | None, typer.Option(help="district in place of the scenario's own")] = None,
    to: LastYear = None,
    seeds: Annotated[int, typer.Option(**WHOLE, help="worlds that fill in behind the first")] = 10,
    port: Annotated[int | None, typer.Option(**WHOLE, help="port of the page", show_default="a free one")] = None,
    browser: Annotated[bool, typer.Option(help="open the page in a browser")] = True,
    lang: Language = Lang.en,
) -> None:
    """Open the live explorer as a page on this machine alone, behind a token: levers, the answer, figures, a map.

    Nothing is loaded from the network; Ctrl-C ends it, and its worker processes with it.
    """
    from simsim.explorer.serve import serve

    serve(scenario, district, port, browser, typer.echo, to=to, seeds=seeds, lang=lang.value)


Only = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN=VALUE", help="rows of a table of many districts; may be repeated"),
]


@app.command()
def assess(
    table: Annotated[
        list[Path] | None,
        typer.Argument(help="tables of schools, files or a folder; form Ⅱ-2, a file a stage (docs/data-dictionary.md)"),
    ] = None,
    standard: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="official method, by name or as the file of your own")
    ] = "basic-2012",
    lang: Language = Lang.en,
    xlsx: Annotated[Path | None, typer.Option(help="write the assessment to a spreadsheet")] = None,
    html: Annotated[Path | None, typer.Option(help="write it as a page that needs no network")] = None,
    docx: Annotated[Path | None, typer.Option(help="write it as a Word document")] = None,
    also: Annotated[
        list[str] | None, typer.Option(metavar="NAME=NUMBER", help="a number for another item, as retention=0.97")
    ] = None,
    forms: Annotated[
        Path | None, typer.Option(help="folder for the declaration's tables, filled in as <standard>-<table>.xlsx")
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option(help="one more form: basic-2012-guangdong, or a YAML file of your province's")
    ] = None,
    experiment: Annotated[Path | None, typer.Option(help="a simulated district instead: an experiment")] = None,
    district: Annotated[str | None, typer.Option(help="a simulated district instead: its name or folder")] = None,
    scenario: Annotated[str | None, typer.Option(help="scenario of the simulated district")] = None,
    year: Annotated[int | None, typer.Option(**WHOLE, help="its September", show_default="its last")] = None,
    seed: Annotated[int | None, typer.Option(**WHOLE, help="its replication", show_default="the first")] = None,
    only: Only = None,
) -> None:
    """Compute the official balance indicators of a real table of schools, and fill in the declaration's forms; nothing
    is simulated, unless --experiment or --district names a simulated district.
    """
    from simsim.assessment.delivery import Source, Wanted, deliver
    from simsim.assessment.judging import named_numbers

    source = Source(tuple(table or ()), experiment, district, scenario, year, seed, tuple(only or ()))
    wanted = Wanted(xlsx=xlsx, html=html, docx=docx, forms=forms, more_forms=tuple(form or ()))
    typer.echo(deliver(source, standard, lang.value, wanted, named_numbers(also or [])), nl=False)


@app.command()
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
    from simsim.experiments.results import export
    from simsim.experiments.targets import target
    from simsim.studies.rolling_origins import hindcast
    from simsim.studies.series import read_series

    if csv is not None:
        target(csv, [path for path in (enrolment, births) if path is not None])
    found = hindcast(read_series(enrolment, births), known_to, to)
    if csv is not None:
        export(found.table, csv)
    _print_table(found.summary())
    typer.echo(found.words())


@app.command()
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
    from simsim.experiments.results import export
    from simsim.inputs.run_limits import jobs_of
    from simsim.studies.standstill import standstill

    found = standstill(worlds, first_seed, jobs_of(cores() if jobs is None else jobs), district)
    if csv is not None:
        export(found, csv)
    _print_table(found.round(4))


@app.command()
def check(file: Annotated[list[Path], typer.Argument(help="scenarios, plans, districts")]) -> None:
    """Validate files: all problems at once."""
    from simsim.scenarios.catalogue import check_files, notes

    problems = check_files(file)
    if problems:
        raise InputError(problems)
    typer.echo("\n".join([*(f"{path}: no problems" for path in file), *notes(file)]))


@app.command("list")
def list_(kind: Annotated[Kind, typer.Argument(help="what to list")]) -> None:
    """List what there is: a table, or tab-separated lines for a pipe."""
    from simsim.scenarios.catalogue import listing

    table = listing(kind.value).astype(object)
    _print_table(table.where(table.notna(), ""))


@app.command()
def show(name: Annotated[str, typer.Argument(help="a scenario, policy, indicator, parameter or district")]) -> None:
    """Show one of them: value, unit, range, source, and how far to trust it."""
    from simsim.scenarios import catalogue

    typer.echo(catalogue.show(name))


@app.command()
def worlds(
    district: Annotated[str, typer.Argument(help="a district, by name or folder; or an experiment, as it was run")],
    seeds: Annotated[int | None, typer.Option(**WHOLE, help="number of worlds", show_default="30")] = None,
    full: Annotated[bool, typer.Option("--full", help="in complete runs, not by counting heads alone")] = False,
    scenario: Annotated[
        str | None, typer.Option(help="as if this scenario had happened", show_default="the factual one")
    ] = None,
    seniors: Annotated[
        float, typer.Option(parser=decimal, metavar="<number>", help="senior pupils in the published total")
    ] = 0.0,
    jobs: Annotated[int, typer.Option(**WHOLE, help="processes; results do not depend on it")] = 1,
    csv: Annotated[Target, typer.Option(help="write a line a world to a CSV file", callback=free)] = None,
) -> None:
    """Print how near every world comes to the published pupils and staff, and what it takes: inputs, never results."""
    from simsim.experiments.manifest import MANIFEST
    from simsim.experiments.results import export
    from simsim.inputs.errors import InputError, Problem
    from simsim.studies.published import SEEDS, agreement, agreement_of

    if (Path(district) / MANIFEST).is_file():
        if seeds is not None or full or scenario is not None or seniors:
            raise InputError(
                Problem("worlds", "", district, "is an experiment, shown as it was run; leave out options")
            )
        found = agreement_of(_loaded(Path(district)))
    else:
        lived = SEEDS if seeds is None else seeds
        found = agreement(district, lived, full=full, jobs=jobs, scenario=scenario, seniors=seniors)
    if csv is not None:
        export(found.table, csv)
    typer.echo(found.words())


@app.command()
def verify(
    experiment: Folder,
    everything: Annotated[bool, typer.Option("--all", help="every run, not a sample")] = False,
    jobs: Annotated[int | None, typer.Option(**WHOLE, help="processes", show_default="all cores")] = None,
) -> None:
    """Run some of an experiment's runs again and compare the numbers."""
    from simsim.experiments.verification import SAMPLE, verify
    from simsim.inputs.run_limits import jobs_of

    jobs = jobs_of(cores() if jobs is None else jobs)
    found = verify(experiment, sample=None if everything else SAMPLE, jobs=jobs)
    typer.echo(found.rows.to_string(index=False))
    if not found.same_code:
        typer.echo("simsim's code has changed since this experiment was run", err=True)
    typer.echo("verified" if found.ok else "NOT verified: tables differ")
    if not found.ok:
        raise typer.Exit(FAILED)


District = Annotated[str, typer.Argument(metavar="DISTRICT", help="a district's name, folder or district.yaml")]


@district.command()
def synthesise(
    district: District,
    out: Annotated[Path | None, typer.Option(help="folder for the tables", show_default="the district's own")] = None,
) -> None:
    """Build schools, neighbourhoods and births from a district.yaml of published aggregates.

    `simsim district template NAME` writes a short one to start from.
    """
    from simsim.districts.files import district_folder
    from simsim.districts.synthesise import synthesise, write
    from simsim.experiments.manifest import writable

    folder = district_folder(district)
    result = synthesise(folder / "district.yaml")
    for path in write(result, writable(out or folder)):
        typer.echo(path)
    for title, table in (("Residuals", result.residuals), ("Known facts", result.facts)):
        typer.echo(f"\n{title}\n{'none' if table.empty else table.to_string(index=False)}")
    told = {"Binding constraints": result.binding, "Targets not met": result.missed}
    for title, lines in (told | {"Taken from defaults (judgement)": result.filled}).items():
        typer.echo(f"\n{title}\n" + ("\n".join(lines) or "none"))


@district.command()
def template(
    name: Annotated[str, typer.Argument(help="name of the new district")],
    out: Annotated[Path | None, typer.Option(help="folder for district.yaml", show_default="./NAME")] = None,
) -> None:
    """Write a district.yaml of thirty lines to put totals into; then: simsim district synthesise NAME."""
    from simsim.districts.files import write_template

    try:
        typer.echo(write_template(name, out))
    except OSError as error:
        remedy = f"cannot be written: {error.strerror or error}; name another folder"
        raise InputError(Problem(str(out or name), "", None, remedy)) from None


YearIs = Annotated[str, typer.Option(metavar="start|end", help="what a bare year (2012) is of its school year")]
FirstYear = Annotated[
    int | None,
    typer.Option(**WHOLE, help="the September of tables that name no year", show_default="the last roll"),
]
System = Annotated[
    str | None,
    typer.Option(help="school system: one of parameters/systems/, or a YAML file", show_default="as the rolls show"),
]
Book = Annotated[
    str, typer.Argument(metavar="BOOK", help="workbook (xlsx, xls, ods), csv or folder; or NAME, with --schools")
]


@district.command("import")
def import_(
    book: Book,
    name: Annotated[str | None, typer.Argument(help="name of the new district")] = None,
    out: Annotated[Path | None, typer.Option(help="folder for the new district", show_default="./NAME")] = None,
    only: Only = None,
    year_is: YearIs = "start",
    first_year: FirstYear = None,
    system: System = None,
    schools: Annotated[Path | None, typer.Option(help="table of schools in simsim's own columns")] = None,
    neighbourhoods: Annotated[Path | None, typer.Option(help="table of neighbourhoods, with --schools")] = None,
    births: Annotated[Path | None, typer.Option(help="births by year, with --schools")] = None,
    lang: Language = Lang.en,
) -> None:
    """Make a district of an office's own tables: schools, and their pupils by year and grade. The rest is filled by
    named rules, and listed.

    `simsim district import NAME --schools S.csv --neighbourhoods N.csv --first-year YEAR` takes tables that have all of
    simsim's columns.
    """
    from simsim.districts.files import import_district
    from simsim.districts.importing import import_book

    try:
        if schools or neighbourhoods or births:
            tables = _own_tables(book, name, schools, neighbourhoods, only)
            typer.echo(import_district(*tables, births, out=out, first_year=first_year, system=system))
        else:
            made = import_book(book, _named(name), out, only or (), year_is, first_year, system)
            typer.echo(made.text(lang.value))
            _next(f"district calibrate {made.folder}")
    except OSError as error:
        remedy = f"cannot be written: {error.strerror or error}; name another folder"
        raise InputError(Problem(str(out or name or book), "", None, remedy)) from None


def _next(command: str) -> None:
    """Name the command that comes next."""
    typer.echo(f"next: simsim {command}")


def _named(name: str | None) -> str:
    """Return the name of a district to import; InputError without one."""
    if name is None:
        remedy = "is missing: simsim district import BOOK NAME, or NAME --schools S.csv --neighbourhoods N.csv"
        raise InputError(Problem("import", "NAME", None, remedy))
    return name


def _own_tables(
    name: str, more: str | None, schools: Path | None, neighbourhoods: Path | None, only: list[str] | None
) -> tuple[str, Path, Path]:
    """Return the name and the two tables of an import of tables in simsim's own columns; InputError where one lacks."""
    if schools is None or neighbourhoods is None:
        raise InputError(
            Problem("import", "", None, "--schools and --neighbourhoods go together; give both, or a BOOK")
        )
    if more is not None or only:
        remedy = "belongs to an import of a BOOK; with --schools give the name of the district alone"
        raise InputError(Problem("import", "", more or ", ".join(only or []), remedy))
    return name, schools, neighbourhoods


@district.command()
def scale(
    district: District,
    factor: Annotated[
        float,
        typer.Argument(
            parser=decimal, metavar="<number>", help="copies side by side (27), or a share of the schools (0.2)"
        ),
    ],
    out: Annotated[Path, typer.Argument(help="folder for the new district, which gets its name")],
) -> None:
    """Make a synthetic district many times as large as another, or a part of it; for tests of speed and of size."""
    from simsim.districts.scaling import scale_district

    try:
        typer.echo(scale_district(district, factor, out))
    except OSError as error:
        remedy = f"cannot be written: {error.strerror or error}; name another folder"
        raise InputError(Problem(str(out), "", None, remedy)) from None


@district.command("check")
def check_district(district: District) -> None:
    """Validate a district's files: all problems at once."""
    from simsim.districts.files import load_district

    data = load_district(district)
    typer.echo(f"{district}: no problems; schools: {len(data.schools)}, neighbourhoods: {len(data.neighbourhoods)}")


@district.command()
def fit(
    district: District,
    jobs: Annotated[int | None, typer.Option(**WHOLE, help="processes", show_default="all cores")] = None,
) -> None:
    """Fit in-migration, posts and intake to the district's targets; values and residuals go into district.yaml."""
    from simsim.inputs.run_limits import jobs_of

    jobs = jobs_of(cores() if jobs is None else jobs)
    from simsim.studies.fit import fit_district

    typer.echo(fit_district(district, jobs=jobs))


@district.command("calibrate")
def calibrate_district(district: District) -> None:
    """Calibrate a district on its own rolls: entry, progression, arrivals and leavers go into calibrated.yaml."""
    from simsim.studies.calibration import calibrate, caution, describe

    path = calibrate(district)
    _print_table(describe(path))
    warning = caution(path)
    if warning:
        typer.echo(warning)
    typer.echo(path)
    _next(f"run baseline --district {district}" if warning else f"district hindcast {district}")


@district.command("hindcast")
def hindcast_district(
    district: District,
    openings: Annotated[bool, typer.Option("--openings", help="look back at schools that opened instead")] = False,
    worlds: Annotated[
        int | None,
        typer.Option(
            **WHOLE, help="simulated worlds to hold against what came as well", show_default="0; 10 with --openings"
        ),
    ] = None,
    csv: Annotated[Target, typer.Option(help="write every forecast with what came to this file", callback=free)] = None,
) -> None:
    """Show how wrong the forecast would have been on a district's own past, beside "unchanged" and cohort survival."""
    from simsim.experiments.results import export
    from simsim.studies.own_past import look_back

    found = look_back(district, openings, worlds)
    if len(found.summary):
        _print_table(found.summary)
    typer.echo(found.words)
    if csv is not None:
        typer.echo(export(found.table, csv))
    _next(f"run baseline --district {district} --seeds 100 --out outputs/own")


@new.command("policy")
def new_policy(
    name: Annotated[str, typer.Argument(help="name of the policy, as retention_bonus")],
    out: Annotated[Path, typer.Option(help="folder for NAME.py and test_NAME.py", show_default="here")] = Path(),
) -> None:
    """Write a small policy that works, and its test; then: pytest test_NAME.py."""
    from simsim.studies.template import write_policy

    for path in write_policy(name, out):
        typer.echo(path)


@new.command("scenario")
def new_scenario(
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


@new.command("notebook")
def new_notebook(
    name: Annotated[str, typer.Argument(help="name of the notebook, as my-question")],
    out: Annotated[Path, typer.Option(help="folder for NAME.ipynb", show_default="here")] = Path(),
) -> None:
    """Write a notebook with parameters that runs; then: papermill NAME.ipynb out.ipynb -p seeds 10."""
    from simsim.studies.template import write_notebook

    typer.echo(write_notebook(name, out))


def _print_table(table: pd.DataFrame) -> None:
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


def main() -> None:
    """Run the command line; a mistake of the user's is one message and exit code 2, a failure one message and 1.

    A reader that has seen enough (`| head`) is no failure, and nobody to read is none either (`>&-`).
    """
    _open_streams()
    _able_to_write()
    try:
        with _stopped_by_signals():
            app()
    except InputError as error:
        typer.echo(f"{error}\n{GONE}" if working_folder_is_gone() else error, err=True)
        raise SystemExit(MISTAKE) from None
    except UnicodeEncodeError as error:
        typer.echo(not_text(error), err=True)
        raise SystemExit(MISTAKE) from None
    except KeyboardInterrupt:  # before typer, which answers it later on, was ready
        typer.echo(STOPPED, err=True)
        raise SystemExit(FAILED) from None
    except OSError as error:
        typer.echo(f"{type(error).__name__}: {explained(error)}", err=True)
        raise SystemExit(MISTAKE if working_folder_is_gone() else FAILED) from None
    except RuntimeError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(FAILED) from None
    except SystemExit as done:
        if isinstance(done.__context__, BrokenPipeError):  # typer's own answer to a reader that has gone is 1
            raise SystemExit(DONE if _reader_is_gone() else FAILED) from None
        if done.code == INTERRUPTED:
            typer.echo(STOPPED, err=True)
            raise SystemExit(FAILED) from None
        raise


def _able_to_write() -> None:
    """Let a terminal without Chinese show question marks, not a traceback; ASCII (LC_ALL=C) is a locale that nobody
    set, where UTF-8 is written as typer does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            plain = codecs.lookup(stream.encoding).name == "ascii"
            errors = "replace" if stream is sys.stdout else stream.errors
            stream.reconfigure(encoding="utf-8" if plain else None, errors=errors)


def _open_streams() -> None:
    """Give the process the three standard streams that its caller closed: what is written there is thrown away."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - it stays open as long as the process
            with suppress(OSError):
                os.fstat(number)
                setattr(sys, name, stream)
                continue
            os.dup2(stream.fileno(), number)
            setattr(sys, name, stream)


def _reader_is_gone() -> bool:
    """Tell whether stdout is a pipe that nobody reads any more, or was put aside for that reason (as rich does)."""
    if not hasattr(select, "poll"):
        return True
    if os.fstat(1).st_rdev == os.stat(os.devnull).st_rdev:
        return True
    pipe = select.poll()
    pipe.register(1, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in pipe.poll(0))


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM (timeout, Slurm, docker stop) and SIGHUP (a closed terminal) do what Ctrl-C does; a signal that is
    ignored (nohup) stays so, and a second one ends the process at once.
    """

    def stop(number: int, _: object) -> NoReturn:
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    alone = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in numbers if alone}
    changed = {number: old for number, old in before.items() if old == signal.SIG_DFL}
    for number in changed:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, old in changed.items():
            signal.signal(number, old)


def command() -> NoReturn:
    """Be the process of the command line: run it, then leave at once.

    When everything is written and every Python cleanup has run, the process ends without tearing its native threads
    down: now and then one of them (Arrow's, or the pool's) was still alive and aborted a run that had succeeded.
    """
    code: object = 0
    try:
        main()
    except SystemExit as done:
        code = done.code
    if "joblib.externals.loky" in sys.modules:
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor(reuse=True).shutdown(wait=True)
    atexit._run_exitfuncs()
    code = code if isinstance(code, int) else FAILED if code else DONE
    os._exit(max(code, _flushed()))


def _flushed() -> int:
    """Write out what is left for stdout and stderr; 1 when it cannot be, unless nobody reads it any more."""
    code = DONE
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            continue
        except OSError as error:
            code = FAILED
            with suppress(OSError, ValueError):
                typer.echo(f"{type(error).__name__}: what was printed: {explained(error)}", err=True)
        except (ValueError, AttributeError):
            continue
    return code
