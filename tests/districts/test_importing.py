"""An office's own tables become a district, whatever their shape, and what was filled is listed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.districts.filled_words import column_word, rule_word
from simsim.districts.importing import import_book
from simsim.districts.past import COLUMNS
from simsim.districts.rolls import FILE
from simsim.inputs.errors import InputError
from tests.assessment.form_shapes import platform_exports, quality_form
from tests.districts import office_tables as office


def rolls(folder: Path) -> pd.DataFrame:
    table = pd.read_csv(folder / FILE, dtype={"code": str, "grade": str})
    return table.assign(pupils=pd.to_numeric(table["pupils"], errors="coerce").astype("Int64"))


@pytest.fixture
def expected(tmp_path: Path) -> pd.DataFrame:
    """The rolls of the plainest shape, which every other shape must give."""
    return rolls(import_book(office.csv_file(tmp_path / "plain.csv", office.wide()), "d", tmp_path / "plain").folder)


def test_a_csv_of_schools_by_grade_becomes_a_district_that_loads(tmp_path, expected):
    data = load_district(tmp_path / "plain")
    assert data.spec["first_year"] == 2023 and data.spec["system"] == "primary-only"
    assert data.schools["code"].tolist() == ["011", "012", "013"] and set(data.schools["kind"]) == {"primary"}
    assert data.schools["pupils_g1"].tolist() == [office.pupils(size, 1, 2023) for _, _, size in office.SCHOOLS]
    assert list(expected) == list(COLUMNS) and len(expected) == 3 * 3 * 6
    assert sorted(set(expected["year"])) == list(office.YEARS)
    assert data.area_words() == {"d": {"zh": "d", "en": "d"}}, "an area is not called as its first school is"


@pytest.mark.slow
def test_long_and_wide_give_the_same_rolls(tmp_path, expected):
    folder = import_book(office.csv_file(tmp_path / "long.csv", office.long()), "d", tmp_path / "long").folder
    assert rolls(folder).equals(expected)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "big5"])
def test_a_text_file_may_be_in_any_of_these_encodings(tmp_path, expected, encoding):
    rows = office.wide()
    if encoding == "big5":
        traditional = str.maketrans("学级码称东", "學級碼稱東")
        rows = [[cell.translate(traditional) if isinstance(cell, str) else cell for cell in row] for row in rows]
    folder = import_book(office.csv_file(tmp_path / "x.csv", rows, encoding), "d", tmp_path / "x").folder
    assert rolls(folder).equals(expected)
    name = load_district(folder).schools["name_zh"][0]
    assert name == ("東街小學" if encoding == "big5" else "东街小学")


@pytest.mark.slow
def test_a_workbook_with_title_total_note_and_blank_rows_is_read(tmp_path, expected):
    rows = office.wide()
    rows = [
        ["某区小学分年级在校生数"],
        [None],
        *rows,
        [None],
        ["合计", None, None, 1, 2, 3, 4, 5, 6],
        ["注：本表为虚构"],
    ]
    book = office.workbook(tmp_path / "x.xlsx", {"封面": [["统计资料"]], "在校生": rows})
    found = import_book(book, "d", tmp_path / "x")
    assert rolls(found.folder).equals(expected)
    said = "\n".join(found.lines)
    assert "sheet 封面: holds no heading that is understood; passed over" in said
    assert "1 rows of totals left out" in said and "1 rows of notes left out" in said


@pytest.mark.slow
def test_two_level_merged_headings_and_boys_and_girls_are_added(tmp_path, expected):
    head = [["学校代码", "学校名称", "学年"], [None, None, None]]
    for name in office.CHINESE:
        head[0] += [name, None]
        head[1] += ["男", "女"]
    rows = [[*row[:3], *(n for p in row[3:] for n in (p // 2, p - p // 2))] for row in office.wide()[1:]]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "H1:I1", "J1:K1", "L1:M1", "N1:O1"]
    book = office.workbook(tmp_path / "x.xlsx", {"表": [*head, *rows]}, merged)
    assert rolls(import_book(book, "d", tmp_path / "x").folder).equals(expected)
    csv = office.csv_file(tmp_path / "y.csv", [*head, *rows])
    assert rolls(import_book(csv, "d", tmp_path / "y").folder).equals(expected)


@pytest.mark.slow
def test_a_sheet_a_year_and_full_width_digits_are_read(tmp_path, expected):
    wide = str.maketrans("0123456789", "０１２３４５６７８９")  # noqa: RUF001
    sheets = {}
    for year in office.YEARS:
        head, *body = office.wide([year])
        body = [[*row[:2], *(str(n).translate(wide) for n in row[3:])] for row in body]
        sheets[f"{year}学年"] = [[*head[:2], *head[3:]], *body]
    found = import_book(office.workbook(tmp_path / "x.xlsx", sheets), "d", tmp_path / "x")
    assert rolls(found.folder).equals(expected)
    assert sum("school year is taken from its title or name" in line for line in found.lines) == 3


@pytest.mark.slow
def test_a_folder_of_tables_is_one_book(tmp_path, expected):
    folder = tmp_path / "tables"
    folder.mkdir()
    head, *body = office.wide()
    office.csv_file(folder / "schools.csv", [head[:2], *[row[:2] for row in body[:3]]])
    office.csv_file(folder / "rolls.csv", [[head[0], *head[2:]], *[[row[0], *row[2:]] for row in body]])
    found = import_book(folder, "d", tmp_path / "x")
    assert rolls(found.folder).equals(expected)
    assert load_district(found.folder).schools["name_zh"].tolist() == ["东街小学", "西街小学", "南山小学"]


@pytest.mark.slow
def test_a_bare_year_is_what_year_is_says_and_it_is_said(tmp_path):
    table = office.csv_file(tmp_path / "x.csv", office.long())
    start, end = (import_book(table, "d", tmp_path / word, year_is=word) for word in ("start", "end"))
    assert [load_district(f.folder).spec["first_year"] for f in (start, end)] == [2023, 2022]
    assert any("a bare year is the one in which the school year ends" in line for line in end.lines)
    with pytest.raises(InputError, match="must be start or end"):
        import_book(table, "d", tmp_path / "z", year_is="middle")


def test_kinds_follow_the_grades_of_the_last_roll_and_closed_schools_are_kept_apart(tmp_path):
    grades = ["K", *map(str, range(1, 9))]
    rows: list[list[object]] = [["code", "school", "year", *(f"grade {g}" if g != "K" else "K" for g in grades)]]
    spans = {"p": range(0, 6), "q": range(0, 6), "m": range(6, 9), "x": range(0, 9), "gone": range(0, 6)}
    for year in ("2020-21", "2021-22"):
        for code, taught in spans.items():
            if code != "gone" or year == "2020-21":
                rows.append([code, f"School {code}", year, *(20 if g in taught else None for g in range(9))])
    found = import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x")
    data = load_district(found.folder)
    assert data.spec["system"] == "k-8"
    assert dict(zip(data.schools["code"], data.schools["kind"], strict=True)) == {
        "p": "primary", "q": "primary", "m": "junior", "x": "nine_year",
    }  # fmt: skip
    table = rolls(found.folder)
    assert table.loc[table["code"] == "gone", "key"].unique().tolist() == [5]
    assert set(table.loc[table["code"] == "m", "grade"]) == {"6", "7", "8"}
    assert any("not founded, kept in rolls.csv: School gone" in line for line in found.lines)


def test_what_is_not_known_is_listed_and_is_not_0(tmp_path):
    head, *body = office.wide()
    body[6][4], body[7][5], body[8][6], body[1][3] = None, "*", "<10", "*"
    found = import_book(office.csv_file(tmp_path / "x.csv", [head, *body]), "d", tmp_path / "x")
    table = rolls(found.folder)
    gaps = table[table["pupils"].isna()]
    assert gaps[["code", "year", "grade"]].to_numpy().tolist() == [
        ["011", 2023, "2"], ["012", 2021, "1"], ["012", 2023, "3"], ["013", 2023, "4"],
    ]  # fmt: skip
    text = "\n".join(found.lines)
    assert "4 numbers of pupils are not known (blank, *, <10); they are not 0" in text
    assert "东街小学, 2023-24, grade 2" in text
    schools = load_district(found.folder).schools.set_index("code")
    assert schools.loc["011", "pupils_g2"] == office.pupils(40, 1, 2022) and 1 <= schools.loc["013", "pupils_g4"] <= 9


@pytest.mark.slow
def test_one_district_of_many_is_taken_by_a_column(tmp_path):
    head, *body = office.wide()
    rows = [[*head, "区县"], *[[*row, "甲区" if row[0] != "013" else "乙区"] for row in body]]
    table = office.csv_file(tmp_path / "x.csv", rows)
    found = import_book(table, "d", tmp_path / "x", ["区县=甲区"])
    assert load_district(found.folder).schools["code"].tolist() == ["011", "012"]
    assert any("区县 has 2 values" in line for line in import_book(table, "d", tmp_path / "all").lines)
    with pytest.raises(InputError, match=r"区县=丙区.*is in no row of 区县.*甲区"):
        import_book(table, "d", tmp_path / "y", ["区县=丙区"])
    with pytest.raises(InputError, match="must be COLUMN=VALUE"):
        import_book(table, "d", tmp_path / "y", ["县=甲区"])


@pytest.mark.slow
def test_the_same_heading_twice_is_the_first_and_unused_columns_are_kept_apart(tmp_path, expected):
    rows = [[*row, row[3] if at else "一年级", f"街{at}"] for at, row in enumerate(office.wide())]
    rows[0][-1] = "门牌"
    rows[1][-2] = 999
    found = import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x")
    assert rolls(found.folder).equals(expected)
    assert any(
        "一年级 (column 10) is headed like 一年级, but 1 rows differ; the first is read" in line for line in found.lines
    )
    extra = pd.read_csv(found.folder / "extra.csv", dtype=str)
    assert extra["门牌"].tolist()[:2] == ["街1", "街2"] and extra["code"].tolist()[0] == "011"


@pytest.mark.slow
def test_persons_are_dropped_and_small_counts_of_children_are_hidden(tmp_path):
    head, *body = office.wide()
    rows: list[list[object]] = [[*head, "校长姓名", "联系电话", "随迁子女数", "残疾学生数", "贫困学生比例"]]
    rows += [[*row, "张三", "13800000000", n, 2, "1.5%"] for row, n in zip(body, (3, 20, 4) * 3, strict=True)]
    found = import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x")
    extra = pd.read_csv(found.folder / "extra.csv", dtype=str)
    assert extra["随迁子女数"].tolist()[:3] == ["<5", "20", "<5"] and set(extra["残疾学生数"]) == {"<5"}
    assert set(extra["贫困学生比例"]) == {"<5"}
    everything = "".join(file.read_text("utf-8") for file in found.folder.iterdir()) + str(found)
    assert "张三" not in everything and "13800000000" not in everything
    assert "columns about persons, dropped: 校长姓名, 联系电话" in str(found)
    one, other = (import_book(_with_migrants(tmp_path / f"{n}.csv", n), "d", tmp_path / f"m{n}") for n in (1, 4))
    assert one.lines == other.lines
    assert (one.folder / "neighbourhoods.csv").read_text() == (other.folder / "neighbourhoods.csv").read_text()


def _with_migrants(path: Path, n: int) -> Path:
    head, *body = office.wide()
    return office.csv_file(path, [[*head, "随迁子女数"], *[[*row, n if row[0] == "013" else 20] for row in body]])


def test_classes_teachers_and_places_of_schools_are_taken_where_they_are_given(tmp_path):
    head, *body = office.wide()
    rows: list[list[object]] = [
        [*head, *(f"{g}班级数" for g in office.CHINESE), "男专任教师", "女专任教师", "经度", "纬度"]
    ]
    rows += [[*row, *[2] * 6, 5, 9, 121 + at / 100, 24.8] for at, row in enumerate(body)]
    found = import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x")
    data = load_district(found.folder)
    assert set(data.schools["rooms_primary"]) == {12}
    assert set(data.schools.filter(regex="^t_primary_").sum(axis=1)) == {14}
    assert data.spec["class_target"]["value"]["primary"] <= 20
    status = data.provenance.set_index(["table", "column"])["status"]
    assert status["schools", "rooms_primary"] == status["schools", "x_km"] == "imported"
    assert status["schools", "books"] == status["neighbourhoods", "ses_mean"] == "filled"
    assert 0.5 < data.schools["x_km"].max() - data.schools["x_km"].min() < 3


@pytest.mark.slow
def test_the_list_counts_columns_by_rule_and_names_what_is_not_reported(tmp_path):
    found = import_book(office.csv_file(tmp_path / "x.csv", office.wide()), "d", tmp_path / "x")
    table = pd.read_csv(found.folder / "columns.provenance.csv")
    table = table[table["table"] != "district"]
    filled = int((table["status"] == "filled").sum())
    assert f"{filled} of {len(table)} columns filled:" in found.lines
    text = "\n".join(found.lines)
    assert "no place known: all stand in one point; no map: schools.x_km, schools.y_km" in text
    assert "Mean distance to school" in text and "not reported as findings" in text
    assert (found.folder / "imported.txt").read_text("utf-8") == text + "\n"


def test_mistakes_are_told_at_once_with_sheet_row_column_value_and_remedy(tmp_path):
    head, *body = office.wide()
    body[0][3], body[1][4], body[2][2], body[3][5] = "约30", -4, "去年", 2.5
    book = office.workbook(tmp_path / "x.xlsx", {"在校生": [head, *body]})
    with pytest.raises(InputError) as caught:
        import_book(book, "d", tmp_path / "x")
    text = str(caught.value)
    for start, remedy in (
        ("x.xlsx: sheet 在校生: row 2, 一年级 = '约30'", "is not a number"),
        ("x.xlsx: sheet 在校生: row 3, 二年级 = -4", "is negative"),
        ("x.xlsx: sheet 在校生: row 4, 学年 = '去年'", "is no school year"),
        ("x.xlsx: sheet 在校生: row 5, 三年级 = 2.5", "not a whole number"),
    ):
        assert any(line.startswith(start) and remedy in line for line in text.splitlines()), (start, text)
    assert not (tmp_path / "x").exists()


def test_thousands_of_mistakes_of_a_kind_are_twenty_lines_and_a_number(tmp_path):
    rows: list[list[object]] = [["code", "year", "grade", "pupils"]]
    rows += [[f"s{n}", "2020-21", 1, "about 20"] for n in range(3000)]
    with pytest.raises(InputError) as caught:
        import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x")
    lines = str(caught.value).splitlines()
    assert len(lines) == 21 and lines[-1] == "x.csv: and 2,980 more of this kind"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["甲", "乙"], ["a", "b"]], "holds no table with headings that simsim knows"),
        ([["年级", "学生数"], ["一年级", 3]], "no column with a name or a code"),
        ([["学校名称", "一年级"], ["东街小学", 3]], "have no school year"),
        ([["学校名称", "学年", "小学在校生数"], ["东街小学", "2020-21", 300]], "小学在校生数 are totals of stages"),
        ([["学校名称", "学年", "高一", "高二"], ["一中", "2020-21", 300, 200]], "grades to 9 are simulated"),
    ],
)
def test_what_is_missing_is_one_message_with_its_remedy(tmp_path, rows, told):
    with pytest.raises(InputError, match=told):
        import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x")


def test_tables_without_a_year_take_the_one_that_is_given(tmp_path):
    rows = [["学校名称", "一年级", "二年级"], ["东街小学", 30, 31], ["西街小学", 20, 19]]
    found = import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x", first_year=2022)
    data = load_district(found.folder)
    assert data.spec["first_year"] == 2022 and "code" not in data.schools


def test_a_second_number_for_the_same_place_is_refused_and_the_same_one_is_not(tmp_path):
    rows = office.long()
    assert import_book(office.csv_file(tmp_path / "x.csv", [*rows, rows[1]]), "d", tmp_path / "x").lines
    other = [*rows[1][:4], 999]
    with pytest.raises(InputError, match=r"row 56, Pupils = '999': is a second number for .* \(first in row 2: "):
        import_book(office.csv_file(tmp_path / "y.csv", [*rows, other]), "d", tmp_path / "y")


def test_births_plans_and_catchments_may_stand_on_sheets_of_their_own(tmp_path):
    sheets = {
        "在校生": office.wide(),
        "出生": [["年份", "出生人口"], *([year, 80 + year % 7] for year in range(2013, 2024))],
        "规划": [
            ["学校代码", "学校名称", "年份", "事项", "年级", "学位数"],
            ["021", "新城小学", 2025, "开办", "1-6", 540],
            ["013", "南山小学", 2026, "撤并", None, None],
        ],
        "学区": [["社区", "小学学区"], ["东一", "东街小学"], ["东二", "东街小学"], ["西", "012"], ["南", "南山小学"]],
    }
    found = import_book(office.workbook(tmp_path / "x.xlsx", sheets), "d", tmp_path / "x")
    data = load_district(found.folder)
    assert data.births["births"].tolist()[-1] == 80 + 2023 % 7
    assert data.neighbourhoods["catchment_primary"].tolist() == [1, 1, 2, 3]
    plans = pd.read_csv(found.folder / "plans.csv", dtype=str, keep_default_na=False)
    assert plans[["code", "what", "grades", "places"]].to_numpy().tolist() == [
        ["021", "opens", "1 2 3 4 5 6", "540"], ["013", "closes", "", ""],
    ]  # fmt: skip
    status = data.provenance.set_index(["table", "column"])["status"]
    assert status["births", "births"] == status["neighbourhoods", "catchment_primary"] == "imported"


def test_nothing_is_written_over_a_folder_that_holds_something(tmp_path):
    table = office.csv_file(tmp_path / "x.csv", office.wide())
    with pytest.raises(InputError, match="exists already"):
        import_book(table, "d", tmp_path)
    with pytest.raises(InputError, match="with no dots and no slashes"):
        import_book(table, "../d")


@pytest.mark.slow
def test_a_table_broken_down_by_sex_or_group_is_added_up_and_rows_of_all_are_taken_where_they_are(tmp_path, expected):
    head, *body = office.long()
    halves = [[*row[:4], sex, n] for row in body for sex, n in (("F", row[4] // 2), ("M", row[4] - row[4] // 2))]
    rows = [[*head[:4], "Gender", head[4]], *halves]
    found = import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "x")
    assert rolls(found.folder).equals(expected)
    assert any("pupils are added up over Gender" in line for line in found.lines)
    every = [[*row[:4], "All students", row[4]] for row in body]
    found = import_book(office.csv_file(tmp_path / "y.csv", [*rows, *every]), "d", tmp_path / "y")
    assert rolls(found.folder).equals(expected)


def made_of(folder: Path, rows: list[list[object]]) -> tuple[pd.DataFrame, str]:
    """Return the rolls of a district imported from rows, and the list of what was read, in one text."""
    found = import_book(office.csv_file(folder / "rows.csv", rows), "d", folder / "d")
    load_district(found.folder)
    return rolls(found.folder), "\n".join(found.lines)


def test_years_before_one_without_rolls_are_left_out_and_said(tmp_path):
    table, said = made_of(tmp_path, office.wide((2019, 2020, 2022, 2023)))
    assert set(table["year"]) == {2022, 2023} and "rolls of 2019, 2020 are not used: there are none of 2021" in said


@pytest.mark.parametrize("year", [1905, 2095])
def test_a_first_year_that_no_district_may_have_is_refused_before_anything_is_written(tmp_path, year):
    with pytest.raises(InputError, match=f"{year}.*1990 to 2060"):
        made_of(tmp_path, [["code", "year", "grade 1", "grade 2"], ["1", year, 20, 22]])
    assert not (tmp_path / "d").exists()


def test_boys_without_girls_are_not_taken_for_all_without_a_word(tmp_path):
    rows = [["code", "year", "grade 1 boys", "grade 2 boys"], ["1", 2020, 20, 22]]
    assert "numbers of boys alone" in made_of(tmp_path, rows)[1]


def test_a_hidden_number_keeps_what_it_is_at_most(tmp_path):
    rows = [["code", "year", "grade 1", "grade 2"], ["1", 2020, "<10", 8], ["2", 2020, 40, 30]]
    made_of(tmp_path, rows)
    written = pd.read_csv(tmp_path / "d" / FILE, dtype=str)
    assert written["pupils"].tolist() == ["<10", "8", "40", "30"]


def test_rolls_of_kindergartens_alone_are_refused_in_true_words(tmp_path):
    with pytest.raises(InputError, match="no pupils in grades K to 9 in 2020"):
        made_of(tmp_path, [["code", "year", "grade", "pupils"], ["1", 2020, "PK", 20]])


def test_plans_are_kept_and_the_list_says_that_nothing_acts_on_them(tmp_path):
    plan = [["code", "year", "what", "places"], ["011", 2026, "places", 900]]
    book = office.workbook(tmp_path / "b.xlsx", {"rolls": office.wide(), "plans": plan})
    said = "\n".join(import_book(book, "d", tmp_path / "d").lines)
    assert "kept in plans.csv: no run acts on them" in said and "--from-plans makes a scenario of them" in said


def test_codes_that_lost_their_zeros_in_another_table_are_the_same_schools_and_it_is_said(tmp_path):
    schools = [["code", "name", "teachers"], [11, "甲校", 20], [12, "乙校", 12], [13, "丙校", 9]]
    rolls_ = [[row[0], *row[2:]] for row in office.wide()]
    found = import_book(office.workbook(tmp_path / "b.xlsx", {"s": schools, "r": rolls_}), "d", tmp_path / "d")
    assert len(pd.read_csv(found.folder / "schools.csv")) == 3
    assert "3 codes of schools differ by zeros" in "\n".join(found.lines)


def test_boys_and_girls_that_are_not_all_pupils_are_said(tmp_path):
    rows = [["学校", "学年", "一年级男生", "一年级女生", "一年级合计"], ["甲校", "2023-24", 10, 11, 25]]
    found = import_book(office.csv_file(tmp_path / "x.csv", rows), "d", tmp_path / "d")
    assert "x.csv: 1 numbers of all pupils are not boys and girls together" in "\n".join(found.lines)
    assert "grades: primary 1; --system" in "\n".join(found.lines)  # a stage of one grade


def test_the_list_says_which_grades_make_the_stages_and_whose_laws_are_taken(tmp_path):
    lines = "\n".join(import_book(office.csv_file(tmp_path / "x.csv", office.wide()), "d", tmp_path / "d").lines)
    assert "grades: primary 1 to 6" in lines and "are China's; country and class_target in district.yaml" in lines


def test_the_list_is_chinese_in_its_own_file_down_to_columns_and_rules(tmp_path):
    found = import_book(office.csv_file(tmp_path / "x.csv", office.wide()), "d", tmp_path / "d")
    text = (found.folder / "imported.zh.txt").read_text("utf-8")
    assert "3所学校（小学3所）" in text and "师生比取全国默认值（判断）：学校表·小学语数外教师数" in text
    table = pd.read_csv(found.folder / "columns.provenance.csv")
    left = {rule for rule in table["rule"] if rule_word(rule, "zh") == rule} - {"none"}
    left |= {name for t, name in table[["table", "column"]].to_numpy() if column_word(t, name, "zh") == name}
    assert not left


GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")
SIZES = {"东街小学": (100, 0), "育才学校": (50, 80), "新星学校": (34, 0), "西街中学": (0, 150)}


def rolls_beside(folder: Path) -> Path:
    """Write a workbook of rolls by grade into a folder that holds the office's forms."""
    rows = [[name, "2023-24", *[a or None] * 6, *[b or None] * 3] for name, (a, b) in SIZES.items()]
    office.workbook(folder / "在校生.xlsx", {"2023": [["学校名称", "学年", *GRADES], *rows]})
    return folder


