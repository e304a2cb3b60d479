"""What an older key sealed is sealed anew while people work, so that the older key can be taken away (promise P2)."""

import base64
from io import StringIO

import pgtrigger
import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import InternalError, models

from earlyhelp.accounts.models import Home
from earlyhelp.accounts.own import say_where_they_live
from earlyhelp.audit import seals
from earlyhelp.audit.models import record
from earlyhelp.core import resealing, sealing
from earlyhelp.core.sealing import SealedField, Unsealable
from earlyhelp.core.wall import asked_for_nobody
from earlyhelp.families.models import Address
from earlyhelp.notices.models import Letter
from earlyhelp.notices.services.letters import owe_letter
from earlyhelp.partnership import second_factor
from earlyhelp.records.models import AccessRequest, Blanking
from earlyhelp.sharing.models import Disclosure, RecipientCopy
from earlyhelp.workflow.models import Draft
from hubs.models import PackNote
from hubs.services.papers import write_note
from referrals.models import HelpDraft
from tests.factories import MONDAY, FamilyFactory, PersonFactory, PostFactory, secret_home
from tests.hubs.factories import ItemFactory

pytestmark = pytest.mark.django_db(transaction=True)  # each statement for itself, as where the command is run

KEYS = {name: base64.b64encode(bytes([number]) * 32).decode() for number, name in enumerate(["2024", "2025", "2026"])}
SECRET = "KVKFKRCPNZQUYMLX"
LANE = "17 Quince Lane"


@pytest.fixture
def hold(settings):
    """Hold these keys from now on, the newest first."""

    def these(*names):
        settings.SEALING_KEYS = [f"{name}:{KEYS[name]}" for name in names]
        sealing._keys.cache_clear()

    yield these
    sealing._keys.cache_clear()


@pytest.fixture
def worker(hold):
    hold("2025")
    return PostFactory().user


@pytest.fixture
def home(worker):
    return secret_home(PersonFactory(), line_1=LANE, postcode="LE15 7ZZ")


@pytest.fixture
def everything(home, worker):
    """A sealed text in every place there is."""
    family = FamilyFactory(restricted=True)
    Draft.objects.keep(worker, "/families/new/", {"name": ["Typed"]}, now=MONDAY)
    owed(worker, "one")
    write_note(ItemFactory(), by=worker, now=MONDAY, text="Ask about the aunt.")
    asking = HelpDraft(digest="d", browser="b", begun_at=MONDAY, saved_at=MONDAY, open_until=MONDAY)
    asking.close({"you": {"name": ["Maya"]}})
    asking.save()
    made_copy(family, worker)
    handed_over(worker, family.area)
    say_where_they_live(worker, street="Rose Lane", postcode="LE13 1CK", now=MONDAY)
    words = Blanking(family=family, why="It gives her away.", asked_by=worker, asked_at=MONDAY)
    words.keep_words("Haven House")
    words.save()
    second_factor.keep(worker, second_factor.Kind.TOTP, "secret", SECRET)
    second_factor.new_paper(worker)


def owed(worker, key):
    said = {"subject": "A message", "reference": "EH-1", "url": "/", "told_if_it_fails": worker}
    return owe_letter("one@example.org", body=f"The link {key}.", key=key, now=MONDAY, **said)


def made_copy(family, worker):
    """Frozen from then on: the database refuses every change of it."""
    told = {"way": "copy", "content": [], "what": "A copy", "purpose": "help", "basis": "own", "recipient": "Dana"}
    ledger = Disclosure.objects.create(at=MONDAY, by=worker, family=family, **told)
    who = {"family": family, "person": PersonFactory(), "recipient": "Dana", "made_by": worker, "begun_at": MONDAY}
    copy = RecipientCopy.objects.create(document="chronology", purpose="help", **who)
    copy.sealed = sealing.seal("She sleeps again.", bound_to=copy.binding)
    copy.status, copy.made_at, copy.digest, copy.disclosure = "made", MONDAY, "of it", ledger
    copy.save()


