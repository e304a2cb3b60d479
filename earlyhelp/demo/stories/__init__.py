"""One short file a family: domain.md 17 tells each of them, and each is left at another point of its journey."""

from __future__ import annotations

from earlyhelp.demo.county import County
from earlyhelp.demo.meetings import plan_coming
from earlyhelp.demo.stories import (
    checklists,
    contacts,
    curious,
    documents,
    front_door,
    grant,
    gwen,
    hidden,
    menu,
    missing,
    moran,
    neighbours,
    onward,
    self_help,
    sharing,
    social_care,
    stone,
    testimonials,
    triage,
    twice,
    words,
    workforce,
)

# As they happened: a later one may build on what an earlier one left.
STORIES = (
    gwen,
    grant,
    moran,
    stone,
    neighbours,
    missing,
    front_door,
    contacts,
    onward,
    triage,
    checklists,
    self_help,
    social_care,
    menu,
    testimonials,
    sharing,
    curious,
    twice,
    hidden,
    words,
    documents,
    workforce,
)


def tell(county: County) -> None:
    """Write every story into the diary, then live it up to the present."""
    for story in STORIES:
        story.tell(county)
    county.diary.live()
    plan_coming(county.sittings, now=county.now)
