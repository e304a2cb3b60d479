"""Invented content for the gallery page, where every component can be looked at in one place."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from earlyhelp.core import forms
from earlyhelp.core.components import COLOURS

STATES = [("new", "New"), ("asking", "Asking agencies"), ("ready", "Ready to decide")]
SECTIONS = ("Overview", "Family", "Plan", "Meetings", "Chronology", "Sharing")
FAMILIES = ("Ashdown", "Begum", "O’Neill", "Kowalczyk", "Adeyemi", "Hartley")


class SampleFilter(forms.FilterForm):
    q = forms.CharField(label="Name or reference")
    state = forms.MultipleChoiceField(label="State", choices=STATES)
    from_ = forms.DayField(label="Received from")


class SampleForm(forms.OnceForm):
    name = forms.CharField(label="Child’s full name", autocomplete="off", spellcheck=False, width=20)
    born_on = forms.DateField(label="Date of birth", hint="For example, 27 3 2019", past=True)
    tier = forms.ChoiceField(
        label="Level of need",
        choices=[("universal", "Universal plus"), ("targeted", "Targeted"), ("other", "Something else")],
        hints={"universal": "One service can help", "targeted": "Several services, one plan"},
        reveals={"other": "detail"},
    )
    detail = forms.CharField(label="What else?")
    agreed = forms.YesNoField(label="Has the family agreed?", unsure=True)
    meeting_at = forms.DateTimeField(label="First meeting", required=False)
    helpers = forms.MultipleChoiceField(
        label="Who helps already?", choices=[("school", "School"), ("health", "Health visitor")], required=False
    )
    worries = forms.TextField(label="What are you worried about?", hint="In your own words. The family may read this.")
    letter = forms.FileField(
        label="A letter that says so", endings={"pdf": ["application/pdf"]}, most=1024**2, kinds="a PDF", required=False
    )
    told = forms.BooleanField(label="I have told the family that I am sending this")


def context(now: datetime, query: QueryDict | None = None) -> dict[str, Any]:
    """Everything that ``pages/gallery.html`` shows; the form is bound and empty, so its errors are seen too."""
    return {
        "title": "Components",
        "now": now,
        **_case(now),
        **_lists(now, query or QueryDict("state=new&from=2026-03-02")),
        **_figures(),
        "form": SampleForm(QueryDict("born_on_day=31&born_on_month=2&born_on_year=2019&tier=other")),
    }


def _case(now: datetime) -> dict[str, Any]:
    return {
        "tags": [("Targeted", "blue"), ("Child in need of review", "yellow")],
        "facts": [("Lead professional", "Priya Shah"), ("Next review", "12 March 2026"), ("Children", "Maya 7, Leo 2")],
        "actions": [("Add a note", "#main"), ("Add an action", "#main"), ("Close", "#main")],
        "sections": [{"label": name, "url": "#main", "current": name == "Overview"} for name in SECTIONS],
        "soon": now + timedelta(days=3),
        "late": now - timedelta(days=2),
        "recorded_at": now,
        "born_on": date(2019, 3, 27),
        "colours": [(colour.capitalize(), colour) for colour in COLOURS],
        "summary": [
            {"key": "School", "value": "Riverside Primary", "change_url": "#main"},
            {"key": "Language at home", "value": "Polish, with an interpreter", "change_url": "#main"},
        ],
        "tasks": [
            {"title": "Who is in the family", "url": "#main", "state": "complete"},
            {"title": "Why now", "url": "#main", "state": "in_progress", "hint": "And what you have tried"},
            {"title": "What the family wants", "url": "#main", "state": "not_started"},
        ],
        "timeline": [
            {
                "title": "Plan reviewed",
                "who": "Priya Shah",
                "at": now - timedelta(days=1),
                "text": "Bedtimes are calmer. School attendance is up to 94%.",
            },
            {"title": "Referral received", "who": "Riverside Primary", "at": date(2026, 2, 2), "text": ""},
        ],
    }


def _lists(now: datetime, query: QueryDict) -> dict[str, Any]:
    families = [
        {
            "name": f"{name} family",
            "reference": f"EH-2026-00{400 + place}",
            "state": STATES[place % 3][1],
            "colour": ("blue", "yellow", "green")[place % 3],
            "due": now + timedelta(days=place - 2),
            "children": place % 3 + 1,
        }
        for place, name in enumerate(FAMILIES)
    ]
    return {"families": families, "filters": SampleFilter(query), "page": Paginator(range(240), 25).page(4)}


def _figures() -> dict[str, Any]:
    months = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
    return {
        "stats": [
            {"value": 9, "label": "Waiting for triage", "url": "#main", "note": "2 overdue", "colour": "red"},
            {"value": 14, "label": "Waiting for a meeting", "url": "#main"},
            {"value": 212, "label": "Open cases", "url": "#main"},
            {"value": 5, "label": "Reviews overdue", "url": "#main", "colour": "red"},
            {"value": 3, "label": "People over 100% workload", "url": "#main"},
        ],
        "by_agency": [
            ("Family hubs", 84, "#main"),
            ("Schools", 61, "#main"),
            ("Health visiting", 40),
            ("Youth service", 27),
        ],
        "by_month": [(month, 20 + 7 * place % 23, 14 + 5 * place % 19) for place, month in enumerate(months)],
    }
