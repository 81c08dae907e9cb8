"""`simsim district`: build, import, check, calibrate or fit one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsim.commands.console import into, next_is, print_table
from simsim.commands.options import (
    DECIMAL,
    WHOLE,
    Lang,
    Language,
    Only,
    Processes,
    Target,
    free,
    processes,
)
from simsim.inputs.errors import InputError, Problem

District = Annotated[str, typer.Argument(metavar="DISTRICT", help="a district's name, folder or district.yaml")]


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


def template(
    name: Annotated[str, typer.Argument(help="name of the new district")],
    out: Annotated[Path | None, typer.Option(help="folder for district.yaml", show_default="./NAME")] = None,
) -> None:
    """Write a district.yaml of thirty lines to put totals into; then: simsim district synthesise NAME."""
    from simsim.districts.files import write_template

    with into(out or name):
        typer.echo(write_template(name, out))


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
    from simsim.districts.importing import import_book
    from simsim.districts.three_tables import import_district

    with into(out or name or book):
        if schools or neighbourhoods or births:
            tables = _own_tables(book, name, schools, neighbourhoods, only)
            typer.echo(import_district(*tables, births, out=out, first_year=first_year, system=system))
        else:
            made = import_book(book, _named(name), out, only or (), year_is, first_year, system)
            typer.echo(made.text(lang.value))
            next_is(f"district calibrate {made.folder}")


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


def scale(
    district: District,
    factor: Annotated[
        float, typer.Argument(**DECIMAL, help="copies side by side (27), or a share of the schools (0.2)")
    ],
    out: Annotated[Path, typer.Argument(help="folder for the new district, which gets its name")],
) -> None:
    """Make a synthetic district many times as large as another, or a part of it; for tests of speed and of size."""
    from simsim.districts.scaling import scale_district

    with into(out):
        typer.echo(scale_district(district, factor, out))


def check(district: District) -> None:
    """Validate a district's files: all problems at once."""
    from simsim.districts.files import load_district

    data = load_district(district)
    typer.echo(f"{district}: no problems; schools: {len(data.schools)}, neighbourhoods: {len(data.neighbourhoods)}")


def fit(district: District, jobs: Processes = None) -> None:
    """Fit in-migration, posts and intake to the district's targets; values and residuals go into district.yaml."""
    from simsim.inputs.run_limits import jobs_of
    from simsim.studies.fit import fit_district

    typer.echo(fit_district(district, jobs=jobs_of(processes(jobs))))


def calibrate(district: District) -> None:
    """Calibrate a district on its own rolls: entry, progression, arrivals and leavers go into calibrated.yaml."""
    from simsim.studies.calibration import calibrate, caution, describe

    path = calibrate(district)
    print_table(describe(path))
    warning = caution(path)
    if warning:
        typer.echo(warning)
    typer.echo(path)
    next_is(f"run baseline --district {district}" if warning else f"district hindcast {district}")


def hindcast(
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
    from simsim.experiments.export import export
    from simsim.studies.own_past import look_back

    found = look_back(district, openings, worlds)
    if len(found.summary):
        print_table(found.summary)
    typer.echo(found.words)
    if csv is not None:
        typer.echo(export(found.table, csv))
    next_is(f"run baseline --district {district} --seeds 100 --out outputs/own")
