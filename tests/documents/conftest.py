import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from earlyhelp.cases.models import TeamMember
from earlyhelp.documents import services, storing, sweep, transitions
from earlyhelp.documents.enums import ENDINGS
from earlyhelp.documents.models import Document
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import SYSTEM
from tests.documents import corpus
from tests.factories import MONDAY, MemberFactory, PersonFactory

LATER = MONDAY + timedelta(seconds=20)


def afresh(user):
    """The same person as they come with their next request."""
    return User.objects.get(pk=user.pk)


def upload(specimen=None, *, name="letter.pdf", declared="application/pdf", content=None):
    if specimen is not None:
        return SimpleUploadedFile(specimen.filename, specimen.make(), specimen.declared)
    return SimpleUploadedFile(name, corpus.pdf() if content is None else content, declared)


@pytest.fixture
def family(led_case):
    """Robin’s family, with whom the worker works."""
    family = led_case.family
    MemberFactory(family=family, person=PersonFactory(first_name="Robin", last_name="Grant", area=led_case.area))
    return family


@pytest.fixture
def put(family, worker):
    """``put()`` adds a document to the family’s record, by the worker unless somebody else is named."""

    def add(file=None, *, by=None, now=MONDAY, title="Letter about attendance", family=family, **facts):
        file = file or upload()
        given = {"kind": "letter", "visibility": "family", "format": ENDINGS[file.name.rpartition(".")[2].lower()]}
        return services.add(family, by=by or worker, now=now, file=file, title=title, **(given | facts))

    return add


@pytest.fixture
def look(db):
    """``look(document)`` lets the sweep look through what waits, and gives the document as it stands then."""

    def look(document=None, *, now=LATER):
        sweep.look_through(now=now)
        return document and Document.objects.get(pk=document.pk)

    return look


@pytest.fixture
def available(put):
    """A document that was looked through already: ``available(title=…)``."""

    def make(**facts):
        document = transitions.pass_inspection(put(**facts), by=SYSTEM, now=LATER)
        stored = storing.put(io.BytesIO(corpus.pdf()), under=storing.KEPT)
        return transitions.make_available(document, by=SYSTEM, now=LATER, stored=stored)

    return make


@pytest.fixture
def held(put):
    """A document in which something is wrong: ``held(reason=…)``."""

    def make(reason="The document holds macros (small programs).", for_good=False, **facts):
        return transitions.hold(put(**facts), by=SYSTEM, now=LATER, reason=reason, for_good=for_good)

    return make


@pytest.fixture
def partner(led_case, practitioner):
    """Of another agency, on the team as well."""
    TeamMember.objects.create(
        case=led_case, user=practitioner, agency=practitioner.agency, role="member", from_at=MONDAY
    )
    return practitioner


@pytest.fixture
def colleague(led_case, other_worker):
    """Of the worker’s own agency, on the team as well."""
    TeamMember.objects.create(
        case=led_case, user=other_worker, agency=other_worker.agency, role="member", from_at=MONDAY
    )
    return other_worker
