"""What every page is made of: the words it says, and the markup and scripts that it keeps out."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from jinja2 import nodes

from earlyhelp.core import charts, gallery
from earlyhelp.core.components import page_numbers

NOW = datetime(2026, 3, 9, 14, 7, tzinfo=UTC)


def say(source, **context):
    return engines["pages"].from_string(source).render({"now": NOW} | context)


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- What pages say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "words", "late"),
    [
        (date(2026, 3, 12), "12 March 2026 in 3 days", False),
        (date(2026, 3, 10), "10 March 2026 tomorrow", False),
        (date(2026, 3, 9), "9 March 2026 today", False),
        (date(2026, 3, 8), "8 March 2026 1 day overdue", True),
        (date(2026, 3, 7), "7 March 2026 2 days overdue", True),
        (datetime(2026, 3, 9, 17, tzinfo=UTC), "9 March 2026 today at 5pm", False),
        (datetime(2026, 3, 9, 9, 30, tzinfo=UTC), "9 March 2026 overdue since 9:30am", True),
    ],
)
def test_a_deadline_says_its_day_and_how_far_off_it_is(due, words, late):
    html = say("{{ when(due) }}", due=due)
    assert text_of(html) == words
    assert ("eh-when--late" in html) is late


def test_a_day_that_is_no_deadline_is_never_overdue():
    html = say('{{ when(seen, past="ago") }}', seen=date(2026, 3, 7))
    assert text_of(html) == "7 March 2026 2 days ago"
    assert "late" not in html


def test_a_moment_shows_its_time_only_if_it_has_one():
    assert say("{{ moment(at) }}", at=NOW) == "9 March 2026 at 2:07pm"
    assert say("{{ moment(at) }}", at=datetime(2026, 3, 9, tzinfo=UTC)) == "9 March 2026"
    assert say("{{ moment(at) }}", at=date(2026, 3, 9)) == "9 March 2026"
    assert say('{{ moment(at, "Not yet") }}', at=None) == "Not yet"


def test_a_moment_is_told_in_the_authoritys_own_time():
    assert say("{{ moment(at) }}", at=datetime(2026, 7, 9, 23, 30, tzinfo=UTC)) == "10 July 2026 at 12:30am"


@pytest.mark.parametrize(
    ("born_on", "age"),
    [
        (date(2019, 3, 9), "7"),
        (date(2019, 3, 10), "6"),
        (date(2025, 3, 10), "11 months"),
        (date(2026, 2, 9), "1 month"),
        (date(2026, 3, 1), "under 1 month"),
        (date(2026, 4, 1), "unborn"),
        (None, ""),
    ],
)
def test_an_age_is_in_years_and_in_months_under_one(born_on, age):
    assert say("{{ born_on|age(on) }}", born_on=born_on, on=date(2026, 3, 9)) == age


def test_a_tag_escapes_its_words_and_knows_its_colours():
    assert say('{{ tag(words, "red") }}', words="<b>") == '<strong class="govuk-tag govuk-tag--red">&lt;b&gt;</strong>'
    assert say('{{ tag("New", "no such colour") }}') == '<strong class="govuk-tag">New</strong>'
    assert say('{{ tag("") }}') == ""


def test_every_chart_has_its_numbers_as_text_and_no_style_of_its_own():
    both = charts.bars([("<Schools>", 61), ("Health", None)], "Cases") + charts.columns(
        [("Jan", 1200, 3), ("Feb", 0, 4)], "Flow", ["In", "Out"]
    )
    assert "&lt;Schools&gt;" in both
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">1,200</td>' in both
    assert both.count("<table") == 2
    assert "style" not in both


@pytest.mark.parametrize("number", [0, 1, 7, 60, 61, 12345])
def test_a_chart_is_always_tall_enough(number):
    assert charts._round_up(number) >= number


def test_a_chart_of_nothing_is_drawn():
    assert "<table" in charts.bars([], "Cases")
    assert "<table" in charts.columns([], "Flow", ["In"])


def test_pages_left_out_are_shown_as_left_out():
    assert page_numbers(Paginator(range(250), 25).page(5)) == [1, None, 4, 5, 6, None, 10]
    assert page_numbers(Paginator(range(30), 25).page(1)) == [1, 2]


# --- The strict content security policy ---------------------------------------------------------------------------

BARE = [
    "components/empty.html",
    "components/identity_bar.html",
    "components/sub_navigation.html",
    "components/summary_list.html",
    "components/task_list.html",
    "components/timeline.html",
    "components/panel.html",
    "components/inset.html",
    "components/stat.html",
    "components/filters.html",
    "components/form.html",
]


@pytest.mark.parametrize("name", BARE)
def test_no_component_carries_a_style_or_a_script(name):
    shown = gallery.context(NOW)
    shown |= {"items": shown["sections"], "rows": shown["summary"], "entries": shown["timeline"]}
    html = render_to_string(name, shown | ({"form": shown["filters"]} if "filters" in name else {}))
    assert not re.search(r"\sstyle=|<script|<style|\son[a-z]+=|javascript:", html)


def test_words_from_people_are_escaped_in_every_component():
    shown = {
        "title": "<i>",
        "tags": [("<i>", "red")],
        "facts": [("<i>", "<i>")],
        "actions": [("<i>", "#")],
        "rows": [SimpleNamespace(key="<i>", value="<i>\n<i>")],
        "tasks": [{"title": "<i>", "hint": "<i>"}],
        "entries": [{"title": "<i>", "who": "<i>", "at": NOW, "text": "<i>\n\n<i>"}],
        "text": "<i>\n<i>",
        "value": "<i>",
        "label": "<i>",
    }
    for name in BARE[:-2]:
        assert "<i>" not in render_to_string(name, shown), name


def test_paragraphs_of_what_somebody_wrote_are_paragraphs_and_their_markup_is_not():
    assert say("{{ said|linebreaks }}", said="a <b>\n\nc") == "<p>a &lt;b&gt;</p>\n\n<p>c</p>"
    assert say("{{ said|linebreaksbr }}", said="a <b>\nc") == "a &lt;b&gt;<br>c"


def test_what_is_not_there_says_nothing_whatever_is_asked_of_it():
    assert (
        say("{{ nobody }}{{ nobody.name }}{{ nobody.get_full_name() }}{% if nobody.number > 3 %}many{% endif %}") == ""
    )


def test_a_component_sees_only_what_it_is_given():
    shown = say('{{ component("empty", title="Nothing <here>") }}', text="of the page", action_url="/elsewhere/")

    assert "Nothing &lt;here&gt;" in shown
    assert "of the page" not in shown
    assert "/elsewhere/" not in shown


def test_a_day_printed_as_it_stands_is_written_as_people_write_it():
    assert say("{{ on }}, {{ at }}", on=date(2026, 3, 9), at=NOW) == "9 March 2026, 9 March 2026 at 2:07pm"


def test_every_template_asks_only_for_filters_that_there_are():
    pages = engines["pages"].env
    for name in pages.list_templates(("html", "txt")):
        page = pages.parse(pages.loader.get_source(pages, name)[0])
        assert {asked.name for asked in page.find_all(nodes.Filter)} <= set(pages.filters), name


def test_the_page_for_our_own_faults_needs_nothing_from_anyone():
    assert "something went wrong" in engines["pages"].get_template("500.html").render({})


PRINTED = (
    "accounts/recovery_codes", "asking/copy", "assessments/plan_print", "checking/results", "documents/paper",
    "families/chronology_print", "families/genogram", "lac/vision", "letters/letter", "referrals/checklist/checklist",
    "referrals/for_the_family",
)  # fmt: skip
ON_SCREEN = ("sharing/_sheet", "records/access_item", "records/access_approve", "letters/by_themselves")


def test_each_page_that_is_printed_has_the_button_for_it_and_a_sheet_on_screen_has_none():
    folder = Path(settings.BASE_DIR, "templates")
    pages = {str(path.relative_to(folder).with_suffix("")): path.read_text() for path in folder.rglob("*.html")}
    sheets = {name for name, text in pages.items() if 'class="eh-letter' in text or 'class="eh-paper' in text}
    assert {name for name, text in pages.items() if 'component("print")' in text} == {*PRINTED, "pages/gallery"}
    assert sheets - set(PRINTED) == set(ON_SCREEN)
