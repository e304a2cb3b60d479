"""What every form is made of: what it understands, what it refuses and says of it, and what it keeps."""

import re
from datetime import date

import pytest
from django import forms as django_forms
from django.db import models
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.utils import isolate_apps

from earlyhelp.core import dates, forms

HALF_A_PAIR = "Sam \ud83d"
TIERS = [("universal", "Universal"), ("targeted", "Targeted")]


class Referral(forms.OnceForm):
    born_on = forms.DateField(label="Date of birth", past=True)
    name = forms.CharField(label="Child’s full name", required=False)
    story = forms.TextField(label="What happened?", required=False)
    tier = forms.ChoiceField(label="Level of need", choices=TIERS, reveals={"targeted": "plan"}, required=False)
    plan = forms.CharField(label="Plan")


class Families(forms.FilterForm):
    q = forms.CharField(label="Name")
    tier = forms.ChoiceField(label="Level of need", choices=TIERS)
    states = forms.MultipleChoiceField(label="State", choices=[("new", "New"), ("open", "Open")])
    from_ = forms.DayField(label="From")
    parts = forms.DateField(label="Until")


def filled(**answers):
    return Referral({"token": "0b0f4f1e-9d5c-4b63-9d34-ff2d2a1f0c11", "born_on": "2019-03-27"} | answers)


# --- Days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("", "", "", "Enter the date of birth"),
        ("31", "2", "2019", "Date of birth must be a real date"),
        ("29", "2", "2023", "Date of birth must be a real date"),
        ("", "2", "2019", "Date of birth must include a day"),
        ("1", "", "", "Date of birth must include a month and year"),
        ("1", "2", "19", "Date of birth must have a year of 4 numbers"),
        ("1", "2", "1066", "Date of birth must be between 1900 and 2200"),
        ("9" * 5000, "2", "2019", "Date of birth must be a real date"),
        ("1\x00", "2", "2019", "Date of birth must be a real date"),
        ("\ud800", "2", "2019", "Date of birth must be a real date"),
        ("1", "1", "2199", "Date of birth must be today or in the past"),
    ],
)
def test_a_day_that_cannot_be_says_what_is_wrong_with_it(day, month, year, message):
    form = filled(born_on=None, born_on_day=day, born_on_month=month, born_on_year=year)
    assert form.errors["born_on"] == [message]
    form.as_div().encode()


@pytest.mark.parametrize(
    "answer",
    [
        {"born_on_day": "27", "born_on_month": "3", "born_on_year": "2019"},
        {"born_on_day": " 27 ", "born_on_month": "March", "born_on_year": "2019"},
        {"born_on": "2019-03-27"},
    ],
)
def test_a_day_is_understood_in_boxes_with_a_month_by_name_or_as_iso(answer):
    form = filled(**({"born_on": None} | answer))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == date(2019, 3, 27)


def test_what_was_typed_in_the_boxes_is_shown_again_with_the_error():
    page = str(filled(born_on=None, born_on_day="31", born_on_month="2", born_on_year="2019"))
    assert 'name="born_on_day" type="text" inputmode="numeric" value="31"' in page


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [("2:07pm", 14, 7), ("14:07", 14, 7), ("2pm", 14, 0), ("2.07 PM", 14, 7), ("midday", 12, 0), ("12am", 0, 0)],
)
def test_a_time_is_understood_as_people_write_it(typed, hour, minute):
    moment = dates.read_moment({"day": "9", "month": "7", "year": "2026", "time": typed})
    assert (moment.hour, moment.minute) == (hour, minute)
    assert moment.utcoffset().total_seconds() == 3600


@pytest.mark.parametrize("typed", ["", "25:00", "13pm", "2", "soon", "9" * 5000])
def test_a_time_that_cannot_be_is_refused(typed):
    with pytest.raises(dates.Unreadable):
        dates.read_moment({"day": "9", "month": "7", "year": "2026", "time": typed})


def test_the_hour_that_the_clocks_skip_does_not_exist():
    with pytest.raises(dates.Unreadable, match="clocks go forward"):
        dates.read_moment({"day": "29", "month": "3", "year": "2026", "time": "1:30am"})


