"""A draw is a pure function of (seed, stream, year, id) and of nothing else."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simsim.base import ids
from simsim.base.philox import HALF_STEP
from simsim.base.streams import Streams, is_finite

YEAR = 2016
# Nine cohorts of uneven size, with holes: what a September looks like.
PEOPLE = np.sort(
    np.concatenate([ids.make(2008 + c, ids.BIRTH, 7 * c, np.arange(3, 400 - 30 * c, 1 + c % 3)) for c in range(9)])
)
MANY = ids.make(2014, ids.BIRTH, np.repeat(np.arange(10), 10_000), np.tile(np.arange(10_000), 10))
INDEXES = st.lists(st.integers(0, len(PEOPLE) - 1), max_size=60)
ALPHA = 1e-4


def draw(who=PEOPLE, seed=1, stream="test/decision", year=YEAR):
    return Streams(seed).uniform(stream, year, who)


def test_the_same_draw_comes_back_whatever_was_drawn_before():
    streams = Streams(1)
    before = streams.uniform("test/decision", YEAR, PEOPLE)
    streams.normal("test/other", YEAR, MANY[:777])
    streams.uniform("test/decision", YEAR + 1, PEOPLE[:5])
    assert np.array_equal(before, streams.uniform("test/decision", YEAR, PEOPLE))


@given(INDEXES)
def test_a_subset_of_draws_is_the_subset_of_the_draws_in_any_order_and_repeated(indexes):
    chosen = np.array(indexes, dtype=np.intp)
    assert np.array_equal(draw(PEOPLE[chosen]), draw()[chosen])


def test_one_person_alone_draws_what_the_crowd_saw():
    crowd = draw()
    assert all(draw(PEOPLE[i : i + 1])[0] == crowd[i] for i in range(0, len(PEOPLE), 97))


@given(st.integers(2000, 2030), st.integers(0, 15), st.integers(0, 70), st.integers(0, 5000))
def test_one_more_pupil_changes_no_draw(year, route, pool, serial):
    newcomer = ids.make(year, route, pool, serial)
    everybody = np.union1d(PEOPLE, newcomer)
    assert np.array_equal(draw(everybody)[np.searchsorted(everybody, PEOPLE)], draw())


@pytest.mark.parametrize("change", [{"seed": 2}, {"stream": "test/decisiom"}, {"year": YEAR + 1}])
def test_another_seed_stream_or_year_gives_other_draws(change):
    assert not np.isin(draw(**change), draw()).any()


def test_two_streams_of_one_name_and_number_are_not_mixed_up():
    assert not np.isin(draw(seed=1, stream="1/a"), draw(seed=11, stream="a")).any()


def test_no_two_people_share_a_draw():
    assert len(np.unique(draw(MANY))) == len(MANY)


def test_the_type_of_the_year_does_not_matter():
    assert np.array_equal(draw(year=np.int64(YEAR)), draw(year=float(YEAR)))


@pytest.mark.slow
def test_another_process_draws_the_same_bits():
    script = (
        "import sys, numpy as np; from simsim.base.streams import Streams\n"
        "who = np.frombuffer(sys.stdin.buffer.read(), np.int64)\n"
        f"sys.stdout.buffer.write(Streams(1).uniform('test/decision', {YEAR}, who).tobytes())"
    )
    out = subprocess.run([sys.executable, "-c", script], input=PEOPLE.tobytes(), capture_output=True, check=True)
    assert out.stdout == draw().tobytes()


def test_draws_are_those_of_numpys_philox_keyed_by_the_name_and_counted_by_the_id():
    """Written once more, from the definition, with NumPy's public arguments only."""
    from hashlib import blake2b

    key = np.frombuffer(blake2b(f"1/test/decision/{YEAR}".encode(), digest_size=16).digest(), dtype="<u8")
    cohort = int(ids.cohort(PEOPLE[:1])[0])
    mine = PEOPLE[ids.cohort(PEOPLE) == cohort]
    philox = np.random.Philox(key=key.astype(np.uint64), counter=np.array([0, 0, 0, cohort], np.uint64))
    expected = np.random.Generator(philox).random(int(ids.serial(mine)[-1]) + 1)[ids.serial(mine)]
    assert np.array_equal(draw(mine), expected)