def handed_over(worker, area):
    second = PostFactory().user
    asked = {"received_on": MONDAY, "due_on": MONDAY, "recorded_at": MONDAY, "kept_by": worker, "asked_by": worker}
    row = AccessRequest.objects.create(
        reference="SAR-1", person=PersonFactory(), area=area, asker="person", asker_name="Dana", **asked
    )
    row.sealed = sealing.seal("The choir.", bound_to=row.binding)
    row.status, row.approved_by, row.approved_at, row.digest = "handed_over", second, MONDAY, "of it"
    row.handed_by, row.handed_at, row.identity = second, MONDAY, "Passport."
    row.save()


def opened():
    """Every text, by the way in which the product opens it; of versions and of codes on paper by their place."""
    return {
        "home": [each.place["line_1"] for each in Address.objects.filter(protected=True)],
        "lives": [each.place["street"] for each in Home.objects.all()],
        "letters": [sealing.unseal(each.sealed, bound_to=each.binding) for each in Letter.objects.order_by("pk")],
        "drafts": [each.open(each.key) for each in Draft.objects.all()],
        "notes": [each.text for each in PackNote.objects.all()],
        "asking": [each.open() for each in HelpDraft.objects.all()],
        "copies": [sealing.unseal(each.sealed, bound_to=each.binding) for each in RecipientCopy.objects.all()],
        "handed": [sealing.unseal(each.sealed, bound_to=each.binding) for each in AccessRequest.objects.all()],
        "words": [each.words for each in Blanking.objects.all()],
        "app": [second_factor.secret_of(each) for each in Authenticator.objects.filter(type="totp")],
        "places": sorted(
            sealing.unseal(row.sealed_text, bound_to=place.binding(row))
            for place in resealing.places()
            for row in place.rows()
        ),
    }


def reseal(*arguments):
    """What the command says, and the fault it ends with."""
    said = StringIO()
    try:
        call_command("reseal", *arguments, stdout=said)
    except CommandError as problem:
        return said.getvalue(), str(problem)
    return said.getvalue(), ""


def place_of(kind):
    return next(each for each in resealing.places() if each.kind == kind)


def keys_of(rows):
    return [bytes(each).partition(b":")[0].decode() for each in rows.order_by("pk").values_list("sealed", flat=True)]


def test_every_place_is_sealed_anew_and_opens_without_the_old_key(everything, worker, hold):
    before = opened()
    hold("2026", "2025")
    owed(worker, "two")  # sealed with the new one already
    assert all(before.values())
    assert {kind for rows in resealing.in_use().values() for kind in rows} == {each.kind for each in resealing.places()}

    said, fault = reseal()

    assert fault == ""
    assert "recipient copies: 1 sealed anew" in said
    assert "versions kept of addresses: 1 sealed anew" in said
    assert "letters: 1 sealed anew" in said
    assert "key 2025: nothing is sealed with it" in said
    hold("2026")
    after = opened()
    assert after["letters"] == ["The link one.", "The link two."]
    assert after | {"letters": before["letters"], "places": []} == before | {"places": []}
    assert set(before["places"]) < set(after["places"])


def test_run_again_it_changes_nothing(everything, hold):
    hold("2026", "2025")
    reseal()
    rows = [list(place.rows().values_list("sealed_text", flat=True)) for place in resealing.places()]

    said, fault = reseal()

    assert fault == ""
    assert " 1 sealed anew" not in said
    assert [list(place.rows().values_list("sealed_text", flat=True)) for place in resealing.places()] == rows


def test_no_version_is_added_no_seal_of_the_log_broken_and_what_is_frozen_stays_so(everything, worker, hold):
    record("test.happened", worker, by=worker, at=MONDAY)
    seals.seal(now=MONDAY)
    versions = Address.history.rel.related_model.objects.count()
    hold("2026", "2025")

    reseal()

    assert Address.history.rel.related_model.objects.count() == versions
    assert seals.verify() == []
    with pytest.raises(InternalError):
        RecipientCopy.objects.update(sealed=b"2026:other")


def test_the_check_says_which_keys_are_needed_and_changes_nothing(home, worker, hold):
    hold("2026", "2025", "2024")
    owed(worker, "one")

    said, fault = reseal("--check")

    assert fault == "Still needed besides the newest: 2025."
    assert "key 2026: letters (1)\n" in said
    assert "key 2025: addresses (1), versions kept of addresses (1)\n" in said
    assert "key 2024: nothing is sealed with it\n" in said
    assert keys_of(Address.objects.all()) == ["2025"]

    reseal()

    assert reseal("--check")[1] == ""


