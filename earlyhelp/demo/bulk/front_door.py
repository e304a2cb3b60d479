"""The referrals of a grown county: one for every case, those that led elsewhere, and the queue of today."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from django.utils import timezone

from earlyhelp.demo.bulk.copying import NULL, Table, last_number
from earlyhelp.demo.bulk.days import due_at, due_on, moment, rings_at, rungs, working
from earlyhelp.demo.bulk.episode import Episode
from earlyhelp.demo.bulk.households import Household
from earlyhelp.demo.bulk.workforce import Workforce
from earlyhelp.demo.texts import REFERRALS
from referrals.models import Referral, ReferralDeadline

ELSEWHERE = 0.4  # referrals that led to advice or to another service, for each that led to a case
QUEUE = 0.0006  # waiting or in triage now, for each case of ten years
STANDARD, AMBER = (1, "working_days"), 75


class FrontDoor:
    def __init__(self, force: Workforce, dice: Random, now: datetime) -> None:
        self.force, self.dice, self.now = force, dice, now
        self.today = timezone.localdate(now).toordinal()
        self.referral = Table(
            Referral,
            "reference",
            "status",
            "author_id",
            "agency_id",
            "family_id",
            "area_id",
            "created_at",
            "touched_at",
            "why_now",
            "wants",
            "tried",
            "submitted_at",
            "holder_id",
            "taken_at",
            "decided_at",
            "decided_by_id",
            "level_of_need",
            "case_id",
            people_checked=True,
            safeguarding="no",
            urgent=False,
            source_kind="school",
            contact_phone="01632 960 101",
        )
        self.deadline = Table(
            ReferralDeadline,
            "reference",
            "url",
            "area_id",
            "holder_id",
            "holder_role",
            "started_at",
            "due_at",
            "rungs",
            "rings_at",
            "owner_id",
            code="D_TRIAGE",
            label="Decide the referral",
        )
        self.tables = (self.referral, self.deadline)
        self.number = last_number("referrals_reference")

    def of(self, episode: Episode) -> None:
        """The referral from which a case came; sometimes one before it that led elsewhere."""
        sent = working(episode.accepted, -1)
        self._write(episode.home, "accepted", sent, decided=episode.accepted, level=episode.tier, case=episode.pk)
        if self.dice.random() < ELSEWHERE:
            earlier = working(sent - self.dice.randint(60, 700), -1)
            status = self.dice.choice(("signposted", "advice_given"))
            self._write(episode.home, status, earlier, decided=working(earlier, 1), level=2)
        if self.dice.random() < QUEUE:
            self._waiting(episode.home)

    def _waiting(self, home: Household) -> None:
        status = self.dice.choice(("submitted", "submitted", "in_triage", "info_requested"))
        self._write(home, status, working(self.today - self.dice.randint(0, 1), -1))

    def _write(
        self,
        home: Household,
        status: str,
        sent: int,
        *,
        decided: int | None = None,
        level: int | None = None,
        case: int | None = None,
    ) -> None:
        dice, access = self.dice, str(self.force.access)
        author, agency = dice.choice(self.force.others[home.district])
        words, held = dice.choice(REFERRALS), status != "submitted"
        self.number += 1
        reference = f"R-{date.fromordinal(sent).year}-{self.number:06d}"
        owner = self.referral.add(
            reference,
            status,
            str(author),
            str(agency),
            str(home.family),
            home.area,
            moment(sent, 9),
            moment(sent),
            words.why_now,
            words.wants,
            words.tried,
            moment(sent),
            access if held else NULL,
            moment(sent, 12) if held else NULL,
            moment(decided) if decided else NULL,
            access if decided else NULL,
            str(level) if level else NULL,
            str(case) if case else NULL,
        )
        if decided is None:
            self._promise(owner, reference, home, sent, access if held else "")

    def _promise(self, owner: int, reference: str, home: Household, sent: int, holder: str) -> None:
        ladder = (sent, due_on(sent, *STANDARD), AMBER)
        self.deadline.add(
            reference,
            f"/referrals/{reference}/",
            home.area,
            holder or NULL,
            "" if holder else "eh_access",
            moment(sent),
            due_at(ladder[1]),
            rungs(*ladder),
            rings_at(*ladder, self.now),
            str(owner),
        )
