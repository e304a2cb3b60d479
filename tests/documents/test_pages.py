"""Adding a document and correcting what is said of it: on a form that works without scripts and makes one record."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from earlyhelp.documents import storing
from earlyhelp.documents.models import Document
from earlyhelp.families.models import FamilyMembership
from earlyhelp.partnership.models import Agency
from tests.documents import corpus
from tests.documents.conftest import upload
from tests.factories import MemberFactory, UserFactory
from tests.families.pages import sent


@pytest.fixture
def url(family):
    return reverse("documents:add", args=[family.reference])


def typed(**fields):
    return sent(title="Letter about attendance", kind="letter", visibility="family") | fields


def words(response):
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def test_the_form_sends_files_and_says_what_is_taken(client, url, worker):
    client.force_login(worker)

    page = client.get(url).content.decode()

    assert 'enctype="multipart/form-data"' in page
    assert 'class="govuk-file-upload" type="file" name="file"' in page
    assert 'accept=".pdf,.jpg,.jpeg,.png,.txt,.docx,.xlsx,.odt"' in page
    assert "At most 10 MB" in page


def test_what_is_said_of_it_is_kept_and_the_name_of_the_file_is_not(client, url, worker, family, partner):
    robin = family.people.get()
    client.force_login(worker)

    client.post(
        url, typed(file=upload(name="Grant secret.pdf"), about=[robin.pk], visibility="named", readers=[partner.pk])
    )

    document = Document.objects.get()
    assert (document.uploaded_by, document.agency, document.family) == (worker, worker.agency, family)
    assert list(document.about.all()) == [robin]
    assert list(document.readers.all()) == [partner]
    kept = storing.opened(document.blob).read()
    assert (document.size, kept) == (len(kept), corpus.pdf())
    assert "secret" not in str(vars(document))


def test_a_double_click_makes_one_document_and_leaves_one_file(client, url, worker):
    client.force_login(worker)
    storing.put(ContentFile(b"Somebody else's."))
    before = len(storing.store().listdir("quarantine")[1])
    fields = typed()

    answers = [client.post(url, fields | {"file": upload()}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Document.objects.count() == 1
    assert len(storing.store().listdir("quarantine")[1]) == before + 1


def test_another_file_under_the_same_token_is_not_taken_for_saved(client, url, worker):
    client.force_login(worker)
    fields = typed()
    client.post(url, fields | {"file": upload()})

    answer = client.post(url, fields | {"file": upload(content=corpus.pdf(pages=2))})

    assert answer.status_code == 409
    assert "is not saved" in words(answer)
    assert Document.objects.count() == 1


def test_whoever_has_to_correct_something_else_is_told_to_choose_the_file_again(client, url, worker):
    client.force_login(worker)

    answer = client.post(url, typed(file=upload(), title=""))

    assert answer.status_code == 422
    assert "Enter the title" in words(answer)
    assert "Choose the file again" in words(answer)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (None, "Choose a file"),
        (SimpleUploadedFile("a.heic", b"x", "image/heic"), "The file must be a PDF"),
        (SimpleUploadedFile("a.pdf", b"", "application/pdf"), "The file is empty"),
        (SimpleUploadedFile("a.txt", b"a" * (10 * 1024**2 + 1), "text/plain"), "smaller than 10 MB"),
    ],
)
def test_an_error_says_what_to_do(client, url, worker, file, told):
    client.force_login(worker)

    answer = client.post(url, typed(**({"file": file} if file else {})))

    assert answer.status_code == 422
    assert told in words(answer)


def test_only_those_who_work_with_the_family_can_be_named(client, url, worker, partner, stranger):
    client.force_login(worker)
    assert str(partner) in words(client.get(url))
    assert str(stranger) not in words(client.get(url))

    answer = client.post(url, typed(file=upload(), visibility="named", readers=[stranger.pk]))

    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_it_is_about_nobody_of_another_family(client, url, worker):
    other = MemberFactory().person
    client.force_login(worker)

    assert client.post(url, typed(file=upload(), about=[other.pk])).status_code == 422
    assert FamilyMembership.objects.filter(person=other).count() == 1
    assert not Document.objects.exists()


def test_whoever_belongs_to_no_agency_names_people_instead(client, url, worker):
    worker.agency = None
    worker.save()
    client.force_login(worker)

    answer = client.post(url, typed(file=upload(), visibility="agency"))

    assert answer.status_code == 409
    assert "name the people who may see it" in words(answer)
    assert not Document.objects.exists()


def test_a_flood_is_refused_before_it_is_read(client, url, worker, settings):
    settings.UPLOAD_FLOODS_AT = 10_000
    client.force_login(worker)

    answer = client.post(url, typed(file=upload(content=b"a" * 20_000)))

    assert answer.status_code == 400
    assert not Document.objects.exists()


def test_a_scanner_that_is_down_keeps_nobody_from_adding_or_opening_anything(client, url, worker, available, settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    document = available()
    client.force_login(worker)

    assert client.post(url, typed(file=upload())).status_code == 302
    assert client.get(reverse("documents:content", args=[document.pk])).status_code == 200


@pytest.mark.parametrize("who", ["chair", "manager", "ig_lead", "stranger"])
def test_whoever_only_reads_adds_nothing(request, client, url, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url).status_code == 404
    assert client.post(url, typed(file=upload())).status_code == 404
    assert not Document.objects.exists()


def test_a_store_that_is_silent_is_said_and_nothing_is_half_kept(client, url, worker, monkeypatch):
    client.force_login(worker)

    def silent(self, name, content, max_length=None):
        raise TimeoutError

    monkeypatch.setattr(type(storing.store()), "save", silent)

    answer = client.post(url, typed(file=upload()))

    assert answer.status_code == 409
    assert "Try again in a few minutes" in words(answer)
    assert not Document.objects.exists()


def test_its_title_and_who_sees_it_are_corrected_and_the_trail_says_so(client, available, worker, partner):
    document = available()
    client.force_login(worker)
    page = reverse("documents:change", args=[document.pk])
    fields = {"version": document.version, "kind": "report", "visibility": "named", "readers": [partner.pk]}

    answer = client.post(page, fields | {"title": "Report on attendance"})

    document.refresh_from_db()
    assert answer.url == document.get_absolute_url()
    assert (document.title, document.kind, document.visibility) == ("Report on attendance", "report", "named")
    assert document.history.filter(title="Letter about attendance").exists()
    assert list(document.readers.all()) == [partner]


def test_a_change_against_an_old_version_overwrites_nobody(client, available, worker):
    document = available()
    client.force_login(worker)
    fields = {"version": document.version - 1, "kind": "report", "visibility": "family", "title": "Another"}

    answer = client.post(reverse("documents:change", args=[document.pk]), fields)

    assert answer.status_code == 409
    assert Document.objects.get().title == "Letter about attendance"


def test_another_agency_neither_narrows_nor_renames_it(client, available, partner):
    document = available()
    client.force_login(partner)

    assert client.get(reverse("documents:change", args=[document.pk])).status_code == 404


def test_the_case_shows_the_family_s_documents_among_its_own_pages(client, available, led_case, worker):
    available()
    client.force_login(worker)

    page = client.get(f"{led_case.get_absolute_url()}documents/")

    assert "Letter about attendance" in words(page)
    assert f'href="{reverse("documents:add", args=[led_case.family.reference])}"' in page.content.decode()


def test_twenty_documents_of_a_case_take_as_many_queries_as_one(
    client, put, led_case, worker, django_assert_max_num_queries
):
    client.force_login(worker)
    page = f"{led_case.get_absolute_url()}documents/"
    put()
    client.get(page)
    with django_assert_max_num_queries(7) as one:
        client.get(page)
    for _ in range(19):
        put()

    with django_assert_max_num_queries(len(one)):
        assert words(client.get(page)).count("Letter about attendance") > 19


def test_of_many_people_to_name_the_form_asks_once(client, url, worker, led_case, django_assert_max_num_queries):
    client.force_login(worker)
    client.get(url)
    with django_assert_max_num_queries(9) as one:
        client.get(url)
    for _ in range(19):
        led_case.team.create(
            user=UserFactory(), agency=Agency.objects.first(), role="member", from_at=led_case.accepted_at
        )

    with django_assert_max_num_queries(len(one)):
        client.get(url)


def test_reading_a_document_shows_among_those_who_have_seen_the_family(client, available, worker, partner, family):
    document = available()
    client.force_login(partner)
    client.get(reverse("documents:content", args=[document.pk]))
    client.force_login(worker)

    assert "Its documents" in words(client.get(reverse("families:seen", args=[family.reference])))
