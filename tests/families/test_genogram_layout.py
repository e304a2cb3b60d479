"""Where everybody stands: generations, couples, children; whatever the ties say, each person once and each tie told."""

import time
from collections import Counter
from datetime import date
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earlyhelp.families.enums import BondKind, RelationshipKind
from earlyhelp.families.genogram import Bond, Human, Tie, layout
from earlyhelp.families.genogram.parts import BELOW, COLUMN, COUPLES, MANNERS, SIBLINGS, SYMBOL, WORDS
from tests.counted import counted

__all__ = ["counted"]


def human(key, year=None, shape="other", at_home=False):
    return Human(key, shape, date(year, 1, key % 27 + 1) if year else None, at_home)


def tied(*said):
    """``(one, kind, other)`` as ties, numbered as they come."""
    return [Tie(number, one, other, kind) for number, (one, kind, other) in enumerate(said, start=1)]


def told(picture):
    """How often each tie is told: by a line, by a note, or by the lines of others."""
    keys = Counter(key for line in picture.lines for key in set(line.ties))
    keys.update(key for spot in picture.spots.values() for key in spot.notes)
    keys.update(picture.implied)
    return keys


def overlapping(picture):
    return [
        (one.key, other.key)
        for one, other in combinations(picture.spots.values(), 2)
        if abs(one.x - other.x) < COLUMN - 1 and abs(one.y - other.y) < SYMBOL
    ]


def parents(*pairs):
    return [(parent, "parent", child) for parent, child in pairs]


# --- a family as it is taught ----------------------------------------------------------------------------------------


@pytest.fixture
def family():
    """1 has a former partner, 2, and a present one, 3; 4 is of the first, the twins 5 and 6 of the second; 7 and 8 are hers."""
    people = [
        human(1, 1990, "female", at_home=True), human(2, 1988, "male"), human(3, 1985, "male", at_home=True),
        human(4, 2015, at_home=True), Human(5, "male", date(2019, 5, 1), True), Human(6, "male", date(2019, 5, 1), True),
        human(7, 1960, "female"), human(8, 1958, "male"),
    ]  # fmt: skip
    said = [(1, "former_partner", 2), (1, "partner", 3), (7, "spouse", 8), (5, "identical_twin", 6)]
    said += [*parents((1, 4), (2, 4), (1, 5), (3, 5), (1, 6), (3, 6), (7, 1), (8, 1)), (7, "grandparent", 4)]
    return people, tied(*said)


def test_three_generations_stand_above_one_another(family):
    spots = layout(*family).spots

    assert spots[7].y == spots[8].y < spots[1].y == spots[2].y == spots[3].y < spots[4].y == spots[5].y


def test_the_former_partner_stands_left_and_the_present_one_right(family):
    spots = layout(*family).spots

    assert spots[2].x < spots[1].x < spots[3].x


def test_of_two_the_man_stands_left(family):
    spots = layout(*family).spots

    assert spots[8].x < spots[7].x


def test_children_stand_under_their_own_parents_eldest_first(family):
    spots = layout(*family).spots

    assert spots[4].x < spots[1].x
    assert spots[4].x < spots[5].x < spots[6].x


def test_each_couple_is_drawn_as_what_it_is(family):
    picture = layout(*family)

    assert {(line.how, line.ties) for line in picture.lines if line.kind == "couple"} == {
        ("separated", (1,)), ("together", (2,)), ("married", (3,)),
    }  # fmt: skip


def test_twins_come_from_one_point_and_identical_ones_are_joined(family):
    picture = layout(*family)
    drops = [line for line in picture.lines if line.kind == "child"]
    starts = Counter(line.points[0] for line in drops)

    assert sorted(starts.values()) == [1, 1, 2]
    assert [line.ties for line in picture.lines if line.kind == "twins"] == [(4,)]


def test_what_a_parent_between_them_says_is_not_drawn_again(family):
    assert layout(*family).implied == {13}