# --- Hostile and careless text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "story"])
@pytest.mark.parametrize("text", ["Sam\x00", HALF_A_PAIR])
def test_text_that_cannot_be_kept_is_refused_beside_its_field_and_shown_again(field, text):
    form = filled(**{field: text})
    assert len(form.errors[field]) == 1
    assert "cannot be read" in form.errors[field][0]
    assert "Sam" in str(form)
    str(form).encode()


@pytest.mark.parametrize("answer", ["abc", "\x00", "\ud800", "9" * 10_000])
def test_an_answer_that_was_not_offered_is_refused_without_being_repeated(answer):
    form = filled(tier=answer)
    assert form.errors["tier"] == ["Select one of the answers shown"]
    str(form).encode()


@pytest.mark.parametrize("token", ["", "abc", "\x00", "\ud800"])
def test_a_form_without_its_token_says_that_it_is_out_of_date(token):
    form = filled(token=token)
    assert form.errors["token"] == [forms.STALE]
    assert forms.STALE in render_to_string("components/form.html", {"form": form})


def test_each_blank_form_has_a_token_of_its_own_which_a_refused_one_keeps():
    first, second = Referral()["token"].value(), Referral()["token"].value()
    assert first != second
    assert "0b0f4f1e-9d5c-4b63-9d34-ff2d2a1f0c11" in str(filled(born_on=""))


def test_text_is_stripped_and_its_newlines_made_one_kind():
    form = filled(story="  one\r\ntwo\rthree \n")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["story"] == "one\ntwo\nthree"


@pytest.mark.parametrize(("field", "limit"), [("name", 255), ("story", 20_000)])
def test_text_has_a_limit_and_says_it(field, limit):
    assert filled(**{field: "x" * limit}).is_valid()
    assert f"{limit:,} characters or fewer" in filled(**{field: "x" * (limit + 1)}).errors[field][0]


def test_a_plain_django_field_is_given_the_same_manners():
    class Plain(forms.Form):
        name = django_forms.CharField()

    assert Plain({"name": ""}).errors["name"] == ["Enter the name"]
    assert "cannot be read" in Plain({"name": HALF_A_PAIR}).errors["name"][0]
    assert not Plain({"name": "x" * 256}).is_valid()
    assert 'class="govuk-input' in str(Plain())


@pytest.mark.parametrize("number", ["9" * 5000, str(2**31), "-1", "abc", "1.5", "\x00"])
def test_a_number_that_the_database_cannot_hold_is_refused(number):
    class Counted(forms.Form):
        children = forms.IntegerField(label="Number of children")

    assert "children" in Counted({"children": number}).errors


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Gwen\u202e Row\u202c", "Gwen Row"),
        ("Gwen\nRow", "Gwen Row"),
        ("\u200bGwen\x07 ", "Gwen"),
        ("Zoë O’Neill-Łęcka", "Zoë O’Neill-Łęcka"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),  # a joiner that the script needs
    ],
)
def test_what_nobody_sees_is_not_kept_in_a_line(typed, kept):
    assert forms.CharField().clean(typed) == kept


def test_a_name_of_nothing_that_can_be_seen_is_no_name():
    with pytest.raises(django_forms.ValidationError):
        forms.CharField().clean("\u200b\u2060")


def test_several_lines_stay_several():
    assert forms.TextField().clean("One\r\ntwo\u202e") == "One\ntwo"


# --- Questions ----------------------------------------------------------------------------------------------------


def test_no_radio_is_chosen_beforehand():
    assert "checked" not in str(Referral())


@isolate_apps()
def test_no_radio_is_chosen_beforehand_from_a_models_default():
    class Need(models.Model):
        tier = models.CharField(max_length=20, choices=TIERS, default="universal")
        met_on = models.DateField()

        class Meta:
            app_label = "core"

        def __str__(self):
            return self.tier

    class NeedForm(forms.ModelForm):
        class Meta:
            model = Need
            fields = ["tier", "met_on"]

    assert "checked" not in str(NeedForm(instance=Need()))
    assert 'value="universal" checked' in str(NeedForm(initial={"tier": "universal"}))
    assert 'name="met_on_day"' in str(NeedForm())


