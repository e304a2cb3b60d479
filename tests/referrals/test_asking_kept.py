"""What a family types is kept as they type it; they may print what they sent; no log learns their code (P12, P19)."""

import pytest
from django.urls import NoReverseMatch, reverse

from earlyhelp.families.models import Person
from referrals.models import HelpDraft, Referral
from referrals.services import asking
from tests.factories import MemberFactory, PersonFactory
from tests.referrals.asking import BORN, HELP, SAFE, START, YOU, Visitor, born, opened

pytestmark = pytest.mark.django_db


def autosave(visitor, slug="you", said=YOU, **headers):
    return visitor.client.post(f"{START}{slug}/keep/", dict(said) | {"opened": opened()}, headers=headers)


# --- as it is typed ----------------------------------------------------------------------------------------------------


def test_what_was_typed_before_anything_was_sent_is_there_when_the_page_is_opened_again(visitor):
    answer = autosave(visitor, said={"first_name": "Maya", "rows": "2"})

    assert answer.json()["saved"]
    assert answer.json()["code"] == visitor.code()
    assert 'value="Maya"' in visitor.get("you/").content.decode()
    assert b"Maya" not in bytes(HelpDraft.objects.get().sealed)


def test_it_is_one_draft_however_often_it_is_kept(visitor):
    for name in ("M", "Ma", "Maya"):
        autosave(visitor, said={"first_name": name})
    visitor.post("you")
    autosave(visitor, "help", HELP)

    draft = HelpDraft.objects.get()
    assert draft.open()["you"]["first_name"] == ["Maya"]
    assert draft.open()["help"]["wants"] == [HELP["wants"]]


def test_a_dead_browser_is_come_back_from_with_the_code_and_the_date_of_birth(visitor):
    autosave(visitor, said=BORN | {"first_name": "Maya"})
    elsewhere = Visitor()

    elsewhere.client.post(f"{START}come-back/", born(visitor.code()))

    assert 'value="Maya"' in elsewhere.get("you/").content.decode()


def test_a_browser_that_is_leaving_begins_nothing(visitor):
    answer = autosave(visitor, **{"X-Leaving": "1"})

    assert answer.status_code == 204
    assert "asking" not in visitor.client.cookies
    assert not HelpDraft.objects.exists()


def test_a_browser_that_is_leaving_keeps_what_was_begun_and_gets_no_new_cookie(visitor):
    autosave(visitor, said={"first_name": "M"})
    answer = autosave(visitor, said={"first_name": "Maya"}, **{"X-Leaving": "1"})

    assert "asking" not in answer.cookies
    assert HelpDraft.objects.get().open()["you"]["first_name"] == ["Maya"]


def test_after_exit_this_page_nothing_of_it_is_shown(visitor):
    autosave(visitor)
    visitor.get("leave/")

    assert "Maya" not in visitor.get("you/").content.decode()


def test_what_was_sent_is_not_written_in_again(visitor):
    visitor.write()
    visitor.send()

    assert autosave(visitor).status_code == 413
    assert not HelpDraft.objects.get().sealed


def test_nobody_keeps_more_than_a_person_types(visitor, monkeypatch):
    monkeypatch.setattr(asking, "AUTOSAVES", asking.Limit(3, asking.AUTOSAVES.within, asking.AUTOSAVES.longest))
    answers = [autosave(visitor, said={"first_name": str(number)}) for number in range(6)]

    assert [each.status_code for each in answers] == [200, 200, 200, 200, 429, 429]
    assert "tried again" in answers[-1].json()["error"]
    assert HelpDraft.objects.get().open()["you"]["first_name"] == ["3"]
    assert visitor.post("you").status_code == 302  # what is sent is never refused for it


def test_what_is_too_long_is_not_kept(visitor):
    assert autosave(visitor, "help", {"why_now": "x" * 70_000}).status_code == 413
    assert not HelpDraft.objects.exists()


@pytest.mark.parametrize("slug", ["check", "later", "nonsense"])
def test_only_the_pages_of_questions_are_kept(visitor, slug):
    assert autosave(visitor, slug).status_code == 404


def test_looking_keeps_nothing(visitor):
    assert visitor.get("you/keep/").status_code == 405


@pytest.mark.parametrize("slug", ["you", "help", "safe"])
def test_each_page_of_questions_says_where_it_is_kept(visitor, slug):
    visitor.post("you")
    page = visitor.get(f"{slug}/").content.decode()

    assert f'data-autosave-at="{START}{slug}/keep/"' in page


# --- the code ----------------------------------------------------------------------------------------------------------


def test_it_stands_on_the_next_page_before_a_word_is_typed_there(visitor):
    visitor.post("you")

    assert visitor.code() in visitor.get("help/").content.decode()


def test_it_stands_on_the_first_page_once_that_was_sent_with_something_wrong(visitor):
    page = visitor.post("you", YOU | {"last_name": ""})

    assert visitor.code() in page.content.decode()


def test_a_browser_in_which_nothing_is_open_is_shown_none(visitor):
    visitor.client.cookies["asking"] = "abcd-efgh-jkmn-pqrs.x"

    assert "abcd-efgh-jkmn-pqrs" not in visitor.get("you/").content.decode()


def test_the_link_to_come_back_bears_the_code_where_no_log_sees_it(visitor):
    visitor.post("you")
    page = visitor.get("later/").content.decode()

    assert f"/ask-for-help/come-back/#{visitor.code()}" in page
    assert "data-code-from-link" in Visitor().get("come-back/").content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("asking:come_back", args=[visitor.code()])
    assert Visitor().get(f"come-back/{visitor.code()}/").status_code == 404


# --- on paper ----------------------------------------------------------------------------------------------------------


def test_they_print_what_they_wrote_without_what_could_hurt_them(visitor, melton):
    visitor.write(safe=SAFE | {"safeguarding": "yes", "safeguarding_detail": "He shouts."})
    visitor.send()
    referral = Referral.objects.get()
    MemberFactory(family=referral.family, person=PersonFactory(first_name="Added", last_name="Later"))

    page = visitor.get("copy/").content.decode()

    for said in (HELP["why_now"], HELP["wants"], "School, college or learning", referral.reference):
        assert said in page
    for kept in ("He shouts.", "Never leave a message", "01632 960 555", "Added"):
        assert kept not in page
    assert Person.objects.filter(first_name="Added").exists()


@pytest.mark.parametrize("state", ["nothing", "begun", "left", "somebody else"])
def test_nobody_else_is_shown_it(visitor, state):
    if state != "nothing":
        visitor.write()
    if state in ("left", "somebody else"):
        visitor.send()
    if state == "left":
        visitor.get("leave/")
    reader = Visitor() if state == "somebody else" else visitor

    assert reader.get("copy/").url == START
