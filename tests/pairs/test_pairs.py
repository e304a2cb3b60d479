"""A sample of the races that ``make prove`` runs whole, and that its tables leave nothing out unsaid."""

import random
from itertools import islice

import pytest

import earlyhelp.urls  # noqa: F401  (every room, and so every transition, is known once its pages are)
from earlyhelp.workflow.transitions import REGISTRY
from tests.pairs.people import cast
from tests.pairs.racing import Races
from tests.pairs.scenes import SCENES

SAMPLE, SEED = 2, 20261129

# Records of other rooms for which no scene is written yet. Each goes through ``workflow.transitions`` as those raced here do,
# which locks the row and compares its state; what it changes beside itself is not proved in a race.
NO_SCENE_YET = {
    "assessments.Assessment": "it takes a whole assessment, each child seen, to make one",
    "assessments.Feedback": "it has one transition, and is about no family",
    "assessments.Plan": "it has one transition, and follows a TAF meeting, which is raced",
    "cases.EmergencyAccess": "two answers of whoever weighs it",
    "directory.OnwardReferral": "a machine of sixteen deeds, half of them by a service outside",
    "directory.Service": "of the directory, about no family",
    "directory.ServiceCorrection": "of the directory, about no family",
    "documents.Document": "its states follow a scanner",
    "families.OddRead": "two answers of whoever looks at it",
    "lac.Introduction": "of the coordinators in the areas, of whom one answers for each",
    "records.AccessRequest": "it takes a bundle, collected and decided item for item, to make one",
    "records.Blanking": "two answers of the governance lead",
    "records.Disposal": "it takes a record whose time is over to make one",
    "referrals.ChecklistResponse": "asked by one person on one screen",
    "referrals.Contact": "thirteen deeds, most of them open from one state",
    "referrals.InformationRequest": "raced with its referral, whose states its answers change",
    "referrals.QuestionSet": "configuration, about no family",
    "referrals.Suggestion": "talked over by one person on one screen",
    "sharing.RecipientCopy": "it takes a document and its passages to make one",
}


def test_every_record_with_a_state_is_raced_or_said_not_to_be():
    raced = {scene.model._meta.label for scene in SCENES.values()}
    assert {model._meta.label for model in REGISTRY} == raced | set(NO_SCENE_YET)
    assert not raced & set(NO_SCENE_YET)
    assert all(NO_SCENE_YET.values())


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
