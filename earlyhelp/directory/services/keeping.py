"""The directory is kept: a service is added and changed, and somebody says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core.rights import may
from earlyhelp.directory.access import keeps_directory
from earlyhelp.directory.models import Organisation, Service, ServiceCorrection
from earlyhelp.directory.queries import keepers
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.transitions import NotPossible


@transaction.atomic
def add_service(
    *, by: Any, now: datetime, organisation: str, name: str, areas: Iterable[Area] = (), **facts: Any
) -> Service:
    """Write a service down, as whoever does it has just found it to be. Raises ``NotPossible`` for one that is there."""
    if not keeps_directory(by):
        raise PermissionDenied
    of = organisation_called(organisation)
    _refuse_twice(of, name)
    service = Service.objects.create(organisation=of, name=name, assured_on=timezone.localdate(now), **facts)
    service.areas.set(areas)
    record("directory.service.add", service, by=by, at=now, became=service.status)
    return service


def organisation_called(name: str) -> Organisation:
    """The one of that name, however it is typed. A new one that is an agency of the partnership answers with its accounts."""
    known = Organisation.objects.filter(name__iexact=name).first()
    if known:
        return known
    agency = Agency.objects.filter(name__iexact=name, is_active=True).first()
    return Organisation.objects.create(name=agency.name if agency else name, agency=agency)


@transaction.atomic
def edit_service(
    service: Service,
    *,
    by: Any,
    now: datetime,
    version: int,
    name: str,
    areas: Iterable[Area],
    checked: bool = False,
    **facts: Any,
) -> Service:
    """Whose service it is never changes: another organisation would read who was referred. Raises ``Stale`` as ``edit``.

    ``checked``: all of it was looked at, and not only what is changed.
    """
    if not may(by, "keep", service):
        raise PermissionDenied
    _refuse_twice(service.organisation, name, but=service)
    facts |= {"assured_on": timezone.localdate(now)} if checked else {}
    service = edit(service, by=by, now=now, version=version, name=name, **facts)
    service.areas.set(areas)
    return service


def _refuse_twice(organisation: Organisation, name: str, but: Service | None = None) -> None:
    others = organisation.services.exclude(pk=but.pk) if but else organisation.services.all()
    if others.filter(name__iexact=name).exists():
        raise NotPossible("This organisation has a service of that name already.", field="name")


@transaction.atomic
def propose_correction(service: Service, *, by: Any, now: datetime, text: str) -> ServiceCorrection:
    """Anybody who finds a fault, the service's own people first of all, tells those who keep the directory."""
    if not may(by, "view", service):
        raise PermissionDenied
    correction = ServiceCorrection.objects.create(service=service, text=text, by=by, at=now)
    record("directory.servicecorrection.propose", correction, by=by, at=now, became=correction.status)
    notify(
        [each for each in keepers() if each != by],
        kind=Kind.REQUEST,
        title="Something in the directory may be wrong",
        reference=service.name[:40],
        url=service.get_absolute_url(),
        key=f"correction:{correction.pk}",
        now=now,
    )
    return correction