def test_the_household_is_one_outline_around_those_who_live_together(family):
    people, ties = family
    picture = layout(people, ties)
    assert len(picture.homes) == 1
    (home,) = picture.homes

    for each in people:
        assert _inside(picture.spots[each.key], home) is each.at_home, each.key


def _inside(spot, corners):
    crossings = 0
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > spot.y) != (y2 > spot.y) and spot.x < (x2 - x1) * (spot.y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_somebody_who_lives_elsewhere_is_never_drawn_inside():
    """Their brother lives with a father elsewhere, and stands between them by age."""
    people = [human(1, 1990, at_home=True), human(2, 2010, at_home=True), human(3, 2012), human(4, 2014, at_home=True)]
    picture = layout(people, tied(*parents((1, 2), (1, 3), (1, 4))))

    assert len(picture.homes) > 1
    for each in people:
        assert any(_inside(picture.spots[each.key], home) for home in picture.homes) is each.at_home


@pytest.mark.parametrize(("kind", "how"), [("adoptive_parent", "adopted"), ("foster_carer", "foster")])
def test_a_child_who_came_otherwise_than_by_birth_is_marked(kind, how):
    picture = layout([human(1, 1980), human(2, 2010)], tied((1, kind, 2)))

    assert [line.how for line in picture.lines if line.kind == "child"] == [how]


def test_a_child_may_have_parents_by_birth_and_foster_carers():
    people = [human(key, 1980) for key in (1, 2, 3, 4)] + [human(5, 2015)]
    said = [*parents((1, 5), (2, 5)), (3, "foster_carer", 5), (4, "foster_carer", 5), (3, "spouse", 4)]
    picture = layout(people, tied(*said))

    assert {line.how for line in picture.lines if line.kind == "child"} == {"birth", "foster"}
    assert set(told(picture)) == {1, 2, 3, 4, 5}


def test_a_foster_carer_until_last_year_is_told_and_no_longer_a_parent_in_the_tree():
    ties = [Tie(1, 1, 2, "foster_carer", ended=True)]
    picture = layout([human(1, 1980), human(2, 2010)], ties)

    assert [line.kind for line in picture.lines] == []
    assert told(picture) == {1: 1}


def test_two_parents_of_whom_nobody_says_what_they_are_are_joined_all_the_same():
    picture = layout([human(1, 1980), human(2, 1980), human(3, 2010)], tied(*parents((1, 3), (2, 3))))

    assert [line.how for line in picture.lines if line.kind == "couple"] == ["unsaid"]


def test_a_step_parent_is_told_by_the_couple_and_a_half_sister_by_the_parent():
    people = [human(1, 1980), human(2, 1980), human(3, 2010), human(4, 2015)]
    said = [(1, "partner", 2), (2, "step_parent", 3), *parents((1, 3), (1, 4), (2, 4)), (3, "half_sibling", 4)]
    picture = layout(people, tied(*said))

    assert picture.implied == {2, 6}


def test_an_aunt_without_parents_between_is_drawn_with_words():
    picture = layout([human(1, 1980), human(2, 2010)], tied((1, "aunt_uncle", 2)))

    assert picture.spots[1].y < picture.spots[2].y
    assert [(line.kind, line.ties) for line in picture.lines] == [("link", (1,))]


def test_a_grandparent_without_a_parent_between_stands_two_rows_above():
    people = [human(1, 1950), human(2, 2010), human(3, 1980)]
    spots = layout(people, tied((1, "grandparent", 2), (3, "parent", 2))).spots

    assert spots[1].y < spots[3].y < spots[2].y


# --- those who belong to no tree -----------------------------------------------------------------------------------------


def test_one_person_alone_is_not_linked_yet():
    picture = layout([human(1, 1990)], [])

    assert list(picture.spots) == [1]
    assert picture.unlinked_at is not None
    assert picture.lines == ()


def test_nobody_at_all_is_a_picture_too():
    assert layout([], []).spots == {}


def test_a_friend_stands_apart_with_the_words_beneath():
    picture = layout([human(1, 1990), human(2, 2015), human(3, 1991)], tied((1, "parent", 2), (3, "friend", 1)))

    assert picture.spots[3].notes == (2,)
    assert picture.spots[3].y > picture.spots[2].y
    assert picture.unlinked_at is None


# --- whatever is written down --------------------------------------------------------------------------------------------


def test_cousins_may_marry():
    people = [human(key, year) for key, year in ((1, 1940), (2, 1960), (3, 1962), (4, 1985), (5, 1986), (6, 2015))]
    said = [*parents((1, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 6)), (4, "spouse", 5), (4, "cousin", 5)]
    picture = layout(people, tied(*said))

    assert picture.spots[4].y == picture.spots[5].y
    assert told(picture) == dict.fromkeys(range(1, len(said) + 1), 1)


def test_a_circle_of_parents_ends():
    people = [human(key, 1980) for key in (1, 2, 3)]
    picture = layout(people, tied(*parents((1, 2), (2, 3), (3, 1))))

    assert len(picture.spots) == 3
    assert told(picture) == {1: 1, 2: 1, 3: 1}


def test_an_uncle_may_marry_his_niece():
    people = [human(key, 1980) for key in (1, 2, 3, 4, 5)]
    said = [*parents((1, 2), (1, 3), (2, 4)), (3, "spouse", 4), *parents((3, 5), (4, 5))]

    assert told(layout(people, tied(*said))) == dict.fromkeys(range(1, 7), 1)


def many(number):
    """Three generations: each couple has three children; every second of them has a partner."""
    people, said, couples, key = [human(1, 1940, "male"), human(2, 1942, "female")], [(1, "spouse", 2)], [(1, 2)], 2
    while len(people) < number:
        father, mother = couples.pop(0)
        for place in range(3):
            key += 1
            people.append(human(key, min(1960 + key, 2020), "female", at_home=key % 2 == 0))
            said += parents((father, key), (mother, key))
            if place < 2:
                people.append(human(key + 1, 1960, "male"))
                said.append((key, "partner", key + 1))
                couples.append((key + 1, key))
                key += 1
    return people, tied(*said)


@pytest.mark.parametrize("number", [25, 60])
def test_a_large_family_stands_clear_of_one_another(number):
    picture = layout(*many(number))

    assert overlapping(picture) == []
    assert len(picture.spots) >= number


def test_sixty_people_are_laid_out_in_fifty_milliseconds(counted):
    people, ties = many(60)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        layout(people, ties)
        times.append(time.perf_counter() - start)

    counted("A genogram of sixty people is laid out", round(min(times) * 1000), "ms", most=50)


def test_the_same_people_in_another_order_give_the_same_picture():
    people, ties = many(25)

    assert layout(people[::-1], ties) == layout(people, ties)


STRUCTURE = sorted({*MANNERS, *COUPLES, *SIBLINGS, *BELOW})
keys = st.integers(1, 9)
anything = st.lists(st.tuples(keys, st.sampled_from(list(RelationshipKind)), keys, st.booleans()), max_size=24)


@settings(max_examples=250, deadline=None)
@given(anything, st.sets(keys, max_size=9), st.sets(keys))
def test_whatever_is_said_each_stands_once_and_each_tie_is_told(said, present, at_home):
    """However contradictory: nobody stands on somebody else, and no tie to those who are there is lost."""
    people = [human(key, 1950 + key * 7, at_home=key in at_home) for key in present]
    ties = [Tie(number, one, other, str(kind), ended) for number, (one, kind, other, ended) in enumerate(said)]
    picture = layout(people, ties)

    assert set(picture.spots) == present
    assert overlapping(picture) == []
    real = {tie.key for tie in ties if tie.one != tie.other and {tie.one, tie.other} <= present}
    assert set(told(picture)) == real
    for spot in picture.spots.values():
        assert 0 < spot.x < picture.width
        assert 0 < spot.y < picture.height
        inside = any(_inside(spot, home) for home in picture.homes)
        assert inside is (spot.key in at_home), spot


# --- how people get on, and whom they lost ---------------------------------------------------------------------------

NAME_WIDE = 104  # fifteen letters


def crossed(picture):
    """Lines of how people get on that run through somebody's name."""
    found = []
    for line in picture.bonds:
        for (x1, y1), (x2, y2) in pairwise(line.points):
            for spot in picture.spots.values():
                top, bottom = spot.y + SYMBOL / 2 + 2, spot.y + SYMBOL / 2 + 3 * WORDS
                beside = max(x1, x2) < spot.x - NAME_WIDE / 2 or min(x1, x2) > spot.x + NAME_WIDE / 2
                if not beside and max(y1, y2) > top and min(y1, y2) < bottom:
                    found.append((line.ties, spot.key))
    return found


feelings = st.lists(st.tuples(keys, st.sampled_from(list(BondKind)), keys), max_size=12)


@settings(max_examples=250, deadline=None)
@given(anything, st.sets(keys, max_size=9), st.sets(keys), feelings)
def test_whatever_is_felt_each_is_told_once_and_crosses_no_name(said, present, at_home, felt):
    people = [human(key, 1950 + key * 7, at_home=key in at_home) for key in present]
    ties = [Tie(number, one, other, str(kind), ended) for number, (one, kind, other, ended) in enumerate(said)]
    bonds = [Bond(number, one, other, str(kind)) for number, (one, kind, other) in enumerate(felt)]
    plain, picture = layout(people, ties), layout(people, ties, bonds)

    real = {bond.key for bond in bonds if bond.one != bond.other and {bond.one, bond.other} <= present}
    assert Counter([*picture.untold, *(line.ties[0] for line in picture.bonds)]) == dict.fromkeys(real, 1)
    assert crossed(picture) == []
    assert told(picture) == told(plain)
    for line in picture.bonds:
        assert all(0 < x < picture.width and 0 < y < picture.height for x, y in line.points)
    if not bonds:
        assert picture == plain


@settings(max_examples=150, deadline=None)
@given(anything, st.sets(keys, max_size=9), st.sets(keys), st.lists(keys, max_size=5))
def test_whoever_was_lost_stands_once_and_moves_nobody_into_the_household_or_out(said, present, at_home, mothers):
    people = [human(key, 1950 + key * 7, at_home=key in at_home) for key in present]
    mothers = [key for key in mothers if key in present]
    people += [Human(-number, born=date(2000, 1, 1), is_lost=True) for number in range(1, len(mothers) + 1)]
    ties = [Tie(number, one, other, str(kind), ended) for number, (one, kind, other, ended) in enumerate(said)]
    ties += [Tie(-number, mother, -number, "parent") for number, mother in enumerate(mothers, start=1)]
    picture = layout(people, ties)

    assert len(picture.spots) == len(people)
    assert overlapping(picture) == []
    for key in present:
        inside = any(_inside(picture.spots[key], home) for home in picture.homes)
        assert inside is (key in at_home)


def test_a_child_lost_between_two_at_home_does_not_part_the_household():
    people = [human(1, 1990, at_home=True), human(2, 2010, at_home=True), human(4, 2014, at_home=True)]
    lost = Human(3, born=date(2012, 1, 1), is_lost=True)
    picture = layout([*people, lost], tied(*parents((1, 2), (1, 3), (1, 4))))

    assert len(picture.homes) == 1
    assert picture.spots[2].x < picture.spots[3].x < picture.spots[4].x


def test_twelve_who_all_feel_something_for_each_other_are_all_drawn():
    people, ties = many(12)
    bonds = [Bond(n, one.key, other.key, "close") for n, (one, other) in enumerate(combinations(people[:12], 2))]
    picture = layout(people, ties, bonds)

    assert crossed(picture) == []
    assert len(picture.bonds) == len(bonds)
    assert len({line.points for line in picture.bonds}) == len(bonds)


def test_every_kind_is_either_of_the_tree_or_beside_it():
    beside = set(RelationshipKind) - set(STRUCTURE)

    assert beside == {"carer", "friend", "neighbour", "acquaintance", "in_contact", "other"}
