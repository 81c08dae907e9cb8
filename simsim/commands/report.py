"""`simsim report`, `explore`: pages of an experiment, and the page on which one is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from simsim.commands.options import WHOLE, Folder, Lang, Language, LastYear
from simsim.inputs.errors import InputError, Problem


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


def _pages(
    folder: Path, languages: Sequence[str], kind: str | None, out: Path | None, scenario: str | None,
    given: Mapping[str, object], short: bool,
) -> None:  # fmt: skip
    """Write the pages of a kind, or what suits the experiment, in some languages."""
    from simsim.report.languages import side_by_side, work_out
    from simsim.report.render import render, render_experiment
    from simsim.report.view import View, opened

    def pages(lang: str) -> list[Path]:
        if kind is None:
            return render_experiment(folder, lang=lang, out=out, short=short)
        return [render(kind, folder, lang, out, scenario, given, short)]

    with opened(folder) as results:
        if len(languages) > 1 and kind in (None, "comparison"):
            work_out(View.of(results, languages[0], scenario))
        for page in side_by_side(languages, pages):
            typer.echo(page)


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
