"""A real table of schools is judged as the official methods say, and every mistake in it is named at once."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import simsim
from simsim.assessment.judging import assess, assess_file, named_numbers
from simsim.assessment.reader import read_table
from simsim.assessment.table import columns, heading, template
from simsim.assessment.workbook import safe
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from simsim.inputs.standards import load_standard

TEMPLATES = resource("parameters") / "templates"
DICTIONARY = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
EXAMPLE = TEMPLATES / "schools-example.csv"
BOOKS, PUPILS = [279, 137, 935, 160, 402], [45, 37, 89, 76, 55]


def school(
    name: str, kind: str = "primary", primary: int = 0, junior: int = 0, senior: int = 0, **own: Any
) -> dict[str, Any]:
    """Return a row of a school with everything that both standards ask for, and a little more."""
    everybody = primary + junior + senior
    row: dict[str, Any] = {
        "school": name,
        "kind": kind,
        "pupils_primary": primary,
        "pupils_junior": junior,
        "pupils_senior": senior,
    }
    row |= {"teaching_area_m2": 10 * everybody, "sports_area_m2": 15 * everybody, "equipment_yuan": 4000 * everybody}
    row |= {"computers": 0.2 * everybody, "books": 40 * everybody, "multimedia_rooms": 0.04 * everybody}
    for stage, pupils in (("primary", primary), ("junior", junior)):
        shares = {"teachers": 0.1, "overqualified": 0.08, "midtitle": 0.06, "backbone": 0.02, "pe_arts": 0.02}
        row |= {f"{part}_{stage}": share * pupils for part, share in shares.items()}
    return row | own


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def problems(frame: pd.DataFrame, standard: str = "basic-2012", **other: float) -> str:
    with pytest.raises(InputError) as caught:
        assess(frame, standard, **other)
    return str(caught.value)


def test_the_published_example_of_five_schools_is_reproduced_through_the_table() -> None:
    frame = table(*(school(f"S{i}", primary=p, books=b) for i, (p, b) in enumerate(zip(PUPILS, BOOKS, strict=True))))
    row = simsim.assess(frame).indicators.set_index("indicator").loc["books"]
    assert row["cv"] == pytest.approx(0.515257, abs=5e-7) and row["mean"] == pytest.approx(6.334437, abs=5e-7)


def test_the_published_split_of_a_nine_year_school_is_reproduced_through_the_table() -> None:
    parts = assess(table(school("N", "nine_year", 166, 210, books=23_226))).parts.set_index("stage")
    assert parts["books"].round(1).to_dict() == {"primary": 9711.6, "junior": 13514.4}


def test_the_published_cvs_of_erdao_come_out_of_its_synthetic_schools() -> None:
    result = assess(read_table(resource("parameters") / "districts" / "erdao" / "schools.csv"))
    assert result.stages.set_index("stage")["composite"].to_dict() == pytest.approx(
        {"primary": 0.385, "junior": 0.403}, rel=0.01
    )
    assert result.resource_met


def test_a_complete_school_keeps_only_the_junior_share_of_its_facilities() -> None:
    parts = assess(table(school("C", "complete", 0, 100, 100, books=2420))).parts
    assert parts["stage"].tolist() == ["junior"] and parts["books"].tolist() == pytest.approx([1100])


def test_the_composite_decides_in_2012_and_each_cv_in_2017() -> None:
    rows = [school(f"S{i}", primary=100) for i in range(4)]
    rows[0] |= {"equipment_yuan": 4_000_000}
    basic, quality = assess(table(*rows)), assess(table(*rows), "quality-2017")
    assert basic.resource_met and "line" not in basic.indicators
    assert not quality.resource_met
    assert quality.indicators.loc[~quality.indicators["met"].astype(bool), "indicator"].tolist() == ["equipment"]


def test_a_failing_school_is_told_what_it_lacks_in_natural_units() -> None:
    short = {"teaching_area_m2": 430, "equipment_yuan": 150_000, "overqualified_primary": 3, "multimedia_rooms": 2}
    result = assess(table(school("A", primary=100), school("B", primary=100, **short)), "quality-2017")
    assert result.parts["passes"].tolist() == [True, False] and result.parts["n_met"].tolist() == [7, 3]
    lacking = result.lacking.set_index("indicator")
    assert set(lacking["school"]) == {"B"}
    assert lacking["lacks"].to_dict() == pytest.approx(
        {"teaching_area": 20, "equipment": 50_000, "overqualified": 2, "multimedia": 1}
    )


@pytest.mark.parametrize(("backbone", "passes"), [(1.0, True), (0.85, True), (0.84, False)])
def test_the_seventh_minimum_may_fall_short_by_fifteen_percent(backbone: float, passes: bool) -> None:
    result = assess(table(school("A", primary=100, backbone_primary=backbone)), "quality-2017")
    assert result.parts["passes"].tolist() == [passes] and result.resource_met is passes


def test_the_verdict_never_claims_more_than_was_assessed() -> None:
    frame = table(school("A", primary=100), school("B", "junior", 0, 100))
    assert assess(frame).verdict("en") == "resource-balance part met; other parts not assessed"
    assert assess(frame).verdict("zh") == "资源配置均衡部分：达到；其他部分未评估"
    more = assess(frame, "quality-2017", retention=0.9, satisfaction=0.9).verdict("en")
    assert more == "resource-balance part met; other parts not assessed (of the items with numbers, 2 of 3 met)"
    assert "primary only" in assess(frame.head(1)).verdict("en")


def test_items_nobody_gave_a_number_for_stay_unassessed() -> None:
    items = assess(table(school("A", primary=100)), "quality-2017", rotation_share=0.1).government.set_index(
        ["item", "where"]
    )["met"]
    assert (
        items["rotation_share", "all"] is True
        and items["retention", "all"] is None
        and items["school_size", "A"] is True
    )


def test_old_buildings_and_migrant_schools_may_be_larger() -> None:
    rows = [
        school("new", primary=2300),
        school("old", primary=2300, building_year=2008),
        school("migrant", primary=2300, migrant_pupils=1200),
    ]
    sizes = assess(table(*rows), "quality-2017").government.query("item == 'school_size'").set_index("where")["met"]
    assert sizes.to_dict() == {"new": False, "old": True, "migrant": True}


def test_the_largest_class_is_taken_from_the_table_unless_given() -> None:
    frame = table(school("A", primary=100, class_size_primary=46), school("B", primary=100))
    assert (
        assess(frame, "quality-2017").government.set_index(["item", "where"]).loc[("class_size", "primary"), "met"]
        is False
    )
    given = assess(frame, "quality-2017", class_size_primary=45).government
    assert given.set_index(["item", "where"]).loc[("class_size", "primary"), "met"] is True


def test_exempt_schools_are_left_out_and_named_and_may_have_empty_cells() -> None:
    point = school("P", "teaching_point", primary=49)
    special = {"school": "X", "kind": "特殊教育学校", "pupils_primary": 60}
    result = assess(
        table(school("A", primary=100), point, special, school("Q", "teaching_point", primary=50)), "quality-2017"
    )
    assert result.parts["school"].tolist() == ["A", "Q"] and set(result.exempt["school"]) == {"P", "X"}
    assert "P [teaching point below 50 pupils]" in result.report("en")


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


def test_mistakes_in_the_other_inputs_are_named_with_those_of_the_table() -> None:
    text = problems(
        table(school("A", primary=0)), "quality-2017", rotation_shar=0.1, retention=95, satisfaction=float("nan")
    )
    assert (
        "did you mean rotation_share" in text
        and "0.12 for 12 %" in text
        and "satisfaction" in text
        and "without pupils" in text
    )
    assert "is not an item of basic-2012" in problems(table(school("A", primary=9)), retention=0.9)


def test_numbers_for_the_command_line_are_read_or_refused() -> None:
    assert named_numbers(["retention=0.97", "training_hours = 1,000"]) == {"retention": 0.97, "training_hours": 1000}
    for text in ("retention", "=3", "retention=much"):
        with pytest.raises(InputError, match="NAME=NUMBER"):
            named_numbers([text])


def test_an_empty_table_and_a_table_that_is_no_table_are_refused() -> None:
    assert "lists no schools" in problems(table(school("A", primary=1)).head(0))
    assert "DataFrame" in problems([[1, 2]])  # type: ignore[arg-type]
    assert "has no school that" in problems(table(school("P", "teaching_point", primary=3)), "quality-2017")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_are_read_as_people_save_them(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / EXAMPLE.name
    text = EXAMPLE.read_text("utf-8-sig")
    file.write_text(text.replace(",", "\t") if encoding == "utf-16" else text, encoding=encoding)
    assert assess_file(file, "basic-2012", "zh") == assess_file(EXAMPLE, "basic-2012", "zh")


def test_a_workbook_with_a_title_above_the_headings_is_read(tmp_path: Path) -> None:
    frame, book = read_table(EXAMPLE), openpyxl.Workbook()
    book.active.append(["2024 年学校情况"])
    for row in [list(frame.columns), *frame.to_numpy().tolist(), [None] * 3]:
        book.active.append(row)
    book.save(tmp_path / "schools-example.xlsx")
    report = assess_file(tmp_path / "schools-example.xlsx", "quality-2017", "en")
    assert report.replace(".xlsx", ".csv") == assess_file(EXAMPLE, "quality-2017", "en")
    assert read_table(tmp_path / "schools-example.xlsx").index[0] == 3


def test_files_that_are_no_tables_are_refused_with_a_remedy(tmp_path: Path) -> None:
    cases = {
        "a.xls": b"x",
        "b.csv": b"",
        "c.csv": b"x,y\n1,2\n",
        "d.xlsx": b"not a workbook",
        "e.csv": b"\xff" * 9,
        "f.csv": b"school,kind\n\0\n",
    }
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=name):
            read_table(tmp_path / name)
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="folder"):
        read_table(tmp_path)
    (tmp_path / "g.csv").write_text("school,kind,books\nA,primary,1,234\n")
    with pytest.raises(InputError, match="row 2.*more cells"):
        read_table(tmp_path / "g.csv")


def test_language_and_workbook_name_are_checked_before_any_work() -> None:
    with pytest.raises(InputError, match="zh or en"):
        assess_file(EXAMPLE, lang="fr")
    with pytest.raises(InputError, match=r"end it in \.xlsx"):
        assess_file(EXAMPLE, xlsx="out.csv")
    with pytest.raises(InputError, match="create the folder"):
        assess_file(EXAMPLE, xlsx="no/such/out.xlsx")


def test_the_users_own_table_is_never_written_over(tmp_path: Path) -> None:
    read_table(EXAMPLE).to_excel(tmp_path / "mine.xlsx", index=False)
    before = (tmp_path / "mine.xlsx").read_bytes()
    with pytest.raises(InputError, match="is the table to assess; name another file"):
        assess_file(tmp_path / "mine.xlsx", xlsx=tmp_path / "." / "mine.xlsx")
    assert (tmp_path / "mine.xlsx").read_bytes() == before


@pytest.mark.parametrize("huge", ["1e308", "9" * 30])
def test_a_number_too_large_to_be_true_is_refused(huge: str) -> None:
    frame = read_table(EXAMPLE)
    frame.loc[0, "小学在校生数"] = huge
    with pytest.raises(InputError, match=r"小学在校生数 = .*: is more than 1,000,000,000,000"):
        assess(frame)


@pytest.mark.parametrize("standard", ["basic-2012", "quality-2017"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_holds_every_sheet_and_no_formula(tmp_path: Path, standard: str, lang: str) -> None:
    names = ["=HYPERLINK(1)", "+A", "-B", "@C", "D\x07"]
    frame = table(*(school(name, primary=100 + i) for i, name in enumerate(names)))
    assess(frame, standard).to_excel(tmp_path / "out.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert len(book.sheetnames) == 6
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    shown = {cell.value for cell in cells}
    assert {"'=HYPERLINK(1)", "'+A", "'-B", "'@C", "D"} <= shown


def test_text_that_looks_like_a_formula_is_neutralised_and_numbers_stay_numbers() -> None:
    assert [safe(v) for v in ("=1", "\t=1", "-x", "plain", -1.5, np.float64(2), float("nan"), None)] == [
        "'=1", "'\t=1", "'-x", "plain", -1.5, 2.0, None, None,
    ]  # fmt: skip


def test_an_input_nobody_has_gives_no_cv_and_is_not_called_met() -> None:
    result = assess(table(school("A", primary=100, books=0), school("B", primary=50, books=0)))
    assert not result.resource_met and "not computable" in result.report("en")


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    frame = read_table(EXAMPLE)
    other = assess(frame.iloc[::-1, ::-1], "quality-2017")
    first = assess(frame, "quality-2017")
    assert other.indicators["cv"].tolist() == pytest.approx(first.indicators["cv"].tolist(), rel=1e-12)
    assert other.verdict() == first.verdict()


def test_a_standard_that_asks_for_what_no_column_holds_is_refused() -> None:
    basic = load_standard("basic-2012")
    odd = basic.model_copy(update={"indicators": {**basic.indicators, "pianos": basic.indicators["books"]}})
    with pytest.raises(InputError, match=r"indicators\.pianos"):
        assess(table(school("A", primary=9)), odd)


def test_assessing_needs_no_simulation() -> None:
    import subprocess

    code = "import sys\nfrom simsim.assessment import judging\nprint('mesa' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )


def test_the_templates_are_those_the_columns_make_and_the_example_says_it_is_made_up() -> None:
    assert (TEMPLATES / "schools-template.csv").read_bytes().decode("utf-8-sig") == template("zh")
    assert (TEMPLATES / "schools-template-en.csv").read_bytes().decode("utf-8-sig") == template("en")
    assert all("虚构" in name for name in read_table(EXAMPLE)["学校名称"])


def documented() -> dict[str, str]:
    """Return the tables of docs/data-dictionary.md that data decides."""
    basic, quality = load_standard("basic-2012").indicators, load_standard("quality-2017").indicators
    rows = ["| key | Chinese heading | English heading | units | needed by |", "|---|---|---|---|---|"]
    for key, c in columns().columns.items():
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
    return {"columns": "\n".join(rows), "kinds": "\n".join(kinds), "items": "\n".join(items)}


def test_the_data_dictionary_lists_every_column_kind_and_item() -> None:
    text = DICTIONARY.read_text("utf-8")
    for name, rows in documented().items():
        found = re.search(rf"<!-- {name}\b[^\n]*-->\n(.*?)<!-- /{name} -->", text, re.S)
        assert found and found[1].strip() == rows, (
            f"docs/data-dictionary.md is out of date; its {name} should read:\n{rows}"
        )
