"""One person's years here, at random: they join, lead nobody, move, are suspended, leave, and their agency comes and goes.

After each step everything that they opened before is tried again: the page, the form in it, a program's key, the link of
an invitation. ``Life`` knows from the steps alone what should be answered.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from earlyhelp.accounts import services
from earlyhelp.audit.models import Event
from earlyhelp.cases.enums import TeamRole
from earlyhelp.cases.models import TeamMember
from earlyhelp.cases.services import leave_team
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from tests.accounts.test_administration import link_of
from tests.factories import AgencyFactory, CaseFactory, UserFactory

STEPS = (
    "post",
    "end_post",
    "join",
    "leave_team",
    "move",
    "suspend",
    "reinstate",
    "leave",
    "agency_ends",
    "agency_back",
)


class Life:
    def __init__(self, admin, melton, seed):
        self.dice, self.admin, self.melton = Random(seed), admin, melton
        self.person = UserFactory()
        self.case, self.other = CaseFactory(area=melton), CaseFactory(area=melton)
        self.key = Token.objects.create(user=self.person).key
        self.account_open = self.agency_open = True
        self.chairs = self.member = False
        self.link = None
        self.tried = Counter()
        self.faults = []
        self.sign_in()

    # --- what happens --------------------------------------------------------------------------------------------

    def step(self):
        name = self.dice.choice(STEPS)
        self.person = User.objects.get(pk=self.person.pk)
        try:
            getattr(self, name)(timezone.now())
        except NotPossible:
            return
        self.try_everything(name)

    def post(self, now):
        facts = {"role": Role.HUB_CHAIR, "area": self.melton, "from_on": timezone.localdate(now)}
        services.give_post(self.person, by=self.admin, now=now, **facts)
        self.chairs = True

    def end_post(self, now):
        yesterday = timezone.localdate(now) - timedelta(days=1)
        for post in self.person.posts.current():
            services.end_post(post, by=self.admin, now=now, last_day=yesterday)
        self.chairs = False

    def join(self, now):
        if not TeamMember.objects.current().filter(case=self.case, user=self.person).exists():
            facts = {"agency": self.person.agency, "role": TeamRole.MEMBER, "from_at": now}
            TeamMember.objects.create(case=self.case, user=self.person, **facts)
        self.member = True

    def leave_team(self, now):
        for member in TeamMember.objects.current().filter(user=self.person):
            leave_team(member, by=self.admin, now=now, reason="Moved on.")
        self.member = False

    def move(self, now):
        services.change(self.person, by=self.admin, now=now, agency=AgencyFactory(), team=None)
        self.chairs, self.agency_open = False, True

    def suspend(self, now):
        services.suspend(self.person, by=self.admin, now=now, reason="At random.")
        self.account_open = False

    def reinstate(self, now):
        services.reinstate(self.person, by=self.admin, now=now, reason="At random.")
        self.account_open = True
        if self.agency_open:
            self.link = link_of(services.send_new_link(self.person, by=self.admin, now=now))

    def leave(self, now):
        yesterday = timezone.localdate(now) - timedelta(days=1)
        services.leave(self.person, by=self.admin, now=now, last_day=yesterday)
        self.account_open = self.chairs = self.member = False

    def agency_ends(self, now):
        self._agency(False)

    def agency_back(self, now):
        self._agency(True)

    def _agency(self, is_active):
        self.person.agency.is_active = self.agency_open = is_active
        self.person.agency.save()

    # --- what is answered ----------------------------------------------------------------------------------------

    @property
    def here(self):
        return self.account_open and self.agency_open

    def sign_in(self):
        self.browser = Client()
        self.browser.force_login(User.objects.get(pk=self.person.pk))

    def try_everything(self, step):
        """The session from before: after a suspension it is over for good, and they sign in anew."""
        for case, sees in ((self.case, self.chairs or self.member), (self.other, self.chairs)):
            if not (self.here and sees):
                self.refused(step, case)
        self.expect(step, "link", not (self.here and self.link), self._answers_link())
        if self.here and self.browser.get("/").status_code != 200:
            self.sign_in()
        if self.here:
            opened = self.browser.get(f"/cases/{self.case}/").status_code == 200
            self.expect(step, "their own work", False, opened if self.chairs or self.member else True)

    def refused(self, step, case):
        before = Event.objects.count()
        answers = {
            "page": self.browser.get(f"/cases/{case}/"),
            "form": self.browser.post(f"/cases/{case}/team/join/", {"name": "Somebody", "role": TeamRole.MEMBER}),
            "key": Client().get(f"/api/cases/{case}/", headers={"Authorization": f"Token {self.key}"}),
        }
        for what, answer in answers.items():
            let_in = answer.status_code == 200 or str(case.request) in answer.content.decode()
            self.expect(step, what, True, let_in)
        self.expect(step, "form", True, Event.objects.count() != before)

    def _answers_link(self):
        return bool(self.link) and Client().get(self.link).status_code == 200

    def expect(self, step, what, shut, opened):
        self.tried[what] += 1
        if shut is opened:
            self.faults.append((step, what, "opened" if opened else "shut"))


def live(admin, melton, *, lives, steps=12):
    """``lives`` people at random: how much was tried, and each answer that should have been another."""
    tried, faults = Counter(), []
    for seed in range(lives):
        life = Life(admin, melton, seed)
        for _ in range(steps):
            life.step()
        tried += life.tried
        faults += life.faults
    return tried, faults