def test_a_question_inside_an_answer_is_asked_only_with_that_answer():
    assert filled(tier="universal").is_valid()
    assert filled(tier="targeted").errors["plan"] == ["Enter the plan"]
    assert filled(tier="universal", plan="left over\x00").is_valid()


def test_what_was_answered_to_a_question_no_longer_asked_is_not_kept():
    form = filled(tier="universal", plan="typed before the answer was changed")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["plan"] == ""


def test_a_question_inside_an_answer_is_drawn_once_and_inside_it():
    page = str(Referral())
    assert page.count('name="plan"') == 1
    assert page.index("govuk-radios__conditional") < page.index('name="plan"')


@pytest.mark.parametrize(("given", "kept"), [("yes", True), ("no", False), ("unsure", None), ("true", True)])
def test_yes_no_and_not_sure_are_three_answers(given, kept):
    class Asked(forms.Form):
        agreed = forms.YesNoField(label="Has the family agreed?", unsure=True)

    form = Asked({"agreed": given})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["agreed"] is kept
    assert Asked({}).errors["agreed"] == ["Select an answer to ‘Has the family agreed?’"]
    assert 'value="no" checked' in str(Asked(initial={"agreed": False}))


def test_the_error_summary_leads_to_each_field():
    page = render_to_string("components/form.html", {"form": Referral({"tier": "targeted"})})
    targets = re.findall(r'<a href="#([^"]+)">', page)
    assert targets == ["id_born_on_day", "id_plan"]
    for target in targets:
        assert f'id="{target}"' in page


def test_an_error_is_announced_with_its_field():
    page = str(filled(name="x" * 256))
    assert re.search(r'<input[^>]+name="name"[^>]+aria-describedby="id_name_error"', page)
    assert 'id="id_name_error"' in page


def test_a_stale_version_is_refused_and_a_renewed_one_keeps_the_text():
    class Note(forms.VersionedForm):
        text = forms.TextField(label="Note")

    assert Note({"text": "Mine"}).errors["version"] == [forms.STALE]
    renewed = Note(QueryDict("text=Mine&version=3")).renewed(version=4)
    assert 'value="4"' in str(renewed["version"])
    assert "Mine" in str(renewed["text"])


# --- Filters ------------------------------------------------------------------------------------------------------

HOSTILE = [
    "tier=abc",
    "from=2024-02-31",
    "from=%00",
    "q=%00",
    "q=" + "x" * 300,
    "states=abc&states=new",
    "parts_day=31&parts_month=2&parts_year=2024",
    "page=99999999999999999999",
    "page=" + "9" * 5000,
    "page=-1",
    "page=abc",
    "page=%00",
    "unknown=1",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_address_stops_a_list_from_being_shown(query):
    filters = Families(QueryDict(query))
    page = filters.page_of(range(60))
    assert not any(filters.cleaned().values())
    html = render_to_string("components/filters.html", {"form": filters})
    html += render_to_string("components/pagination.html", {"page": page, "query": filters.query})
    html.encode()
    assert not filters.selected()


def test_a_filter_not_understood_says_so_and_the_others_still_hold():
    filters = Families(QueryDict("tier=abc&from=2026-03-02"))
    assert filters.cleaned()["from_"] == date(2026, 3, 2)
    assert filters.cleaned()["tier"] in (None, "")
    assert "Select one of the answers shown" in str(filters)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("2", 2), ("99999999999999999999", 3), ("-1", 1), ("0", 1), ("9" * 5000, 3), ("\x00", 1), ("abc", 1), ("", 1)],
)
def test_a_page_that_does_not_exist_is_the_nearest_that_does(asked, shown):
    assert Families(QueryDict(f"page={asked}")).page_of(range(60)).number == shown


def test_each_filter_in_force_can_be_taken_off_alone():
    filters = Families(QueryDict("states=new&states=open&from=2026-03-02&page=2"))
    shown = [(label, words) for label, words, _ in filters.selected()]
    assert shown == [("State", "New"), ("State", "Open"), ("From", "2 March 2026")]
    assert filters.selected()[0][2] == "?states=open&from=2026-03-02&"
    assert filters.query == "states=new&states=open&from=2026-03-02&"
