"""Series of births and rolls: what is read, what is refused, and what was known in a year."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.inputs.errors import InputError
from simsim.studies.series import Series, read_series

YEARS = range(2005, 2011)
BIRTHS = "year,births\n" + "".join(f"{year},1000\n" for year in range(1998, 2011))
HEADINGS = "year,primary_entrants,primary_enrolment,junior_entrants,junior_enrolment\n"
ROLLS = HEADINGS + "".join(f"{year},1000,6000,1000,3000\n" for year in YEARS)


def read(tmp_path, rolls: str = ROLLS, births: str = BIRTHS) -> Series:
    files = {"enrolment.csv": rolls, "births.csv": births}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read_series(*(tmp_path / name for name in files))


def refused(tmp_path, **texts: str) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, **texts)
    return str(caught.value)


def test_the_shipped_national_series_are_the_default():
    assert (read_series().first, read_series().known(2017).last) == (2010, 2017)


def test_full_width_digits_and_thousands_are_numbers(tmp_path):
    rolls = ROLLS.replace("2005,1000,6000", '２００５,"1,000",６０００')  # noqa: RUF001
    assert read(tmp_path, rolls=rolls).rolls.equals(read(tmp_path).rolls)


def test_the_order_of_rows_does_not_matter_and_notes_may_stand_beside(tmp_path):
    lines = ROLLS.splitlines()
    turned = "\n".join([f"{lines[0]},primary_graduates,source", *(f"{line},,recalled" for line in lines[:0:-1])])
    assert read(tmp_path, rolls=turned).rolls.equals(read(tmp_path).rolls)


@pytest.mark.parametrize(
    ("texts", "file", "message"),
    [
        ({"rolls": ROLLS.replace("2007,1000,6000,1000,3000\n", "")}, "enrolment", "year = 2007: is missing"),
        ({"rolls": ROLLS + "2007,1000,6000,1000,3000\n"}, "enrolment", "year = 2007: is there twice"),
        ({"rolls": ROLLS.replace("2006,1000", "2006,")}, "enrolment", "line 3, primary_entrants = ''"),
        ({"rolls": ROLLS.replace("2006,1000", "2006,1000①")}, "enrolment", "must be a finite number"),
        ({"rolls": ROLLS.replace("2006,1000", "2006,0")}, "enrolment", "must lie between"),
        ({"rolls": ROLLS.replace("2006,1000", "2006,6000")}, "enrolment", "must be less than primary_enrolment, 6000"),
        ({"rolls": ROLLS.replace("primary_entrants", "entrants")}, "enrolment", "did you mean primary_entrants?"),
        ({"births": BIRTHS.replace("1998,1000\n", "")}, "births", "year = 1998: has no births"),
        ({"births": BIRTHS.replace("2002,1000\n", "")}, "births", "year = 2002: has no births"),
        ({"births": BIRTHS.split("2003")[0]}, "births", "year = 2004: has no births"),
        ({"births": BIRTHS + "2002,1100\n"}, "births", "two numbers of births; keep one, or give known_from"),
        ({"births": "year,births,known_from\n2000,1000,1999\n"}, "births", "known_from of 2000 = 1999: must not be"),
    ],
)
def test_what_no_hindcast_can_use_is_refused_with_file_key_value_and_remedy(tmp_path, texts, file, message):
    said = refused(tmp_path, **texts)
    assert f"{file}.csv: " in said and message in said


@pytest.mark.parametrize("named", ["enrolment", "births"])
def test_one_file_without_the_other_is_refused_for_they_belong_to_one_place(named):
    with pytest.raises(InputError, match="is missing; rolls and births of one place belong together"):
        read_series(**{named: f"{named}.csv"})


def test_a_vintage_knows_nothing_later_and_of_revised_births_what_held_then(tmp_path):
    lines = [f"{line},{line[:4]}" for line in BIRTHS.splitlines()[1:]]
    births = "\n".join(["year,births,known_from", *lines, "2002,1100,2009"])
    series = read(tmp_path, births=births)
    before, after = series.known(2008), series.known(2009)
    assert (before.last, before.births["year"].max()) == (2008, 2008)
    assert [v.births.set_index("year")["births"][2002] for v in (before, after)] == [1000, 1100]
    assert not before.births["year"].duplicated().any() and not after.births["year"].duplicated().any()


def test_before_2021_nobody_knew_the_revised_national_births():
    first = pd.read_csv("parameters/national/births.csv").query("series == 'first'").set_index("year")["births"]
    known = read_series().known(2017).births.set_index("year")["births"]
    assert known.tolist() == first.loc[:2017].tolist()
