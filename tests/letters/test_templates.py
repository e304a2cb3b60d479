"""The letters of an authority: written anew by its administrator, looked at first, and never altered once they were used."""

import re

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from earlyhelp.letters.defaults import DEFAULTS
from earlyhelp.letters.enums import BY_ITSELF, Kind, Reader, words_of
from earlyhelp.letters.models import LetterTemplate
from earlyhelp.letters.services import fault_of, fill, finish, in_force, publish
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible, Stale
from tests.factories import MONDAY, FamilyFactory, PostFactory

PAGE = reverse("letters:template", args=["signposted", "family"])


@pytest.fixture
def administrator(county):
    return PostFactory(role=Role.SYSTEM_ADMIN, area=county).user


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def words(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


# --- the texts ---------------------------------------------------------------------------------------------------------


def test_there_is_a_letter_for_every_decision_and_every_reader(db):
    # That the hub takes them on says nothing to a family yet: the next letter names who comes.
    assert set(DEFAULTS) == {(kind, reader) for kind in Kind for reader in Reader} - {(Kind.HUB_OPENED, Reader.FAMILY)}
    assert LetterTemplate.objects.count() == len(DEFAULTS)


@pytest.mark.parametrize(("kind", "reader"), sorted(DEFAULTS))
def test_every_letter_that_comes_with_the_product_can_be_filled_in(kind, reader):
    values = {word: value for word, (_, value) in words_of(kind).items()}
    for text in DEFAULTS[kind, reader]:
        assert fault_of(text, kind) == ""
        assert "{" not in fill(text, values)


@pytest.mark.parametrize("text", ["{address}", "{advice}", "Dear {people", "100 }", "{ people }", "{}"])
def test_a_text_that_could_not_be_filled_in_is_refused(text):
    assert fault_of(text, Kind.SIGNPOSTED)


def test_what_is_not_known_yet_stays_in_its_brackets():
    assert fill("{people}: {services}", {"people": "Leanne"}) == "Leanne: {services}"


def test_a_letter_with_a_word_left_open_is_not_sent(db):
    with pytest.raises(NotPossible, match="services"):
        finish("{services}", {}, family_id=FamilyFactory().pk, field="message")


# --- versions ----------------------------------------------------------------------------------------------------------


def test_a_new_text_is_a_new_version_and_the_old_one_is_kept(administrator):
    old = in_force(Kind.SIGNPOSTED, Reader.FAMILY)

    made = publish(old, by=administrator, now=MONDAY, version=1, subject="About {family}", body="Ring {services}.")

    assert in_force(Kind.SIGNPOSTED, Reader.FAMILY) == made
    assert (made.version, made.by) == (2, administrator)
    assert LetterTemplate.objects.get(pk=old.pk).body == old.body


def test_of_two_who_write_it_anew_the_second_is_shown_the_first_ones_text(administrator):
    old = in_force(Kind.SIGNPOSTED, Reader.FAMILY)
    first = publish(old, by=administrator, now=MONDAY, version=1, subject="s", body="first")

    with pytest.raises(Stale) as problem:
        publish(old, by=administrator, now=MONDAY, version=1, subject="s", body="second")

    assert problem.value.row == first
    assert not LetterTemplate.objects.filter(body="second").exists()


def test_no_version_is_ever_altered(db):
    with pytest.raises(InternalError), transaction.atomic():
        LetterTemplate.objects.update(body="")


# --- the pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["access_worker", "chair", "practitioner", "manager"])
def test_only_the_administrator_writes_letters(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("letters:templates")).status_code == 404
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"subject": "s", "body": "b", "version": 1}).status_code == 404
    assert LetterTemplate.objects.count() == len(DEFAULTS)


def test_the_page_shows_the_letter_in_an_invented_name(desk):
    shown = words(desk.get(PAGE))

    assert "Dear Marta and Owen" in shown
    assert "{services}" in shown  # among what can be filled in


def test_a_preview_shows_the_new_text_and_puts_nothing_in_force(desk):
    shown = desk.post(PAGE, {"subject": "s", "body": "Hello {people}!", "version": 1, "preview": "yes"})

    assert shown.status_code == 200
    assert "Hello Marta and Owen!" in words(shown)
    assert in_force(Kind.SIGNPOSTED, Reader.FAMILY).version == 1


def test_a_fault_stands_beside_the_text_with_all_of_it_still_there(desk):
    refused = desk.post(PAGE, {"subject": "s", "body": "You live at {address}.", "version": 1})

    assert refused.status_code == 422
    assert "{address}" in refused.context["form"].errors["body"][0]
    assert in_force(Kind.SIGNPOSTED, Reader.FAMILY).version == 1


def test_the_administrator_puts_a_text_in_force(desk, administrator):
    saved = desk.post(PAGE, {"subject": "About {family}", "body": "Hello {people}.", "version": 1})

    assert saved.url == reverse("letters:templates")
    assert in_force(Kind.SIGNPOSTED, Reader.FAMILY).body == "Hello {people}."
    assert str(administrator) in words(desk.get(saved.url))


@pytest.mark.parametrize("address", ["signposted/nobody", "never/family"])
def test_a_letter_that_there_is_not_is_missing(desk, address):
    assert desk.get(f"/letters/{address}/").status_code == 404


def test_the_list_of_letters_takes_few_queries(desk, django_assert_max_num_queries):
    desk.get(reverse("letters:templates"))

    with django_assert_max_num_queries(4):
        desk.get(reverse("letters:templates"))


def test_whoever_decides_reads_beforehand_what_is_written_by_itself(client, chair):
    client.force_login(chair)

    page = client.get(reverse("letters:by_themselves")).content.decode()

    for kind in BY_ITSELF:
        assert kind.label in page
    assert "Marta and Owen" in page  # an invented family
    assert Kind.SIGNPOSTED.label not in page.replace(Kind.HUB_SIGNPOSTED.label, "")
    assert not set("{}") & set(page.split("<main")[1].split("</main")[0])


def test_only_the_text_in_force_is_shown(client, chair, django_assert_max_num_queries):
    row = in_force(Kind.LED, Reader.FAMILY)
    publish(row, by=chair, now=MONDAY, version=1, subject="Ours", body="A text of our own.")
    client.force_login(chair)

    with django_assert_max_num_queries(6):
        page = client.get(reverse("letters:by_themselves")).content.decode()

    assert "A text of our own." in page
    assert "works with your family from now on" not in page
