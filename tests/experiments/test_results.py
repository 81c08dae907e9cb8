import openpyxl
import pandas as pd
import pytest

from simsim.experiments.results import Results, export
from simsim.inputs.errors import InputError

SCORE, PUPILS = "score", "pupils"


def table(values: dict[str, list[float]], indicator: str = SCORE, year: int = 2024) -> pd.DataFrame:
    """district_year rows: one value per scenario and replication (1, 2, ...)."""
    rows = [
        (scenario, seed, year, "primary", "all", indicator, value)
        for scenario, numbers in values.items()
        for seed, value in enumerate(numbers, start=1)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "year", "stage", "group", "indicator", "value"])


def results(*frames: pd.DataFrame) -> Results:
    return Results({"district_year": pd.concat(frames, ignore_index=True)})


def test_filters_take_one_value_or_several():
    frames = [
        table({"plan": [1.0, 2.0], "baseline": [0.0, 0.0]}, name, year)
        for name in (SCORE, PUPILS)
        for year in (2017, 2024)
    ]
    found = results(*frames)
    assert len(found.paired("plan", "baseline")) == 4
    assert set(found.paired("plan", "baseline", years=2017)["year"]) == {2017}
    assert set(found.paired("plan", "baseline", indicators=[PUPILS])["indicator"]) == {PUPILS}
    assert (
        len(found.paired("plan", "baseline", years=[2017, 2024], indicators=SCORE, stage="primary", group="all")) == 2
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.paired("plam", "baseline"), r"scenario = 'plam'.*did you mean plan\?"),
        (lambda r: r.paired("plan", "baseline", indicators="scores"), r"did you mean score\?"),
        (lambda r: r.bands("scores"), r"not an indicator"),
        (lambda r: r.frame("district_yeer"), r"did you mean district_year\?"),
    ],
)
def test_an_unknown_name_is_the_users_mistake_and_suggests_the_closest(call, message):
    with pytest.raises(InputError, match=message):
        call(results(table({"plan": [1.0], "baseline": [0.0]})))


def test_what_is_saved_is_loaded_again(tmp_path):
    manifest = {"schema": "simsim-experiment/1", "seeds": [1, 2]}
    frame = table({"plan": [1.0, 2.0], "baseline": [0.0, 0.0]})
    folder = Results({"district_year": frame}, manifest).save(tmp_path / "saved")
    loaded = Results.load(folder)
    assert loaded.manifest["seeds"] == [1, 2] and sorted(loaded.scenarios) == ["baseline", "plan"]
    pd.testing.assert_frame_equal(loaded.frame("district_year").astype(frame.dtypes.to_dict()), frame)


def test_a_folder_that_is_not_an_experiment_is_the_users_mistake(tmp_path):
    with pytest.raises(InputError, match="not the folder of an experiment"):
        Results.load(tmp_path)
    with pytest.raises(InputError, match="not the folder of an experiment"):
        Results.load(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(InputError, match="cannot be read"):
        Results.load(tmp_path)


def test_results_narrowed_to_some_replications_hold_no_others():
    narrowed = results(table({"plan": [1.0, 2.0, 3.0], "baseline": [0.0] * 3})).for_replications([1, 3])
    assert narrowed.replications("plan") == [1, 3]


def test_exported_tables_open_in_a_spreadsheet_with_chinese(tmp_path):
    frame = results(table({"plan": [0.1] * 20, "baseline": [0.0] * 20})).paired("plan", "baseline")
    assert "很可能更高" in export(frame, tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    sheet = openpyxl.load_workbook(export(frame, tmp_path / "t.xlsx")).active
    assert [cell.value for cell in sheet[1]] == list(frame.columns)
    assert sheet.cell(2, list(frame.columns).index("words_zh") + 1).value == "很可能更高"


@pytest.mark.parametrize("name", ["t.ods", "t", "nowhere/t.csv", "nowhere/t.xlsx"])
def test_an_export_that_cannot_be_written_is_the_users_mistake(tmp_path, name):
    with pytest.raises(InputError):
        export(pd.DataFrame({"a": [1]}), tmp_path / name)
