"""Objects and dictionaries whose names are all known refuse a misspelt one."""

from __future__ import annotations

import copy
import pickle

import pytest

from simsim.district import District
from simsim.world.closed import Closed, Fixed, Named


@pytest.fixture(scope="module")
def district():
    return District("plan", seed=1).run(to=2015)


WHO = {
    "district": lambda d: d,
    "school": lambda d: d.schools[1],
    "principal": lambda d: d.schools[1].principal,
    "cluster": lambda d: d.clusters[0],
    "parts": lambda d: d.parts,
    "part": lambda d: d.parts[0],
    "budget": lambda d: d.budget,
    "instructions": lambda d: d.instructions,
    "pupil": lambda d: d.students[d.students.id[0]],
    "pupils": lambda d: d.students,
    "some pupils": lambda d: d.students.select(at_most=3),
}


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_a_misspelt_attribute_is_neither_set_nor_read(district, who):
    one = WHO[who](district)
    with pytest.raises(AttributeError, match="capcity"):
        one.capcity = 3
    with pytest.raises(AttributeError, match="capcity"):
        _ = one.capcity
    for copied in (copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))):
        with pytest.raises(AttributeError, match="capcity"):
            copied(one).capcity = 3


@pytest.mark.parametrize(
    ("who", "name", "meant"),
    [("district", "yaer", "year"), ("school", "prinicpal", "principal"), ("school", "x_kn", "x_km"),
     ("principal", "efectiveness", "effectiveness"), ("cluster", "mebers", "members"), ("parts", "romos", "rooms"),
     ("part", "romos", "rooms"), ("budget", "blance", "balance"), ("instructions", "admision_order",
                                                                  "admission_order")],
)  # fmt: skip
def test_the_message_says_what_was_meant(district, who, name, meant):
    with pytest.raises(AttributeError, match=rf"did you mean {meant}\?"):
        setattr(WHO[who](district), name, 1)


def test_what_is_known_can_be_set(district):
    school = copy.deepcopy(district).schools[1]
    school.x_km, school.urban = 3.5, False
    assert (school.x_km, school.urban) == (3.5, False)


def test_a_subclass_names_what_it_sets_later():
    class Watched(District):
        datacollector: object = None
        seen: int

    district = Watched("baseline", seed=1)
    district.datacollector, district.seen = object(), 3
    with pytest.raises(AttributeError, match="name them in a subclass"):
        district.sean_too = 3


def test_values_are_kept_under_what_a_constructor_sets():
    class Box(Closed):
        def __init__(self) -> None:
            self.size = 1
            self.close()

    box = Box()
    box.size = 2
    assert box.size == 2


def test_a_key_that_is_not_there_is_named_with_those_that_are(district):
    with pytest.raises(KeyError, match=r"999 is not the key of a school; there are 1, 2, 3"):
        district.schools[999]
    with pytest.raises(KeyError, match="its key is 1"):
        district.schools[district.schools[1].name["en"]]
    with pytest.raises(KeyError, match=r"did you mean class_size.target.primary\?"):
        district.p["class_size.target.primry"]
    assert district.schools.get(999) is None and 999 not in district.schools


def test_a_facility_that_no_school_has_is_not_kept(district):
    school = copy.deepcopy(district).schools[1]
    for act in (
        lambda: school.facilities.update(boks=1.0),
        lambda: school.facilities["boks"],
        lambda: setattr(school, "facilities", {"boks": 1.0}),
        lambda: school.facilities.__setitem__("boks", 1.0),
    ):
        with pytest.raises(KeyError, match=r"did you mean books\?"):
            act()
    school.facilities["books"] = 7.0
    assert school.facilities["books"] == 7.0 and len(school.facilities) == 6


def test_dictionaries_of_names_are_copied_with_their_kind():
    for kind in (Named, Fixed):
        for copied in (copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))):
            twin = copied(kind({"a": 1.0}))
            assert type(twin) is kind and twin == {"a": 1.0}
