"""Writing a disagreement down, and whom each stage is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.deadlines.services import promise
from earlyhelp.disagreements.enums import Stage
from earlyhelp.disagreements.models import Disagreement, DisagreementStage
from earlyhelp.disagreements.registry import Matter
from earlyhelp.families.services import next_number
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from earlyhelp.workflow.transitions import NotPossible

HELD_BY = {
    Stage.MANAGERS: (Role.TEAM_MANAGER,),
    Stage.LEADERS: (Role.HUB_CHAIR, Role.SERVICE_MANAGER),
    Stage.PARTNERSHIP: (Role.SERVICE_MANAGER,),
}


@transaction.atomic
def disagree(
    matter: Matter, *, by: Any, now: datetime, about: str, decision: str, why: str, meanwhile: str
) -> Disagreement:
    """Write down that this person does not agree, and what is safest until it is settled. The first stage begins.

    Raises ``NotPossible`` if they have said so already, and it is not settled yet.
    """
    if about not in matter.kinds:
        raise NotPossible(f"That is not decided in {matter.reference}.", field="about")
    try:
        with transaction.atomic():
            disagreement = Disagreement.objects.create(
                reference=f"D-{timezone.localdate(now):%Y}-{next_number('disagreements_reference'):06d}",
                about=about,
                record=matter.reference,
                record_url=matter.url,
                family=matter.family,
                case=matter.case,
                area=matter.area,
                decision=decision,
                why=why,
                meanwhile=meanwhile,
                raised_by=by,
                agency=by.agency,
                raised_at=now,
                other=next((each for each in matter.people if each and each != by), None),
            )
    except IntegrityError as twice:
        raise NotPossible("You have recorded this disagreement already, and it is not settled yet.") from twice
    record("disagreements.disagreement.raise", disagreement, by=by, at=now, became=disagreement.status)
    begin(disagreement, Stage.WORKERS, now=now)
    title = "Somebody disagrees with a decision: speak to them"
    tell(disagreement, [each for each in matter.people if each != by], title, what="raised", now=now)
    return disagreement


def begin(disagreement: Disagreement, stage: Stage, *, now: datetime) -> None:
    """The stage has two working days from now, and those who hold it hear at once."""
    DisagreementStage.objects.create(disagreement=disagreement, stage=stage, from_at=now)
    disagreement.stage = stage
    holders, promised_by = _holders(disagreement, stage)
    promise(disagreement, "D_DISAGREE", now=now, **promised_by)
    if stage != Stage.WORKERS:
        tell(disagreement, holders, "A disagreement is for you to settle", what=f"stage:{stage.value}", now=now)


def tell(disagreement: Disagreement, people: Iterable[User | None], title: str, *, what: str, now: datetime) -> None:
    """Owe each person one notice: a few words, a reference and a link."""
    notify(
        people,
        kind=Kind.REQUEST,
        title=title,
        reference=disagreement.reference,
        url=disagreement.get_absolute_url(),
        key=f"disagreement:{disagreement.pk}:{what}",
        now=now,
        urgent=True,
    )


def _holders(disagreement: Disagreement, stage: Stage) -> tuple[list[User], dict[str, Any]]:
    """Who settles it at this stage, and who of them answers for the date."""
    if stage == Stage.WORKERS:
        return [disagreement.raised_by], {"holder": disagreement.raised_by}
    if disagreement.family and disagreement.family.restricted:
        return _posted(disagreement, Role.IG_LEAD), {"holder_role": Role.IG_LEAD}
    if stage == Stage.MANAGERS and (managers := _managers(disagreement)):
        return managers, {"holder": managers[0]}
    roles = HELD_BY[stage]
    return _posted(disagreement, *roles), {"holder_role": roles[0]}


def _managers(disagreement: Disagreement) -> list[User]:
    """Those of whoever raised it, first; then those of the lead professional."""
    case = disagreement.case
    workers = [disagreement.raised_by, case.lead if case else None]
    teams: list[int | None] = [each.team_id for each in workers if each and each.team_id]
    posts = Post.objects.current().filter(role=Role.TEAM_MANAGER, team__in=teams, user__is_active=True)
    found = sorted(posts.select_related("user"), key=lambda post: (teams.index(post.team_id), post.pk))
    return list(dict.fromkeys(post.user for post in found))


def _posted(disagreement: Disagreement, *roles: str) -> list[User]:
    posts = Post.objects.current().filter(role__in=roles, area__in=disagreement.area.lineage, user__is_active=True)
    return list(dict.fromkeys(post.user for post in posts.select_related("user").order_by("pk")))
