"""The menu of services is kept true: one was withdrawn, and Age UK says what is wrong with its own."""

from __future__ import annotations

from datetime import datetime

from earlyhelp.demo.county import County
from earlyhelp.directory.models import Service, ServiceCorrection
from earlyhelp.directory.services.keeping import propose_correction
from earlyhelp.directory.transitions import service as deeds


def tell(county: County) -> None:
    ruth, joan = county.people["ruth"], county.people["joan"]
    lunch, age = county.services["lunch"], county.services["age"]

    def found_wrong(now: datetime) -> None:
        propose_correction(age, by=joan, now=now, text="It said that we open on Mondays. We open every day.")

    def answered(now: datetime) -> None:
        correction = ServiceCorrection.objects.get(service=age)
        deeds.put_right(correction, by=ruth, now=now, answer="I took the day out.")
        deeds.say_checked(Service.objects.get(pk=age.pk), by=ruth, now=now)

    def moved(now: datetime) -> None:
        propose_correction(age, by=joan, now=now, text="The men’s group meets in the library from next month.")

    write = county.diary.write
    gone = "The kitchen closed at the end of the summer. The coffee morning on Tuesdays is open to all."
    write(county.since(weeks=3).at(hour=15), lambda now: deeds.withdraw(lunch, by=ruth, now=now, reason=gone))
    write(county.since(working_days=12).at(hour=10), found_wrong)
    write(county.since(working_days=11).at(hour=9), answered)
    write(county.since(working_days=1).at(hour=16), moved)
