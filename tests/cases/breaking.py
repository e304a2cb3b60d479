"""Openings in an emergency at random: rightly made, without a reason, by whoever may not, and where something cannot be written.

``openings`` knows from what was drawn alone what has to come of each; everything that came of it otherwise is a fault.
"""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from random import Random

from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from earlyhelp.audit.models import Access, Event
from earlyhelp.cases import emergency
from earlyhelp.cases.models import Case, CaseUserObjectPermission, EmergencyAccess
from earlyhelp.cases.todo import emergencies_to_weigh
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from tests.factories import CaseFactory, FamilyFactory

DAY = timedelta(hours=24)
WHY = "The police found a child alone; the lead does not answer."
NAME = "Zqglassxk"  # of every family here: whoever is shown a case reads it

# What the database refuses to write, and so what must not be opened, or not be shown.
OPENS = {
    "that it was opened": "cases_emergencyaccess",
    "the grant": "cases_caseuserobjectpermission",
    "the event": "audit_event",
    "the alarm": "notices_notice",
}
WAYS = ("opens", "no reason", "not named", "not there", *OPENS, "the access log")


@contextmanager
def refusing(table):
    """The table takes no new row: a disk that is full, a partition that is gone, a rule that nobody foresaw."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may wait for the end of the test's own transaction
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT takes_nothing CHECK (false) NOT VALID")
    try:
        with transaction.atomic():  # as long as a request: what it could not finish is undone with it
            yield
            if connection.connection.info.transaction_status == TRANSACTION_STATUS_INERROR:
                transaction.set_rollback(True)  # it ended at a statement of its own, with nothing around that to undo
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT takes_nothing")


class Opening:
    """One case that is closed to ``who``, and what comes of their opening it in a way that was drawn."""

    def __init__(self, way, dice, area, lead, named, unnamed):
        self.way, self.dice, self.faults = way, dice, []
        restricted = dice.random() < 0.3
        family = FamilyFactory(area=area, name=NAME, restricted=restricted)
        self.case = CaseFactory.led_by(lead, area=area, family=family, restricted=restricted)
        self.who = User.objects.get(pk=(unnamed if way == "not named" else named).pk)
        self.browser = Client(raise_request_exception=False)
        self.browser.force_login(self.who)

    def expect(self, true, what):
        if not true:
            self.faults.append((self.way, what))

    def asked(self):
        """The form is sent; whether the case is open to them afterwards."""
        reference = "EH-1999-000001" if self.way == "not there" else self.dice.choice([self.case, self.case.family])
        typed = {
            "token": uuid.uuid4(),
            "reference": getattr(reference, "reference", reference),
            "reason": "" if self.way == "no reason" else WHY,
        }
        self.answer = self.browser.post("/cases/emergency/", typed)
        return self.is_open()

    def is_open(self):
        who = User.objects.get(pk=self.who.pk)
        return Case.objects.for_user(who).filter(pk=self.case.pk).exists()

    def is_shown(self):
        return NAME in self.browser.get(self.case.get_absolute_url()).content.decode()

    def left_nothing(self):
        """Refused: it is as if nobody had asked."""
        self.expect(not self.is_open(), "it is open")
        self.expect(not self.is_shown(), "it is shown")
        self.expect(self.answer.status_code != 302, "it was said to be open")
        for rows in (EmergencyAccess, CaseUserObjectPermission, Notice):
            self.expect(not rows.objects.exists(), f"there is a {rows._meta.verbose_name}")
        trail = Event.objects.filter(kind="cases.case.opened_in_emergency", subject_id=self.case.pk)
        self.expect(not trail.exists(), "there is an event")

    def was_written_and_alarmed(self, tell):
        row = EmergencyAccess.objects.get()
        grant = self.case.grants.get()
        self.expect((row.reason, row.user) == (WHY, self.who), "who and why is not written down")
        event = Event.objects.get(kind="cases.case.opened_in_emergency", subject_id=self.case.pk)
        self.expect((event.reason, event.actor) == (WHY, self.who), "the trail does not say who and why")
        self.expect(grant.expires_at - row.opened_at == DAY == row.ends_at - row.opened_at, "it is not open for a day")
        told = {notice.to for notice in Notice.objects.filter(kind="emergency", urgent=True)}
        self.expect(told == tell(self.case), "not those hear who must")
        self.expect(self.is_shown(), "it is not shown")
        reads = Access.objects.filter(actor=self.who, subject="cases.case", subject_id=self.case.pk)
        self.expect(reads.exists(), "the read is not written down")
        return row, grant

    def is_weighed_by_somebody_else(self, row, ig_lead):
        weigh = self.dice.choice([emergency.was_right, emergency.was_wrong])
        self.expect(len(list(emergencies_to_weigh(ig_lead, timezone.now()))) == 1, "nobody has it to weigh")
        try:
            weigh(row, by=self.who, now=timezone.now(), note="I say so.")
            self.faults.append((self.way, "who opened it weighed it"))
        except PermissionDenied:
            pass
        weigh(row, by=ig_lead, now=timezone.now(), note="Asked the police.")
        self.expect(self.is_open() is (weigh is emergency.was_right), "it is open after what was said of it")
        self.expect(not list(emergencies_to_weigh(ig_lead, timezone.now())), "it is to be weighed still")

    def is_over_after_a_day(self, grant):
        for left, opened in ((timedelta(minutes=5), True), (-timedelta(seconds=1), False)):
            CaseUserObjectPermission.objects.filter(pk=grant.pk).update(expires_at=timezone.now() + left)
            self.expect(self.is_open() is opened, f"{left} before its end it is {'shut' if opened else 'open'}")
        self.expect(not self.is_shown(), "it is shown after its end")


def openings(number, *, seed, area, lead, manager, ig_lead, named, unnamed):
    """So many of them: how many of each way, and each fault."""
    call_command("emergency_access", named.username, stdout=StringIO())
    dice, tried, faults = Random(seed), Counter(), []
    for turn in range(number):
        way = WAYS[turn % len(WAYS)]
        tried[way] += 1
        one = Opening(way, dice, area, lead, named, unnamed)
        _live(one, ig_lead, tell=lambda case: {lead, ig_lead} | (set() if case.restricted else {manager}))
        faults += one.faults
        _forget()
    return tried, faults


def _live(one, ig_lead, tell):
    if one.way in OPENS:
        with refusing(OPENS[one.way]):
            one.asked()
        one.left_nothing()
    elif one.way == "opens":
        one.expect(one.asked(), "it is not open")
        row, grant = one.was_written_and_alarmed(tell)
        one.dice.choice(
            [lambda: one.is_weighed_by_somebody_else(row, ig_lead), lambda: one.is_over_after_a_day(grant)]
        )()
    elif one.way == "the access log":
        one.expect(one.asked(), "it is not open")
        with refusing("audit_access"):
            one.expect(not one.is_shown(), "it is shown and not written down")
        one.expect(one.is_shown(), "it is not shown when it can be written down again")
    else:
        one.asked()
        one.left_nothing()


def _forget():
    """The next one begins with nothing; only the trail of events cannot be forgotten."""
    CaseUserObjectPermission.objects.all().delete()
    EmergencyAccess.objects.all().delete()
    Notice.objects.all().delete()
