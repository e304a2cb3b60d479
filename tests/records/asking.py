"""How somebody asks for what is kept about them, and how far the request has come."""

from datetime import date

from django.utils import timezone

from earlyhelp.records import services
from earlyhelp.records.bundling import content_of, digest_of
from earlyhelp.records.enums import Decision
from earlyhelp.records.transitions import subject_access as deeds

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
BORN = date(2007, 3, 1)


def asked_for(person, by, **facts):
    said = {"received_on": TODAY, "asker": "person"} | facts
    names = {"first_name": person.first_name, "last_name": person.last_name, "born_on": person.born_on}
    return services.begin_request(by=by, now=NOW, **names, **said)


def collected(row, by):
    return deeds.collect(row, by=by, now=NOW)


def of(row, text):
    return row.items.get(text__contains=text)


def decide(row, item, by, decision="disclose", **facts):
    return deeds.decide(row, by=by, now=NOW, item=item.pk, decision=decision, **facts)


def all_given(row, by):
    for item in row.items.filter(decision=Decision.UNDECIDED):
        row = decide(row, item, by)
    return row


def asked(row, by, second):
    return deeds.ask(all_given(collected(row, by), by), by=by, now=NOW, second=second)


def approved(row, by):
    return deeds.approve(row, by=by, now=NOW, digest=digest_of(row, content_of(row)))
