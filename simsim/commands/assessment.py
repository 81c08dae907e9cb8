"""`simsim assess`: the official method on a table of schools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsim.commands.options import WHOLE, Lang, Language, Only


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
    from simsim.assessment.government import named_numbers

    source = Source(tuple(table or ()), experiment, district, scenario, year, seed, tuple(only or ()))
    wanted = Wanted(xlsx=xlsx, html=html, docx=docx, forms=forms, more_forms=tuple(form or ()))
    typer.echo(deliver(source, standard, lang.value, wanted, named_numbers(also or [])), nl=False)
