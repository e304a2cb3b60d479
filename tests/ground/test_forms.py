"""A form is offered records to choose from: read once, where they are shown or one of them was chosen."""

from types import SimpleNamespace

import pytest

from earlyhelp.core.forms import Form, OneOf, SomeOf


class Choosing(Form):
    one = OneOf(label="Who?", required=False, empty_label="Nobody", labels=lambda row: row.name)
    some = SomeOf(label="Which?", required=False, labels=lambda row: row.name)


@pytest.fixture
def choosing():
    def make(data=None):
        form, read = Choosing(data), []

        def rows():
            read.append("read")
            return [SimpleNamespace(pk=1, name="Ann"), SimpleNamespace(pk=2, name="Ben")]

        for field in form.fields.values():
            field.offer(rows)
        return form, read

    return make


def test_what_is_shown_of_a_choice_is_read_once(choosing):
    form, read = choosing()
    assert [list(form.fields[name].choices) for name in ("one", "one", "some")] == [
        [("", "Nobody"), ("1", "Ann"), ("2", "Ben")],
        [("", "Nobody"), ("1", "Ann"), ("2", "Ben")],
        [("1", "Ann"), ("2", "Ben")],
    ]
    assert len(read) == 2  # one for each question


def test_nothing_is_read_where_nothing_was_chosen(choosing):
    form, read = choosing({"one": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"one": None, "some": []}
    assert read == []


def test_the_records_themselves_are_chosen_each_of_them_once(choosing):
    form, _ = choosing({"one": "2", "some": ["2", "1", "2"]})
    assert form.is_valid()
    assert form.cleaned_data["one"].name == "Ben"
    assert [each.name for each in form.cleaned_data["some"]] == ["Ben", "Ann"]


@pytest.mark.parametrize("chosen", ["3", "-1", "nobody", "\x00", "1 "])
def test_what_was_not_offered_is_refused(choosing, chosen):
    form, _ = choosing({"one": chosen, "some": [chosen]})
    assert set(form.errors) == {"one", "some"}


def test_what_one_form_is_offered_is_not_another_ones(choosing):
    choosing()
    assert list(Choosing().fields["some"].choices) == []
