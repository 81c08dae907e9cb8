"""What the command line makes of a table of schools: the report on the screen, and the files that were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simsim.assessment import form_book, simulated, words, workbook
from simsim.assessment.docx import write_document
from simsim.assessment.html import page
from simsim.assessment.judging import Assessment, assess, named_as
from simsim.assessment.layouts import Form, load_form
from simsim.assessment.reader import read_table
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.standards import load_standard


@dataclass(frozen=True)
class Wanted:
    """The files to be written: findings as workbook, page and document, the folder of filled forms and forms beside
    the shipped.
    """

    xlsx: Path | None = None
    html: Path | None = None
    docx: Path | None = None
    forms: Path | None = None
    more_forms: Sequence[str | Path] = ()


@dataclass(frozen=True)
class Source:
    """What is judged: a table of schools (`only` those rows of it), or a simulated district's of one September in one
    replication.
    """

    tables: tuple[Path, ...] = ()
    experiment: Path | None = None
    district: str | None = None
    scenario: str | None = None
    year: int | None = None
    seed: int | None = None
    only: tuple[str, ...] = ()

    def read(self) -> tuple[pd.DataFrame, str]:
        """Return the table and its name; InputError where not exactly one of the three is named, or it cannot be
        read.
        """
        named = [name for name in ("tables", "experiment", "district") if getattr(self, name)]
        if len(named) != 1:
            remedy = "name a table of schools, or --experiment FOLDER, or --district NAME"
            raise InputError(Problem("assess", "", " and ".join(named) or None, remedy))
        if self.tables:
            self._refuse_rest()
            return read_table(self.tables, self.only), named_as(self.tables)
        if self.only:
            remedy = "belongs to a table of schools; leave it out, or name the table"
            raise InputError(Problem("--only", "", ", ".join(self.only), remedy))
        if self.experiment is not None:
            run = simulated.of_experiment(self.experiment, self.scenario, self.seed)
        else:
            run = simulated.of_district(str(self.district), self.scenario, self.seed)
        return simulated.table_of(run, self.year), f"{run.district.data.name}-{run.district.spec.name}-{run.seed}"

    def _refuse_rest(self) -> None:
        """Refuse what only a simulated district has (InputError)."""
        for name in ("scenario", "year", "seed"):
            if getattr(self, name) is not None:
                remedy = "belongs to a simulated district; add --experiment or --district instead of the table"
                raise InputError(Problem(f"--{name}", "", getattr(self, name), remedy))


def deliver(source: Source, standard: str | Path, lang: str, wanted: Wanted, other_inputs: Mapping[str, float]) -> str:
    """Judge a table of schools, write what is wanted, and return what the screen shows.

    InputError names every mistake; nothing is written before the table is judged.
    """
    words.check_language(lang)
    chosen = _chosen_forms(wanted)
    for target, suffix in ((wanted.xlsx, ".xlsx"), (wanted.html, ".html"), (wanted.docx, ".docx")):
        if target is not None:
            for table in source.tables or (None,):
                workbook.check_target(target, table, suffix)
    rule = load_standard(standard)
    frame, file = source.read()
    found = assess(frame, rule, file=file, **other_inputs)
    text = found.report(lang)
    if wanted.xlsx is not None:
        found.to_excel(wanted.xlsx, lang)
    if wanted.html is not None:
        with workbook.writing(wanted.html):
            wanted.html.write_text(page(found, lang), encoding="utf-8")
    if wanted.docx is not None:
        write_document(found, wanted.docx, lang)
    return text + (_forms(frame, found, wanted.forms, chosen, lang) if wanted.forms is not None else "")


def _chosen_forms(wanted: Wanted) -> list[Form]:
    """Return the forms to fill; InputError for one that is not known, or where no folder is named."""
    if wanted.more_forms and wanted.forms is None:
        raise InputError(
            Problem("--form", "", str(wanted.more_forms[0]), "needs a folder to write to; add --forms DIR")
        )
    return [*form_book.shipped(), *map(load_form, wanted.more_forms)] if wanted.forms is not None else []


def _forms(table: pd.DataFrame, found: Assessment, folder: Path, chosen: Sequence[Form], lang: str) -> str:
    """Fill the forms of every standard that the table can be judged by, and return what the screen says of them."""
    target = form_book.check_folder(folder)
    written, left = [], []
    others = [form.standard for form in chosen if not form.covers(found.standard.name)]
    for name in dict.fromkeys([found.standard.name, *others]):
        try:
            mine = found if name == found.standard.name else assess(table, name, file=found.file)
        except InputError as error:
            left.append(words.word("form_left", lang, standard=name, why=error.problems[0]))
            continue
        written += form_book.write_forms(mine, chosen, target, lang)
    return form_book.told(written, lang) + "".join(f"{line}\n" for line in left)