def test_form_2_2_beside_the_rolls_gives_owners_teachers_and_areas(tmp_path):
    (tmp_path / "in").mkdir()
    quality_form(tmp_path / "in" / "申报表.xlsx")
    found = import_book(rolls_beside(tmp_path / "in"), "d", tmp_path / "d")
    schools = load_district(found.folder).schools.set_index("name_zh")
    assert schools.loc["新星学校", "ownership"] == "private" and schools.loc["育才学校", "ownership"] == "public"
    assert schools["kind"].to_dict()["育才学校"] == "nine_year"
    assert schools.loc["东街小学", "teaching_area_m2"] == pytest.approx(5.2 * 600, abs=1)
    assert schools.loc["育才学校", "equipment_yuan"] == pytest.approx(2100 * 300 + 2500 * 240, abs=1)
    assert schools.loc["西街中学", "overqualified_junior"] == pytest.approx(30, abs=1)


def test_exports_of_the_platform_beside_the_rolls_give_teachers_by_stage_and_whole_areas(tmp_path):
    folder = rolls_beside(platform_exports(tmp_path / "in"))
    found = import_book(folder, "d", tmp_path / "d")
    schools = load_district(found.folder).schools.set_index("name_zh")
    assert schools.loc["育才学校", "teaching_area_m2"] == 3800 and schools.loc["育才学校", "sports_area_m2"] == 6400
    assert schools.loc["育才学校", "multimedia_rooms"] == 20 and schools.loc["东街小学", "backbone_primary"] == 8
    assert "split by the official weights" in "\n".join(found.lines)