def test_the_philox_beneath_is_the_published_one():
    """Known answer of Random123's philox4x64-10 for counter and key zero
    (kat_vectors); NumPy counts up before it draws.
    """
    philox = np.random.Philox(key=np.zeros(2, np.uint64), counter=np.full(4, 2**64 - 1, np.uint64))
    assert [f"{word:016x}" for word in philox.random_raw(4)] == [
        "16554d9eca36314c",
        "db20fe9d672d0fdc",
        "d7e772cee186176b",
        "7e68b68aec7ba23b",
    ]


def test_a_few_draws_are_pinned_so_that_no_release_changes_them_unnoticed():
    who = ids.make(2014, ids.BIRTH, 3, np.array([0, 1, 2, 1000]))
    drawn = Streams(1).uniform("admit/lottery", 2014, who)
    assert drawn.tolist() == [0.10574195341652193, 0.6059996941040167, 0.09866133471695604, 0.37536727065741626]


def test_uniforms_lie_strictly_between_zero_and_one():
    everything = draw(MANY)
    assert everything.min() > 0 and everything.max() < 1


@pytest.mark.parametrize("extreme", [HALF_STEP, 1 - 2.0**-53])
def test_even_the_extreme_draws_invert_to_finite_numbers(extreme, monkeypatch):
    monkeypatch.setattr("simsim.base.streams.uniforms", lambda key, who: np.full(len(who), extreme))
    streams = Streams(1)
    assert np.isfinite(streams.normal("x", YEAR, PEOPLE)).all() and np.isfinite(streams.gumbel("x", YEAR, PEOPLE)).all()
    assert streams.whole("x", YEAR, PEOPLE[:3], [3.0, 0.0, -2.0]).tolist() == [3, 0, -2]
    assert streams.chance("x", YEAR, PEOPLE, 1.0).all() and not streams.chance("x", YEAR, PEOPLE, 0.0).any()


@pytest.mark.parametrize(("kind", "law"), [("uniform", "uniform"), ("normal", "norm"), ("gumbel", "gumbel_r")])
def test_draws_follow_their_distribution(kind, law):
    for seed in range(3):
        values = getattr(Streams(seed), kind)("test/law", YEAR, MANY)
        assert stats.kstest(values, law).pvalue > ALPHA


@pytest.mark.parametrize("change", [{"seed": 2}, {"stream": "test/other"}, {"year": YEAR + 1}])
def test_draws_that_differ_in_one_part_of_the_key_are_independent(change):
    one, other = Streams(1), draw(MANY, **change)
    first = one.uniform("test/decision", YEAR, MANY)
    counts = np.histogram2d(first, other, bins=20, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(counts.ravel()).pvalue > ALPHA


def test_neighbours_in_a_cohort_and_cohorts_side_by_side_are_independent():
    values = Streams(1).normal("test/decision", YEAR, MANY).reshape(10, 10_000)
    limit = stats.norm.isf(ALPHA / 2)
    assert abs(stats.pearsonr(values[:, 1:].ravel(), values[:, :-1].ravel()).statistic) < limit / np.sqrt(values.size)
    assert abs(stats.pearsonr(values[1:].ravel(), values[:-1].ravel()).statistic) < limit / np.sqrt(values.size)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_a_higher_probability_hits_everybody_a_lower_one_hit(probabilities):
    hit = [Streams(1).chance("test/decision", YEAR, PEOPLE, p) for p in sorted(probabilities)]
    assert all((low <= high).all() for low, high in zip(hit, hit[1:], strict=False))


def test_chance_takes_one_probability_each_and_keeps_the_mean():
    p = np.linspace(0, 1, len(MANY))
    hit = Streams(1).chance("test/decision", YEAR, MANY, p)
    assert abs(hit.mean() - 0.5) < 5 * np.sqrt((p * (1 - p)).mean() / len(MANY))


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8))
def test_rounding_at_random_is_monotone_and_stays_within_one(expectations):
    whole = [Streams(1).whole("test/round", YEAR, PEOPLE, x) for x in sorted(expectations)]
    assert all((low <= high).all() for low, high in zip(whole, whole[1:], strict=False))
    assert all((np.abs(w - x) < 1).all() for w, x in zip(whole, sorted(expectations), strict=True))


