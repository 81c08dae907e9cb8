"""What an office has decided becomes a scenario that passes the check; what no policy does is said."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from simsim.inputs.errors import InputError
from simsim.scenarios.catalogue import check_files
from simsim.studies.plans_scenario import left_out
from simsim.studies.template import write_scenario
from tests.studies.own_district import LAST, imported

HEAD = "key,code,name,year,what,grades,places\n"


def written(folder: Path, rows: str) -> Path:
    (folder / "plans.csv").write_text(HEAD + rows, encoding="utf-8")
    return write_scenario("decided", str(folder), from_plans=True)


def test_openings_closures_and_places_are_policies_and_the_rest_is_said(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    rows = [
        f"9,B9,New School,{LAST + 2},opens,1 2 3 4 5 6,540", f"1,A0,School 0,{LAST + 3},closes,,",
        f"2,A1,School 1,{LAST + 1},places,,2000", f"3,A2,School 2,{LAST + 1},grades,1 2 3,",
        f"4,A3,School 3,{LAST - 1},closes,,", f"8,B8,Nowhere,{LAST + 1},closes,,",
    ]  # fmt: skip
    file = written(folder, "\n".join(rows) + "\n")
    assert check_files([file]) == []
    policies = yaml.safe_load(file.read_text("utf-8"))["policies"]
    assert set(policies) == {"opens-9", "closes-1", "places-2"}
    opening = policies["opens-9"]["settings"]
    assert (opening["kind"], opening["rooms_primary"], opening["in_use"]["due"]) == ("primary", 12, f"{LAST + 2}-08")
    assert 0 < opening["catchment_share"] < 1
    told = "\n".join(left_out(file))
    assert all(word in told for word in ("grades 2021: no policy", "is not after 2020", "no school of schools.csv"))


@pytest.mark.parametrize(
    ("rows", "told"), [("", "is missing"), (f"4,A3,School 3,{LAST - 1},closes,,\n", "is not after")]
)
def test_a_district_without_plans_to_come_is_refused(tmp_path: Path, rows: str, told: str) -> None:
    folder = imported(tmp_path)
    with pytest.raises(InputError, match=told):
        if rows:
            written(folder, rows)
        else:
            write_scenario("decided", str(folder), from_plans=True)


def test_schools_of_an_unknown_place_share_no_addresses_and_begin_with_the_grades_that_are_planned(
    tmp_path: Path,
) -> None:
    folder = imported(tmp_path)
    rows = [f"9,B9,New School,{LAST + 1},opens,1 2,", f"8,B8,Other Primary,{LAST + 1},opens,,"]
    file = written(folder, "\n".join(rows) + "\n")
    assert check_files([file]) == []
    one, other = (p["settings"] for p in yaml.safe_load(file.read_text("utf-8"))["policies"].values())
    homes = one["catchment_primary"], other["catchment_primary"]
    assert not set(homes[0]) & set(homes[1]) and len(homes[0]) + len(homes[1]) == 4
    assert (one["grades_primary"], one["rooms_primary"]) == (2, 6) and "fill" not in other
    assert one["catchment_share"] == pytest.approx(0.6 * 65 / 120, abs=0.1)
