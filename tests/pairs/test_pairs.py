"""A sample of the races that ``make prove`` runs whole, and that its tables leave nothing out unsaid."""

import random
from itertools import islice

import pytest

from earlyhelp.workflow.transitions import REGISTRY
from tests.pairs.people import cast
from tests.pairs.racing import Races
from tests.pairs.scenes import SCENES

SAMPLE, SEED = 2, 20261129


@pytest.mark.parametrize("name", [name for name in SCENES if name != "a step over its records"])
def test_each_table_knows_every_transition_of_its_record_or_says_why_not(name):
    scene = SCENES[name]
    known = {act.name for act in scene.acts if act.deed is None} | set(scene.left_out)
    assert known == set(REGISTRY[scene.model])


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told_what_they_would_have_been_told_in_turn(request):
    people, dice = cast(request), random.Random(SEED)
    wrong = []
    for name, scene in SCENES.items():
        races = Races(scene, people)
        for first, second, state in islice(races.pairs(dice), SAMPLE):
            found = races.at_once(first, second, state)
            if not races.is_one_of_both_orders(found, first, second, state):
                wrong.append((name, first.name, second.name, state, found.ends, found.trail))
    assert wrong == []
