"""P8: every account uses a second factor."""

import pytest

from earlyhelp.partnership.enums import Role
from tests.accounts.walk import OWN, walk
from tests.factories import AreaFactory, PostFactory


@pytest.mark.promise("P8")
@pytest.mark.django_db
def test_no_role_reaches_a_page_with_a_password_alone(proof, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    county, tried, reached = AreaFactory(), 0, []
    for role in Role:
        walked, found = walk(PostFactory(role=role, area=county).user)
        tried += walked
        reached += [(role, name) for name in found if not name.startswith(OWN)]
    proof.line(
        f"{tried:,} routes asked and sent to by {len(Role)} roles without a second factor",
        f"{len(reached)} reached besides the pages that set one up",
        kept=not reached,
    )
