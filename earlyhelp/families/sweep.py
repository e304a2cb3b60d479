"""Each night: which of yesterday’s reads and guesses want a look, and by whom (promises P2 and P5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from earlyhelp.audit.models import Access, Event
from earlyhelp.families.about import about_whom
from earlyhelp.families.enums import OddReason, OddStatus
from earlyhelp.families.models import Family, OddRead, Person
from earlyhelp.families.reads import KEPT, links
from earlyhelp.families.secrets import GUESSED, TYPED
from earlyhelp.families.streets import neighbours
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User

DAYS_BACK = 3  # a night on which nothing ran is made up for
# A search, and a page that asks who may be meant, shows a name and a year of many people: that is no look at a family.
OPENED = ~Q(subject=Person._meta.label_lower) | Q(page__startswith="/families/") & ~Q(
    page__startswith="/families/search"
)
EXPLAINED_FOR = timedelta(days=366)
GUESSES = 3  # addresses in a day that wake the question whether somebody is trying them
Also = dict[tuple[int, int], list[OddReason]]  # (family, by whom): what else was found of them


def find_odd_reads(*, now: datetime) -> int:
    """Bring what was read in the last days and wants a look; says how much of it is new. Done twice, it is brought once."""
    today = timezone.localdate(now)
    return sum(_of_day(today - timedelta(days=back), now) for back in range(DAYS_BACK, 0, -1))


def _of_day(day: date, now: datetime) -> int:
    also = _who_typed_addresses(day)
    read_by = _who_read_whom(day)
    for whose, who in also:
        read_by.setdefault(whose, set()).add(who)
    for pair in neighbours(read_by):
        also.setdefault(pair, []).append(OddReason.SAME_STREET)
    families = Family.objects.select_related("area").in_bulk(read_by)
    readers = User.objects.in_bulk(set().union(*read_by.values()))
    known = set(OddRead.objects.filter(on=day).values_list("family", "reader"))
    explained = _explained_since(day - EXPLAINED_FOR)
    found = []
    for family in families.values():
        for reader, reasons in _odd(family, [readers[who] for who in sorted(read_by[family.pk])], also):
            new = set(reasons) - explained.get((family.pk, reader.pk), set())
            if new and (family.pk, reader.pk) not in known:
                found.append(OddRead(family=family, reader=reader, on=day, reasons=sorted(new), found_at=now))
    OddRead.objects.bulk_create(found, ignore_conflicts=True)
    _bring(found, day, now)
    return len(found)


def _bounds(day: date) -> list[datetime]:
    return [timezone.make_aware(datetime.combine(each, time())) for each in (day, day + timedelta(days=1))]


def _who_typed_addresses(day: date) -> Also:
    """(family, by whom): what they typed into it who may not know the secret address there. One address alone is no guess."""
    begin, end = _bounds(day)
    rows = Event.objects.filter(kind__in=(TYPED, GUESSED), facts__may_know=False, actor__isnull=False)
    said = rows.filter(at__gte=begin, at__lt=end).values_list("subject", "subject_id", "actor", "kind")
    counted = Counter(
        (family, actor, kind) for subject, pk, actor, kind in said for family in about_whom([(subject, pk)]).families
    )
    found: Also = {}
    for (family, actor, kind), times in counted.items():
        if kind == TYPED or times >= GUESSES:
            found.setdefault((family, actor), []).append(OddReason.SECRET_TYPED if kind == TYPED else OddReason.GUESSED)
    return found


def _who_read_whom(day: date) -> dict[int, set[int]]:
    """Of each family that was read, in anything that is kept about it: by whom."""
    begin, end = _bounds(day)
    read = Access.objects.filter(OPENED, at__gte=begin, at__lt=end, actor__isnull=False)
    read_by: dict[int, set[int]] = {}
    for each in KEPT:
        readers: dict[int, set[int]] = {}
        for pk, reader in read.filter(subject=each.subject).values_list("subject_id", "actor").distinct():
            readers.setdefault(pk, set()).add(reader)
        for pk, family in each.rows.filter(pk__in=readers).values_list("pk", each.family):
            if family:
                read_by.setdefault(family, set()).update(readers[pk])
    return read_by


def _odd(family: Family, readers: Iterable[User], also: Also) -> Iterable[tuple[User, list[OddReason]]]:
    ways = links(family)
    names = set(Person.objects.filter(memberships__family=family).values_list("first_name", "last_name"))
    whole = {(first.casefold(), last.casefold()) for first, last in names}
    surnames = {last for _, last in whole}
    for reader in readers:
        own = (reader.first_name.casefold(), reader.last_name.casefold())
        reasons = [OddReason.OWN_NAME] * (own in whole)
        reasons += [OddReason.SAME_SURNAME] * (own[1] in surnames and own not in whole)
        reasons += [OddReason.NO_LINK] * (reader.pk not in ways)
        reasons += also.get((family.pk, reader.pk), [])
        if reasons:
            yield reader, reasons


def _explained_since(day: date) -> dict[tuple[int, int], set[str]]:
    explained: dict[tuple[int, int], set[str]] = {}
    rows = OddRead.objects.filter(status=OddStatus.EXPLAINED, on__gte=day).values_list("family", "reader", "reasons")
    for family, reader, reasons in rows:
        explained.setdefault((family, reader), set()).update(reasons)
    return explained


def _bring(found: list[OddRead], day: date, now: datetime) -> None:
    """Each governance lead once a day, with no name: the page says who and whose."""
    areas = {pk for odd in found for pk in odd.family.area.lineage}
    if leads := Post.objects.current().filter(role=Role.IG_LEAD, area__in=areas).holders():
        notify(
            leads,
            kind=Kind.REMINDER,
            title="Somebody’s reads want a look",
            reference=f"{day:%d %B %Y}",
            url="/families/looked/",
            key=f"odd-reads:{day:%Y%m%d}",
            now=now,
        )
