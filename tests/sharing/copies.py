"""What is read of a copy: the passages that go, and the words on its paper."""

from datetime import timedelta

from earlyhelp.sharing.copying import prepare
from tests.factories import MONDAY

LATER = MONDAY + timedelta(days=1)
REFUGE = {"line_1": "7 Hidden Lane", "postcode": "LE9 9ZZ"}


def text_of(paper):
    return "\n".join(section.heading + "\n" + section.text for section in paper.sections)


def goes(copy):
    return [each.passage.text for each in prepare(copy, now=LATER).goes]
