"""Parts: columns and cells are one thing, and a part keeps its state when parts are numbered anew."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import JUNIOR, PRIMARY, SUBJECT_GROUPS
from simsim.world.parts import Parts
from simsim.world.schools import STATE, School
from tests.one_district import founded

P = {"class_size.target.primary": 45.0, "class_size.target.junior": 50.0}


@pytest.fixture
def district():
    return founded()


def add(district, key: int, kind: str = "nine_year", ownership: str = "public", at: tuple[float, float] = (1.0, 2.0)):
    school = School(district, key, kind, ownership, True, *at)
    district.parts.open(school, (3, 4))
    district.schools[key] = school
    return school


def test_a_column_and_the_cells_of_the_parts_are_one_thing(district):
    parts = district.parts
    parts.rooms[3] = 77
    assert parts[3].rooms == 77
    parts[4].program = 0.25
    assert parts.program[4] == 0.25
    assert all(part.row == row and parts[row] is part for row, part in enumerate(parts))


def test_adding_to_a_column_writes_in_place(district):
    parts, column = district.parts, district.parts.program
    before = column.copy()
    parts.program += 1
    assert parts.program is column and np.array_equal(column, before + 1)


def test_a_value_given_to_a_column_is_written_into_it_and_never_replaces_it(district):
    parts, column = district.parts, district.parts.program
    parts.program = 0.5
    assert parts.program is column and (column == 0.5).all()
    with pytest.raises(ValueError, match="broadcast"):
        parts.program = np.zeros(len(parts) + 1)


def test_posts_are_a_row_of_their_column(district):
    part = district.parts[2]
    part.posts[1] += 5
    assert district.parts.posts[2, 1] == part.posts[1]
    part.posts = np.arange(len(SUBJECT_GROUPS))
    assert district.parts.posts[2].tolist() == list(range(len(SUBJECT_GROUPS)))


def test_a_column_that_does_not_exist_is_refused_by_name(district):
    with pytest.raises(AttributeError, match="no column roms"):
        district.parts.roms  # noqa: B018


def test_parts_are_numbered_by_stage_and_key_and_found_by_place(district):
    parts = district.parts
    order = [(part.stage, part.key) for part in parts]
    assert order == sorted(order) and len(parts) == len(list(parts)) == len(parts.rooms)
    assert [parts.place[stage, key] for stage, key in order] == list(range(len(parts)))
    assert (parts.place >= 0).sum() == len(parts)
    assert parts.key.tolist() == [key for _, key in order] and parts.stage.tolist() == [stage for stage, _ in order]


def test_numbering_anew_keeps_the_state_of_every_part(district):
    parts = district.parts
    parts.residual = np.arange(len(parts), dtype=float)
    before = {(part.stage, part.key): part.residual for part in parts}
    add(district, 30)
    district.index_parts()
    after = {(part.stage, part.key): part.residual for part in parts}
    assert after == before | {(PRIMARY, 30): 0.0, (JUNIOR, 30): 0.0}


def test_a_part_can_be_written_before_it_is_numbered(district):
    school = add(district, 30)
    assert [school.parts[s].rooms for s in (PRIMARY, JUNIOR)] == [3, 4]
    school.parts[JUNIOR].status = 1.5
    district.index_parts()
    row = int(district.parts.place[JUNIOR, 30])
    assert district.parts.status[row] == 1.5 and district.parts.rooms[row] == 4
    assert district.parts[row] is school.parts[JUNIOR]


def test_a_new_part_starts_as_the_table_of_columns_says(district):
    school = add(district, 30)
    district.index_parts()
    row = school.parts[PRIMARY].row
    for name, (dtype, start) in STATE.items():
        column = district.parts.columns[name]
        assert column.dtype == dtype
        expected = 3 if name == "rooms" else start
        np.testing.assert_array_equal(column[row], expected)


def test_a_part_that_closed_is_forgotten(district):
    parts, school = district.parts, district.schools[1]
    n, kept = len(parts), parts.rooms[parts.place[JUNIOR, 1]]
    del school.parts[PRIMARY]
    district.index_parts()
    assert len(parts) == n - 1 == len(parts.rooms) and parts.place[PRIMARY, 1] == -1
    assert parts.rooms[parts.place[JUNIOR, 1]] == kept
    district.parts.open(school, (9, 9))
    district.index_parts()
    assert parts.residual[parts.place[PRIMARY, 1]] == 0.0


def test_what_schools_say_is_repeated_and_looked_up_again_when_they_move(district):
    parts = district.parts
    school = add(district, 30, ownership="private", at=(3.0, 4.0))
    district.index_parts()
    row = school.parts[PRIMARY].row
    assert not parts.public[row] and parts.urban[row] and (parts.x_km[row], parts.y_km[row]) == (3.0, 4.0)
    school.x_km = 8.0
    assert parts.x_km[row] == 3.0
    parts.look_where()
    assert parts.x_km[row] == 8.0 and parts.y_km[row] == 4.0
    assert parts.of_schools(lambda s: s.key).tolist() == parts.key.tolist()


def test_the_parts_of_a_stage_with_private_ones_and_without(district):
    parts = district.parts
    for stage in (PRIMARY, JUNIOR):
        every = parts.of_stage(stage).tolist()
        assert every == [part.row for part in parts if part.stage == stage]
        assert parts.of_stage(stage, only_public=True).tolist() == [r for r in every if parts[r].school.public]
        assert parts.post_mix(stage).tolist() == parts.posts[every].sum(axis=0).tolist()
    assert len(parts.of_stage(PRIMARY)) == len(parts.of_stage(PRIMARY, only_public=True)) + 2


def test_seats_are_rooms_times_the_class_size_aimed_at(district):
    parts = district.parts
    for part, seats in zip(parts, parts.seats(P).tolist(), strict=True):
        assert seats == part.rooms * (45 if part.stage == PRIMARY else 50)


def test_rolls_count_every_pupil_once_and_nobody_who_waits(district):
    parts, students = district.parts, district.students
    students.school[:3] = 0
    assert (parts.of_students()[:3] == -1).all()
    rolls = parts.rolls()
    assert rolls.sum() == len(students) - 3
    part = parts[0]
    assert rolls[0] == sum(k == part.key and g <= 6 for k, g in zip(students.school, students.grade, strict=True))


def test_the_mean_of_a_part_leaves_out_who_waits_and_is_zero_where_nobody_is(district):
    parts, students = district.parts, district.students
    students.school[parts.of_students() == 5] = 0
    means = parts.means(students.ses)
    assert means[5] == 0.0
    assert means[0] == pytest.approx(students.ses[parts.of_students() == 0].mean())


def test_a_rotated_teacher_works_at_one_school_and_holds_the_post_of_another(district):
    parts, teachers = district.parts, district.teachers
    assert (parts.vacancies() == 0).all() and np.array_equal(parts.staff(), parts.posts)
    row = int(np.flatnonzero((teachers.stage == PRIMARY) & (teachers.post == 1))[0])
    group = int(teachers.subject[row])
    teachers.post[row] = 2
    assert (parts.vacancies() == 0).all()
    moved = parts.staff() - parts.posts
    assert moved[parts.place[PRIMARY, 1], group] == -1 and moved[parts.place[PRIMARY, 2], group] == 1
    assert np.abs(moved).sum() == 2
    teachers.home[row] = 2
    vacant = parts.vacancies()
    assert vacant[parts.place[PRIMARY, 1], group] == 1 and vacant[parts.place[PRIMARY, 2], group] == -1


def test_a_teacher_of_a_closed_part_counts_nowhere(district):
    parts = district.parts
    group = int(district.teachers.subject[0])
    part = int(parts.of_teachers()[0])
    district.teachers.post[0] = 998
    assert parts.of_teachers()[0] == -1 and parts.staff()[part, group] == parts.posts[part, group] - 1


def test_before_any_school_opens_there_are_no_parts(district):
    none = Parts(district.students, district.teachers)
    assert len(none) == 0 and none.rooms.shape == (0,) and none.posts.shape == (0, len(SUBJECT_GROUPS))
    assert (none.place == -1).all()


def test_who_is_where_follows_what_is_written_into_the_columns(district):
    before, rolls = district.parts.of_students(), district.parts.rolls()
    mover = int(np.flatnonzero(before >= 0)[0])
    before[:] = 99  # a copy: writing into it moves nobody
    district.students.school[mover] = 0
    assert district.parts.of_students()[mover] == -1
    assert district.parts.rolls().sum() == rolls.sum() - 1
    mean = district.parts.means(district.students.ses)
    part = district.parts.of_students()
    assert mean[0] == pytest.approx(district.students.ses[part == 0].mean())
