"""P10: every ordered pair of deeds that are legal from a common state, at the same moment (promises.md E)."""

import pytest

from tests.pairs.people import cast
from tests.pairs.racing import Races
from tests.pairs.scenes import SCENES


@pytest.mark.promise("P10")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", SCENES)
def test_every_ordered_pair_raced_ends_as_one_of_both_orders(request, name, proof):
    races = Races(SCENES[name], cast(request))
    raced, late, wrong = 0, 0, []
    for first, second, state in races.pairs():
        found = races.at_once(first, second, state)
        raced, late = raced + 1, late + len(found.refused)
        if not races.is_one_of_both_orders(found, first, second, state):
            wrong.append(f"{first.name} and {second.name} from {state}: {found.ends} {found.trail}")
    print(*wrong, sep="\n")
    proof.line(
        f"{raced} ordered pairs of {name}, raced",
        f"{raced - len(wrong)} ended as one of both orders, {late} were too late and told so, {len(wrong)} otherwise",
        kept=raced > 0 and not wrong,
    )