def test_a_key_that_is_needed_and_no_longer_held_is_named(home, hold):
    hold("2026")

    said, fault = reseal()

    assert "key 2025 (not held): addresses (1)" in said
    assert fault.startswith("Rows that do not open, and stay as they are: 2.")
    assert keys_of(Address.objects.all()) == ["2025"]


def test_what_was_put_into_another_row_is_refused_and_left_as_it_is(home, hold):
    other = secret_home(PersonFactory(), line_1="1 Elm Row", postcode="LE15 7ZZ")
    with pgtrigger.ignore():
        Address.objects.filter(pk=other.pk).update(sealed=home.sealed)
    hold("2026", "2025")

    said, fault = reseal()

    assert f"do not open: {other.pk}\n" in said
    assert fault.startswith("Rows that do not open, and stay as they are: 1.")
    assert keys_of(Address.objects.all()) == ["2026", "2025"]
    assert Address.objects.get(pk=home.pk).place["line_1"] == LANE
    with pytest.raises(Unsealable):
        _ = Address.objects.get(pk=other.pk).place


def test_what_somebody_saves_at_that_moment_is_theirs(worker, hold):
    Draft.objects.keep(worker, "/families/new/", {"name": ["Typed"]}, now=MONDAY)
    hold("2026", "2025")
    place = place_of("drafts")

    def while_they_type(row):
        Draft.objects.keep(worker, "/families/new/", {"name": ["Typed more"]}, now=MONDAY)
        return place.binding(row)

    done = resealing.reseal(place._replace(binding=while_they_type))

    assert done == (0, 1, [])
    assert Draft.objects.take(worker, "/families/new/") == {"name": ["Typed more"]}


def test_a_code_that_is_given_at_that_moment_stays_given(worker, hold):
    second_factor.keep(worker, second_factor.Kind.TOTP, "secret", SECRET)
    hold("2026", "2025")
    place = place_of("apps that make codes")

    def while_they_sign_in(row):
        app = Authenticator.objects.get(pk=row.pk)
        app.data["step"] = 59_000_000
        app.save(update_fields=["data"])
        return place.binding(row)

    done = resealing.reseal(place._replace(binding=while_they_sign_in))

    assert done == (1, 0, [])
    app = Authenticator.objects.get()
    assert app.data["step"] == 59_000_000
    hold("2026")
    assert second_factor.secret_of(app) == SECRET


def test_broken_off_half_way_it_is_finished_by_the_next_run(worker, hold, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    for number in range(5):
        owed(worker, f"{number}")
    hold("2026", "2025")
    place, seen = place_of("letters"), []

    def until_the_fourth(row):
        seen.append(row)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return place.binding(row)

    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(place._replace(binding=until_the_fourth))
    assert keys_of(Letter.objects.all()) == ["2026"] * 3 + ["2025"] * 2

    said, fault = reseal()

    assert (fault, "letters: 2 sealed anew" in said) == ("", True)
    hold("2026")
    assert opened()["letters"] == [f"The link {number}." for number in range(5)]


def test_what_is_restricted_is_found_though_nobody_said_who_asks(worker, hold):
    made_copy(FamilyFactory(restricted=True), worker)
    hold("2026", "2025")

    with asked_for_nobody():
        assert not RecipientCopy.objects.exists()
        assert reseal("--check")[1] == "Still needed besides the newest: 2025."
        assert reseal()[1] == ""

    assert keys_of(RecipientCopy.objects.all()) == ["2026"]


def test_a_letter_that_has_gone_has_nothing_to_seal(worker, hold):
    owed(worker, "one")
    Letter.objects.update(sealed=b"", sent_at=MONDAY)
    hold("2026", "2025")

    assert reseal("--check")[1] == ""


def test_whatever_keeps_bytes_of_ours_is_a_sealed_field_or_a_digest():
    """Or else it would not be found by its class, and be shut for ever with the key that sealed it."""
    bytes_kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if not hasattr(model, "pgh_tracked_model")
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField) and not isinstance(field, SealedField)
    }

    assert bytes_kept == {"audit.Erasure.digest"}
