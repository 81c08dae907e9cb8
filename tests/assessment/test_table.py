"""The table of schools: headings, units, templates, and a dictionary that lists them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from simsim.assessment.judging import assess
from simsim.assessment.reader import read_table
from simsim.assessment.table import heading, template
from simsim.inputs.errors import InputError
from simsim.inputs.standards import load_standard
from simsim.tables.columns import columns
from tests.assessment.school_tables import EXAMPLE, TEMPLATES, problems, school, table

DICTIONARY = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_chinese_english_and_key_headings_give_the_same_answer() -> None:
    raw = read_table(EXAMPLE)
    ours = {heading(key, "zh"): key for key in columns().columns}
    expected = assess(raw).report("en")
    for lang in ("zh", "en", "key"):
        renamed = raw.rename(columns={zh: key if lang == "key" else heading(key, lang) for zh, key in ours.items()})
        assert assess(renamed).report("en") == expected


def test_a_unit_in_the_heading_is_converted_and_an_unknown_one_refused() -> None:
    frame = table(school("A", primary=100), school("B", primary=50))
    other = frame.assign(equipment_yuan=frame["equipment_yuan"] / 10_000).rename(
        columns={"equipment_yuan": "教学仪器设备值（万元）"}
    )
    assert assess(other).indicators["mean"].tolist() == pytest.approx(assess(frame).indicators["mean"].tolist())
    assert "is a unit that is not understood" in problems(
        frame.rename(columns={"equipment_yuan": "教学仪器设备值（美元）"})
    )


def test_columns_that_add_up_to_another_are_added() -> None:
    frame = (
        table(school("A", primary=90))
        .drop(columns="pupils_primary")
        .assign(**{f"pupils_g{g}": 15 for g in range(1, 7)})
    )
    assert assess(frame).parts["pupils"].tolist() == [90]


def test_every_mistake_is_named_at_once_with_row_and_column() -> None:
    rows = [school(f"S{i}", primary=100) for i in range(11)]
    frame = table(*rows).astype(object)
    frame.at[0, "books"] = "about 4000"
    frame.at[1, "computers"] = np.nan
    frame.at[2, "sports_area_m2"] = -5
    frame.at[3, "kind"] = "primry"
    frame.at[4, "school"] = "S0"
    frame.at[5, "pupils_primary"] = 0
    frame.at[6, "pupils_primary"] = 99.5
    frame.at[7, "school"] = "合计"
    frame.at[8, "midtitle_primary"] = 11
    frame.at[9, "teachers_primary"] = np.inf
    frame.at[10, "pupils_junior"] = 4
    frame.index = range(2, 13)
    lines = problems(frame.drop(columns="equipment_yuan")).splitlines()
    for start, word in (
        ("table: 教学仪器设备值（元） / Equipment (yuan)", "is missing"),
        ("table: row 2, books = 'about 4000'", "is not a number"),
        ("table: row 3, computers", "is empty"),
        ("table: row 4, sports_area_m2 = -5", "is negative"),
        ("table: row 5, kind = 'primry'", "did you mean primary?"),
        ("table: row 6, school = 'S0'", "first in row 2"),
        ("table: row 7, pupils_primary", "without pupils"),
        ("table: row 8, pupils_primary = 99.5", "whole number"),
        ("table: row 9, school = '合计'", "adds up other rows"),
        ("table: row 10, midtitle_primary", "more than all teachers"),
        ("table: row 11, teachers_primary", "is not a number"),
        ("table: row 12, pupils_junior", "no such stage"),
    ):
        assert sum(line.startswith(start) and word in line for line in lines) == 1, (start, lines)
    assert len(lines) == 12


def test_a_column_given_twice_and_a_mistyped_heading_are_explained() -> None:
    frame = table(school("A", primary=100)).rename(columns={"computers": "computer"}).assign(图书册数=1)
    text = problems(frame)
    assert "second column for the same thing" in text and "is missing" in text and "computer" in text


def test_schools_of_the_same_name_are_told_apart_by_code() -> None:
    rows = [school("A", primary=100), school("A", primary=50)]
    assert len(assess(table(*rows).assign(code=["1", "2"])).parts) == 2
    assert "twice" in problems(table(*rows)) and "twice" in problems(table(*rows).assign(code=["1", "1"]))


def test_an_empty_table_and_a_table_that_is_no_table_are_refused() -> None:
    assert "lists no schools" in problems(table(school("A", primary=1)).head(0))
    assert "DataFrame" in problems([[1, 2]])  # type: ignore[arg-type]
    assert "has no school that" in problems(table(school("P", "teaching_point", primary=3)), "quality-2017")


@pytest.mark.parametrize("huge", ["1e308", "9" * 30])
def test_a_number_too_large_to_be_true_is_refused(huge: str) -> None:
    frame = read_table(EXAMPLE)
    frame.loc[0, "小学在校生数"] = huge
    with pytest.raises(InputError, match=r"小学在校生数 = .*: is more than 1,000,000,000,000"):
        assess(frame)


def test_the_templates_are_those_the_columns_make_and_the_example_says_it_is_made_up() -> None:
    assert (TEMPLATES / "schools-template.csv").read_bytes().decode("utf-8-sig") == template("zh")
    assert (TEMPLATES / "schools-template-en.csv").read_bytes().decode("utf-8-sig") == template("en")
    assert all("虚构" in name for name in read_table(EXAMPLE)["学校名称"])


def documented() -> dict[str, str]:
    """Return the tables of docs/data-dictionary.md that data decides."""
    basic, quality = load_standard("basic-2012").indicators, load_standard("quality-2017").indicators
    rows = ["| key | Chinese heading | English heading | units | needed by |", "|---|---|---|---|---|"]
    for key, c in columns().columns.items():
        if key.removesuffix(f"_{c.stage}") in columns().by_stage:
            continue
        by = (
            "optional"
            if c.optional
            else "both"
            if c.input is None or (c.input in basic and c.input in quality)
            else "2012"
            if c.input in basic
            else "2017"
        )
        rows.append(f"| {key} | {c.zh} | {c.en} | {', '.join(c.units)} | {by} |")
    stages = [
        "| key (and `_primary`, `_junior`) | heading after 小学 / 初中, or alone | English | units |",
        "|---|---|---|---|",
    ]
    stages += [f"| {key} | {c.zh} | {c.en} | {', '.join(c.units)} |" for key, c in columns().by_stage.items()]
    owners = ["| key | code | Chinese | English |", "|---|---|---|---|"]
    owners += [f"| {key} | {o.code or ''} | {o.zh} | {o.en} |" for key, o in columns().owners.items()]
    kinds = ["| key | Chinese | English | stages |", "|---|---|---|---|"]
    kinds += [f"| {key} | {k.zh} | {k.en} | {', '.join(k.stages)} |" for key, k in columns().kinds.items()]
    items = ["| name | what | line (2017) |", "|---|---|---|"]
    for key, item in load_standard("quality-2017").government.items():
        sign = "at most" if item.rule == "at_most" else "at least"
        lines = item.inputs(key) if item.given == "input" else {key + " (from the table)": max(item.lines.values())}
        items += [
            f"| {name} | {item.label.zh} / {item.label.en} ({item.unit.en}) | {sign} {line:g} |"
            for name, line in lines.items()
        ]
    found = {"columns": rows, "by_stage": stages, "owners": owners, "kinds": kinds, "items": items}
    return {name: "\n".join(lines) for name, lines in found.items()}


def test_the_data_dictionary_lists_every_column_kind_and_item() -> None:
    text = DICTIONARY.read_text("utf-8")
    for name, rows in documented().items():
        found = re.search(rf"<!-- {name}\b[^\n]*-->\n(.*?)<!-- /{name} -->", text, re.S)
        assert found and found[1].strip() == rows, (
            f"docs/data-dictionary.md is out of date; its {name} should read:\n{rows}"
        )


FOREIGN = ["36000①", "66¹", "12₃", "½", "Ⅳ", "٣٤", "1_0", "①", "36000*", "TRUE"]


@pytest.mark.slow
@pytest.mark.parametrize("cell", FOREIGN)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_footnote_mark_or_a_foreign_digit_makes_a_cell_no_number(tmp_path: Path, kind: str, cell: str) -> None:
    frame = read_table(EXAMPLE)
    frame.loc[frame.index[0], "图书册数"] = cell
    path = tmp_path / f"table.{kind}"
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_excel(path, index=False)
    with pytest.raises(InputError) as caught:
        assess(read_table(path))
    assert f"图书册数 = {cell!r}: is not a number; write digits only" in str(caught.value)


@pytest.mark.slow
def test_full_width_digits_and_thousands_are_the_numbers_that_they_write() -> None:
    frame = read_table(EXAMPLE)
    frame.loc[frame.index[0], "小学在校生数"] = 1180
    expected = assess(frame).report("zh")
    for text in ("１１８０", "1,180", "１，１８０", " 1180 ", "1.18e3", "1180．0"):  # noqa: RUF001
        frame.loc[frame.index[0], "小学在校生数"] = text
        assert assess(frame).report("zh") == expected


def test_a_count_that_is_almost_whole_is_refused_with_its_reason() -> None:
    frame = read_table(EXAMPLE)
    frame.loc[frame.index[0], "小学在校生数"] = 1180.0000000001
    assert "小学在校生数 = 1180.0000000001: is not a whole number; count persons" in problems(frame)