@pytest.mark.parametrize("expected", [0.25, 3.9, -1.3])
def test_rounding_at_random_keeps_the_mean(expected):
    whole = Streams(1).whole("test/round", YEAR, MANY, expected)
    fraction = expected - np.floor(expected)
    assert abs(whole.mean() - expected) < 5 * np.sqrt(fraction * (1 - fraction) / len(MANY))


def test_whole_numbers_are_left_alone():
    assert (Streams(1).whole("test/round", YEAR, PEOPLE, np.arange(len(PEOPLE))) == np.arange(len(PEOPLE))).all()


def test_a_school_more_or_fewer_changes_no_other_schools_tickets():
    streams = Streams(1)
    three, two = (streams.per_school("test/lottery", YEAR, PEOPLE, keys) for keys in ([4, 9, 27], [27, 4]))
    assert np.array_equal(three[:, [2, 0]], two) and three.shape == (len(PEOPLE), 3)
    assert streams.per_school("test/lottery", YEAR, PEOPLE, []).shape == (len(PEOPLE), 0)


def test_draws_per_person_and_key_are_those_of_a_stream_of_each_person():
    streams, keys = Streams(7), np.array([27, 4, 9])
    found = streams.per_person("test/taste", YEAR, PEOPLE[:5], keys)
    for row, person in zip(found, PEOPLE[:5].tolist(), strict=True):
        assert (row == streams.uniform(f"test/taste@{person}", YEAR, keys)).all()
    assert streams.per_person("test/taste", YEAR, PEOPLE[:0], keys).shape == (0, 3)


def test_nobody_draws_nothing():
    assert draw(np.empty(0, np.int64)).shape == (0,)


NO_CHANCE = {
    "nan": np.nan, "nan for one": [0.5, np.nan, 0.5], "nothing": None, "text": "0.5", "true": True, "infinite": np.inf,
    "per cent": 30, "less than none": -0.1, "a column": np.full((3, 1), 0.5), "one too many": np.full(4, 0.5),
    "a mask": np.array([True, False, True]), "masked": np.ma.array(np.full(3, 0.5), mask=[True, False, False]),
}  # fmt: skip


@pytest.mark.parametrize("p", NO_CHANCE.values(), ids=NO_CHANCE)
def test_what_is_no_chance_is_refused_for_nobody_would_be_hit_without_a_word(p):
    with pytest.raises(ValueError, match="the chance of test/decision: must be"):
        Streams(1).chance("test/decision", YEAR, PEOPLE[:3], p)


@pytest.mark.parametrize("expected", [np.nan, "3", None, np.inf, 1e30, True, np.full((3, 1), 2.0)])
def test_what_is_no_expectation_is_refused(expected):
    with pytest.raises(ValueError, match="what is expected of test/round: must be"):
        Streams(1).whole("test/round", YEAR, PEOPLE[:3], expected)


@pytest.mark.parametrize("year", [True, "2015", 2015.5, np.nan])
def test_a_year_of_draws_is_a_whole_number(year):
    with pytest.raises(TypeError, match="a stream has a name and a year"):
        Streams(1).uniform("test/decision", year, PEOPLE[:3])


def test_a_rate_that_was_multiplied_may_be_more_than_certain():
    assert Streams(1).chance("test/decision", YEAR, PEOPLE[:2], np.array([1.2, 0.0])).tolist() == [True, False]


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64])
def test_numbers_are_finite_unless_one_of_them_is_none_or_beyond_all(kind):
    largest = np.finfo(kind).max if np.dtype(kind).kind == "f" else np.iinfo(kind).max
    for fine in ([], [0], [largest, largest], 3):
        assert is_finite(np.array(fine, kind))
    if np.dtype(kind).kind == "f":
        for wrong in ([0, np.nan], [np.inf, -np.inf], [-np.inf, 1], np.nan, np.inf):
            assert not is_finite(np.array(wrong, kind))


def test_a_seed_is_not_replaced():
    streams = Streams(1)
    with pytest.raises(AttributeError, match="another replication"):
        streams.seed = 2
    with pytest.raises(AttributeError, match="sead"):
        streams.sead = 2
    assert streams.seed == 1
