"""One short file a family: domain.md 17 tells each of them, and each is left at another point of its journey."""

from __future__ import annotations

from earlyhelp.demo.county import County
from earlyhelp.demo.meetings import plan_coming
from earlyhelp.demo.stories import contacts, front_door, grant, gwen, moran, neighbours, social_care, stone


def tell(county: County) -> None:
    """Write every story into the diary, then live it up to the present."""
    for story in (gwen, grant, moran, stone, neighbours, front_door, contacts, social_care):
        story.tell(county)
    county.diary.live()
    plan_coming(county.sittings, now=county.now)
