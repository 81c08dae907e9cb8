"""Stories: one pupil, teacher or principal in a paragraph, in both languages."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from simsim.report.words import catalogue
from tests.one_district import lived_under


@pytest.fixture(scope="module")
def district():
    district = lived_under("plan", to=2016, seed=1)
    heads = [school.principal for school in district.open_schools if school.principal]
    return district.follow(district.students.id[::50], district.teachers.id[::50], heads).run(to=2018)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everybody_who_is_followed_has_a_story_in_whole_words(district, lang):
    whys = {key.removeprefix("why.") for key in catalogue() if key.startswith("why.")}
    assert set(district.events()["why"]) <= whys
    for person in district.events()["person"].unique():
        text = district.story(person, lang)
        assert str(person) in text and not {"{", "}", "_"} & set(text)


def test_the_story_of_one_who_left_is_told_from_the_diary(district):
    events = district.events()
    person = events.loc[events["event"] == "left", "person"].iloc[0]
    assert "Now, in September" not in district.story(person) and "left" in district.story(person)


def test_of_anybody_else_only_who_it_is(district):
    stranger = next(i for i in district.students.id.tolist() if i not in district.diary.first)
    assert f"follow({stranger})" in district.students[stranger].story()
    head = next(s.principal for s in district.open_schools if s.principal)
    assert str(head.id) in head.story("zh")
    with pytest.raises(InputError, match="is not here and is not followed"):
        district.story(7)
