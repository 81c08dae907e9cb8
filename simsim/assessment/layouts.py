"""Official forms as data: `parameters/forms/*.yaml`, read and checked into frozen layouts.

A layout names its table as the form does (title, headings level by level, L row, notes) and says what stands in every
column; `simsim.assessment.filling` fills it from findings, `simsim.assessment.form_book` draws it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.exact import checked
from simsim.inputs.paths import resource
from simsim.inputs.standards import Evidence, Frozen, Text
from simsim.inputs.yamlfile import read_yaml

Gives = Literal[
    "number", "school", "owner", "pupils", "count", "class_size", "value", "line", "passes", "remarks", "overall",
    "nothing",
]  # fmt: skip


class FormColumn(Frozen):
    """One column of a form: its place in the L row, its heading from the top down, and what stands in it.

    `key` is a column of the table of schools, `{stage}` to be filled in; `lines` are a province's minimums or maximums
    by stage; `blank` is what the form prints where a row has no such number.
    """

    label: str = ""
    heading: tuple[str, ...] = Field(min_length=1)
    give: Gives = "value"
    indicator: str | None = None
    key: str | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)
    rule: Literal["at_least", "at_most"] = "at_least"
    lines: dict[Literal["primary", "junior"], float] = {}
    line_shown: str = "{line}"
    passing: str = ""
    failing: str = ""
    blank: str = ""

    @field_validator("line_shown")
    @classmethod
    def _readable(cls, text: str) -> str:
        """Refuse a line that cannot be written with a number in it."""
        try:
            text.format(line=1.0)
        except (ValueError, KeyError, IndexError, AttributeError) as error:
            raise ValueError(f"must hold the line as {{line}}, as '≥{{line}}' does ({error})") from None
        return text

    @property
    def shown(self) -> str:
        """The heading in one line."""
        return "／".join(self.heading)  # noqa: RUF001


class FormLine(Frozen):
    """One row of a form that has a row a stage and number: which stage, which number, and its decimals."""

    stage: Literal["primary", "junior"]
    heading: tuple[str, str]
    give: Literal["passing", "passing_share", "mean", "cv"]
    decimals: int = Field(ge=0, le=6)


class FormTable(Frozen):
    """One table of a form, with a row a school or a row a stage and number.

    `remarks` are the words for indicators that reach their minimum, the floor below it, and not even that;
    `may_fail` is how many items a passing school may miss, where the form and not the standard decides.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9-]{1,12}$")
    sheet: str = Field(max_length=20)
    title: str
    evidence: str
    rows: Literal["schools", "stages"]
    columns: tuple[FormColumn, ...]
    lines: tuple[FormLine, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[str, str, str] = ("", "", "")
    may_fail: int | None = Field(default=None, ge=0)
    lines_first: bool = False

    @property
    def levels(self) -> int:
        """Of how many rows the headings consist."""
        return max(len(column.heading) for column in self.columns)


class Form(Frozen):
    """A form: the tables of it that simsim fills by one standard.

    `also_for` names later editions of the standard with the same tables. `part_names` follow the name of a school with
    several stages, `stage_rows` head the rows of a stage, `stage_names` are what a sheet of one stage alone is called.
    """

    schema_: Literal["simsim-form/1"] = Field(alias="schema")
    standard: str
    also_for: tuple[str, ...] = ()
    form: Text
    evidence: dict[str, Evidence]
    owners: dict[int, str] = {}
    part_names: dict[Literal["primary", "junior"], str] = {}
    stage_names: dict[Literal["primary", "junior"], str] = {}
    stage_rows: dict[Literal["primary", "junior"], str] = {}
    only_when_asked: bool = False
    tables: tuple[FormTable, ...]

    def covers(self, standard: str) -> bool:
        """Tell whether the form is filled by a standard."""
        return standard in (self.standard, *self.also_for)

    @model_validator(mode="after")
    def _complete(self) -> Form:
        """Refuse unknown evidence, values of nothing, and lines where a table has rows of schools."""
        for table in self.tables:
            if table.evidence not in self.evidence:
                raise ValueError(f"tables.{table.name}.evidence {table.evidence} is not defined under `evidence`")
            if (table.rows == "stages") != bool(table.lines):
                raise ValueError(f"tables.{table.name}: a table has `lines` where its rows are stages, and only there")
            for column in table.columns:
                if column.give == "value" and not column.indicator:
                    raise ValueError(f"tables.{table.name}, {column.shown}: name the `indicator`, or what it gives")
        return self


@cache
def forms() -> tuple[str, ...]:
    """Return the names of the forms that simsim ships."""
    return tuple(sorted(path.stem for path in (resource("parameters") / "forms").glob("*.yaml")))


def load_form(name: str | Path) -> Form:
    """Return a form by name, or from the user's own YAML file; InputError names every mistake in it."""
    if str(name) in (known := forms()):
        return _read(resource("parameters") / "forms" / f"{name}.yaml")
    if not Path(name).is_file():
        remedy = f"is not a form{suggest(str(name), known)}; known: {', '.join(known)}, or the path of a YAML file"
        raise InputError(Problem("--form", "", str(name), remedy))
    return parse_form(read_yaml(Path(name)), str(name))


@cache
def _read(path: Path) -> Form:
    return parse_form(read_yaml(path), path.name)


def parse_form(content: object, file: str) -> Form:
    """Check the content of a form's file; InputError names every mistake in it."""
    return checked(Form, content, file)
