"""An address is found however it is spelled, another is not taken for it, and a guess looks like a guess (promises P2 and B)."""

import time

import pytest

from earlyhelp.families.spelling import like_an_address, secrets_in
from tests.families.spelled import demo_texts, false_alarms, missed


def at(line_1, postcode="", line_2=""):
    return secrets_in([{"line_1": line_1, "line_2": line_2, "postcode": postcode}], [])


def test_every_exact_spelling_is_found_and_of_the_others_at_least_99_in_100():
    exact, lost, spelled, unfound = missed(60, seed=5)

    assert exact > 200
    assert not lost
    assert len(unfound) <= spelled / 100


def test_of_notes_that_name_another_street_at_most_one_in_a_hundred_is_taken_for_it():
    notes, alarms = false_alarms(60, seed=5)

    assert len(alarms) <= notes / 100


@pytest.mark.parametrize("kept", ["Flat 2 14 Rose Lane", "Flat 2, 14 Rose Lane", "2/14 Rose Lane", "14, rose-lane"])
@pytest.mark.parametrize(
    "said", ["Flat 2 14 Rose Lane", "2/14 Rose Lane", "14, rose-lane", "14 Rose Ln", "14 rsoe lane"]
)
def test_a_flat_before_it_or_a_stroke_hides_no_house(kept, said):
    assert at(kept).stand_in(f"She is at {said} now.")


@pytest.mark.parametrize("said", ["at LE12 7 somewhere", "le12 7.", "LE12-7", "(LE127)", "LEl2 7ZZ"])
def test_a_postcode_begun_is_found(said):
    assert at("", "LE12 7ZZ").stand_in(said)


@pytest.mark.parametrize("said", ["LE12 7AB", "LE12 7 AB", "LE12 alone", "LE12 8", "LE1 27", "ALE12 7 times"])
def test_another_postcode_or_a_shorter_piece_is_not(said):
    assert not at("", "LE12 7ZZ").stand_in(said)


@pytest.mark.parametrize("said", ["Rang Willows twice.", "she is at willows now", "in the Willows", "WILLOWS"])
def test_a_house_that_has_one_word_for_a_name_is_found(said):
    assert at("Willows").stand_in(said)


@pytest.mark.parametrize("said", ["The willows by the brook.", "Willows Primary School rang.", "Mr Willowson"])
def test_what_only_sounds_like_it_is_not(said):
    assert not at("Willows").stand_in(said)


@pytest.mark.parametrize("said", ["07700 9OO O84", "o77oo9ooo84", "(0)7700900084", "+44 (0)7700 900084"])
def test_a_telephone_is_found_with_o_for_nought(said):
    assert secrets_in([], ["07700 900 084"]).stand_in(f"Ring {said}.")


def test_letters_that_only_look_like_noughts_are_no_part_of_a_number():
    assert not secrets_in([], ["07700 900 084"]).stand_in("07700 9 oo 084")


@pytest.mark.parametrize("word", ["0" * 99_999 + "a", "o0" * 49_999 + "z", "o" * 99_999, "1o" * 50_000])
def test_a_text_of_noughts_is_looked_through_in_no_time(word):
    began = time.perf_counter()

    assert not secrets_in([], ["07700 900 084"]).stand_in(word)

    assert time.perf_counter() - began < 5  # it takes 0.1; squared, a minute


LIKE_ONE = ["14 Rose Lane", "3 Moor Rd", "LE12 7ZZ", "le12 7", "Haven House", "lives at Willows", "17 Quince"]


@pytest.mark.parametrize("said", LIKE_ONE)
def test_what_could_be_an_address_looks_like_one_whichever_it_is(said):
    assert like_an_address(f"She said {said}, I think.")


def test_of_what_people_say_in_the_invented_county_little_looks_like_an_address():
    said = demo_texts()

    assert sum(map(like_an_address, said)) <= len(said) / 50
