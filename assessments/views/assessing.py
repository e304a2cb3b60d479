"""Starting, writing, completing and reading an assessment."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import queries, transitions
from assessments.forms import assessing as forms
from assessments.models import Assessment
from assessments.panels import what_it_says
from assessments.services import assessing
from assessments.views.door import back, open_case, page, section_of
from earlyhelp.cases.models import Case
from earlyhelp.core.rights import rights
from earlyhelp.families.models import Person
from earlyhelp.workflow.views import perform

SAVED = "Saved."


@require_safe
def base(request: HttpRequest, reference: str) -> HttpResponse:
    """The address under which all of these lie has no page of its own: it leads to the case's."""
    return redirect("cases:section", reference, "assessment")


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference)
    here = page(
        case,
        "assessment",
        "Start the assessment",
        button="Start",
        said="Started. Write it in any order, and come back to it whenever you like.",
        intro=["It is written with the family, and they get a copy.", "Each page saves what you type as you go."],
    )
    deed = partial(assessing.start, case, by=request.user, now=timezone.now())
    return perform(request, forms.Start, deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def heading(request: HttpRequest, reference: str, heading: str) -> HttpResponse:
    case = open_case(request, reference)
    note = get_object_or_404(_being_written(case).notes, heading=heading)
    named = ("strengths", "worries", "needs_to_change", "is_need", "reading", "version")
    initial = {name: getattr(note, name) for name in named}
    here = page(case, "assessment", note.get_heading_display(), said=SAVED)
    deed = partial(assessing.save_heading, note, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.Heading(data, initial=initial), deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def voice(request: HttpRequest, reference: str, child: int) -> HttpResponse:
    case = open_case(request, reference)
    assessment, person = _being_written(case), _child(case, child)
    heard = assessment.voices.filter(child=person).first()
    initial: dict[str, Any] = {"version": 0}
    if heard:
        initial = {
            "how": heard.how or forms.NOT_HEARD,
            "words": heard.words,
            "why_not": heard.why_not,
            "version": heard.version,
        }
    here = page(case, "assessment", f"What {person.called} says", said=SAVED)
    deed = partial(assessing.record_voice, assessment, person, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.Voice(data, initial=initial), deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def analysis(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference)
    assessment = _being_written(case)
    initial = {name: getattr(assessment, name) for name in forms.Analysis.base_fields}
    people = queries.people_of(case)
    here = page(
        case,
        "assessment",
        "What it all means",
        said=SAVED,
        template="assessments/analysis.html",
        extra={"people": people, "family_url": case.family.get_absolute_url()},
    )
    deed = partial(assessing.save_analysis, assessment, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.Analysis(data, initial=initial), deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """What is still missing, in plain words and with the way to it; the button comes when nothing is."""
    case = open_case(request, reference)
    assessment = _being_written(case)
    here = page(
        case,
        "assessment",
        "Complete the assessment",
        button="Complete the assessment",
        template="assessments/complete.html",
        said="The assessment is completed. Next: the plan, and the first TAF meeting.",
        extra={"gaps": _gaps(case, assessment)},
    )
    deed = partial(transitions.complete, assessment, by=request.user, now=timezone.now())
    return perform(request, forms.Complete, deed, page=here, then=back(here))


def _gaps(case: Case, assessment: Assessment) -> list[dict[str, str]]:
    elsewhere = {"case": case.get_absolute_url(), "family": case.family.get_absolute_url()}
    return [
        {"text": gap.text, "url": elsewhere.get(gap.page) or f"/assessments/{case.reference}/{gap.page}/"}
        for gap in queries.gaps(assessment)
    ]


MOVES = {
    "give-to-family": (
        transitions.give_to_family,
        forms.Start,
        "Give it to the family",
        "Noted. You can still change it.",
    ),
    "abandon": (transitions.abandon, forms.Reason, "Abandon the assessment", "The assessment is abandoned."),
    "give-copy": (transitions.give_copy, forms.GiveCopy, "Save", "Saved."),
    "sign-off": (transitions.sign_off, forms.SignOff, "Sign off", "The assessment is signed off."),
}


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The page of a transition that asks for little."""
    if name not in MOVES:
        raise Http404
    step, form, button, said = MOVES[name]
    case = open_case(request, reference, action="view")
    if not rights(request.user, case, {step.rule}):
        raise Http404
    assessment = case.assessments.filter(status__in=step.sources).newest_first().first()
    if assessment is None:
        return redirect(section_of(case, "assessment"))
    here = page(case, "assessment", step.label, button=button, said=said, danger=name == "abandon")
    deed = partial(step, assessment, by=request.user, now=timezone.now())
    return perform(request, form, deed, page=here, then=back(here))


@require_safe
def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One version, to be read and printed. A copy for the family is printed from here."""
    case = open_case(request, reference, action="view")
    assessment = get_object_or_404(case.assessments, version_number=number)
    told = what_it_says(assessment, queries.people_of(case))
    return render(
        request, "assessments/version.html", {"case": case, "back_url": section_of(case, "assessment"), **told}
    )


def _being_written(case: Case) -> Assessment:
    return get_object_or_404(case.assessments.being_written().select_related("case__family"))


def _child(case: Case, pk: int) -> Person:
    child = next((person for person in queries.children_among(queries.people_of(case)) if person.pk == pk), None)
    if child is None:
        raise Http404
    return child
