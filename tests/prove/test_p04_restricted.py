"""P4: a restricted record changes no list, count, suggestion, duplicate match or dashboard for those not entitled."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from earlyhelp.families.matching import find_duplicates
from earlyhelp.families.models import Family
from earlyhelp.families.restricting import restrict
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from tests.attacks.without import differing, read
from tests.factories import PostFactory
from tests.matrix.policy import PAGES, SEES
from tests.matrix.test_matrix import address, people, routes  # noqa: F401
from tests.matrix.worlds import build, missing

NOW = timezone.now().replace(microsecond=0)
OUT_OF_SCOPE = ("readyz", "healthz", "sign_out")  # they speak of the machine, or end the session


@pytest.fixture
def others(people, melton, county, family_team):  # noqa: F811
    """People in the same posts, with whom the hidden families work: of those who are asked nobody is entitled to them."""
    made = {}
    for name, user in people.items():
        post = user.posts.first() if user else None
        facts = {"role": post.role, "area": post.area, "team": post.team} if post else {"area": melton}
        made[name] = PostFactory(**facts).user
    return made


def hide(others, melton, ig_lead):
    """One that was restricted from the first, and one that is so since a moment ago, with all that is kept of each."""
    build("unseen", others, melton, restricted=True, hidden=True)
    told = set(Notice.objects.values_list("pk", flat=True))
    world = build("since", others, melton, hidden=True)
    Notice.objects.exclude(
        pk__in=told
    ).delete()  # what was told before it was restricted stays told, and is not asked here
    since = Family.objects.get(**world.ids["family"])
    facts = {"kind": "staff", "reason": "Works here.", "review_on": NOW.date() + timedelta(days=90)}
    restrict(since, by=ig_lead, now=NOW, **facts)


@pytest.mark.promise("P4")
def test_every_page_is_the_same_to_the_letter_for_those_not_entitled(people, others, melton, ig_lead, proof):  # noqa: F811
    with time_machine.travel(NOW, tick=False):
        worlds = [build("own", people, melton), build("closed", people, melton, closed=True)]
        worlds.append(missing(like=worlds[0]))
        asked = [route for route in routes() if route.name not in OUT_OF_SCOPE]
        pages = list(dict.fromkeys(address(route, world) for route in asked for world in worlds))
        find_duplicates(now=NOW)
        before, again = ({who: read(user, pages) for who, user in people.items()} for _ in range(2))
        hide(others, melton, ig_lead)
        find_duplicates(now=NOW)
        after = {who: read(user, pages) for who, user in people.items()}

    told = differing(before, after, again)
    print(*told, sep="\n")
    proof.line(
        f"{len(pages):,} pages × {len(people)} actors, two hidden families with all that is kept of each",
        f"{len(told)} differ {told[:5] or ''}".rstrip(),
        kept=not told,
    )
    assert {PAGES[route.name] for route in asked} >= set(SEES)
    assert Role.IG_LEAD not in {post.role for user in people.values() if user for post in user.posts.all()}
