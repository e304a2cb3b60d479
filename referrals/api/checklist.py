"""The early-indicator checklist: begun with a permission, answered, and each suggestion talked over by itself (R31)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import records
from earlyhelp.families.models import Person
from earlyhelp.workflow.api import (
    KEY,
    NOT_YOURS,
    REFUSALS,
    any_move,
    facts,
    faults,
    key_of,
    make_once,
    parameters_of,
    step_of,
    take_once,
)
from earlyhelp.workflow.transitions import REGISTRY
from referrals import checklists
from referrals.api.checklist_shapes import (
    OF_SUGGESTION,
    Answers,
    ChecklistMoved,
    ChecklistRecord,
    ChecklistRow,
    NewChecklist,
    SuggestionMoved,
    SuggestionRecord,
)
from referrals.enums import Outcome, Voice
from referrals.forms.checklist import MOVES, SUGGESTION_FORMS, Begin, ChecklistFilter, answers_form
from referrals.models import ChecklistResponse, Suggestion
from referrals.services.checklist import begin

PK = r"[0-9]{1,18}"


class ChecklistViewSet(viewsets.GenericViewSet):
    queryset = ChecklistResponse.objects.none()
    serializer_class = ChecklistRow
    lookup_field, lookup_value_regex = "reference", "[A-Za-z0-9-]+"

    @extend_schema(
        operation_id="checklists_list", parameters=parameters_of(ChecklistFilter), responses=ChecklistRow(many=True)
    )
    def list(self, request: Request) -> Response:
        """The checklists in your sight, the newest first."""
        filters = ChecklistFilter(request.query_params)
        if not filters.is_valid():
            raise serializers.ValidationError(faults(filters))
        rows = checklists.for_list(filters.narrow(ChecklistResponse.objects.for_user(request.user)))
        return self.get_paginated_response(ChecklistRow(self.paginate_queryset(rows), many=True).data)

    @extend_schema(operation_id="checklists_retrieve", responses={200: ChecklistRecord, 404: NOT_YOURS})
    def retrieve(self, request: Request, reference: str) -> Response:
        """One checklist. That it was read is written down, as on the page."""
        return Response(ChecklistRecord(self._open(reference), context={"request": request}).data)

    @extend_schema(
        operation_id="checklists_create",
        request=NewChecklist,
        responses={201: ChecklistMoved, **REFUSALS},
        parameters=[KEY],
    )
    def create(self, request: Request) -> Response:
        """Begin to ask somebody, who agreed to it. Sent again with the same key it gives the first one’s answer."""
        key, now = key_of(request), timezone.now()
        sent = NewChecklist(data=request.data)
        sent.is_valid(raise_exception=True)
        source, people = self._source(sent.validated_data)
        said = _begun(sent.validated_data, people, str(key))
        deed = partial(begin, by=request.user, now=now, **source, **said)
        made = make_once(request, now=now, deed=lambda: deed().reference, about=[*source.values(), *people])
        response = ChecklistResponse.objects.for_user(request.user).filter(reference=made).first()
        if response is None:
            raise Http404
        return Response(ChecklistMoved(response).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="checklists_answer",
        request=Answers,
        responses={200: ChecklistMoved, **REFUSALS},
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"])
    def answers(self, request: Request, reference: str) -> Response:
        """Answer one page; after the last, what the answers suggest stands in the record."""
        key, row = key_of(request), self._open(reference, "offer")
        sent = Answers(data=request.data)
        sent.is_valid(raise_exception=True)
        said = _answered(row, sent.validated_data, str(key))
        step = REGISTRY[ChecklistResponse]["answer"]
        row = take_once(step, row, by=request.user, said=said | {"token": key})
        return Response(ChecklistMoved(row).data)

    @extend_schema(
        operation_id="checklists_move",
        request=any_move("ChecklistMove", MOVES),
        responses={200: ChecklistMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, reference: str, move: str) -> Response:
        """Do one of ``moves``. 403: not yours to do; 409: not possible as the checklist stands now, and it says why."""
        row = self._open(reference)
        step = step_of(request.user, row, move, MOVES)
        row = take_once(step, row, by=request.user, said=facts(MOVES[move].form, request.data))
        return Response(ChecklistMoved(row).data)

    @extend_schema(operation_id="checklists_suggestion", responses={200: SuggestionRecord, 404: NOT_YOURS})
    @action(detail=True, methods=["get"], url_path=rf"suggestions/(?P<suggestion>{PK})", url_name="suggestion")
    def suggestion(self, request: Request, reference: str, suggestion: str) -> Response:
        """One suggestion, with the services that fit."""
        row = self._open(reference, "offer")
        shown = self._shown(row, suggestion)
        return Response(SuggestionRecord(shown, context={"may_offer": row.may_offer}).data)

    @extend_schema(
        operation_id="checklists_suggestion_move",
        request=PolymorphicProxySerializer("SuggestionMove", OF_SUGGESTION, resource_type_field_name=None),
        responses={200: SuggestionMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*SUGGESTION_FORMS])],
    )
    @action(
        detail=True,
        methods=["post"],
        url_path=rf"suggestions/(?P<suggestion>{PK})/(?P<move>[a-z_]+)",
        url_name="suggestion-move",
    )
    def suggestion_move(self, request: Request, reference: str, suggestion: str, move: str) -> Response:
        """What the person said to this one thing. 409: not possible as it stands now, and it says why."""
        offered = self._shown(self._open(reference, "offer"), suggestion).row
        if move not in SUGGESTION_FORMS:
            raise Http404
        wants_services = move == "agree" and offered.outcome == Outcome.SERVICE
        services = checklists.services_for([offered])[offered.pk] if wants_services else []
        form: Any = SUGGESTION_FORMS[move][0].fitting(offered, services)
        offered = take_once(
            REGISTRY[Suggestion][move], offered, by=request.user, said=facts(form.func, request.data, make=form)
        )
        return Response(SuggestionMoved(offered).data)

    # --- what these share ----------------------------------------------------------------------------------------------

    def _open(self, reference: str, act: str = "view") -> Any:
        return open_record(self.request._request, checklists.WITH_ANSWERS, action=act, reference=reference)

    def _shown(self, row: ChecklistResponse, pk: str) -> checklists.Shown:
        for each in checklists.shown(row):
            if each.row.pk == int(pk):
                each.row.response = row
                return each
        raise Http404

    def _source(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], Iterable[Person]]:
        """The record from which it is asked, and whom one may ask from there. Out of sight and missing are alike."""
        request = self.request._request
        if reference := given.get("contact"):
            contact = open_record(request, checklists.FROM_CONTACT, action="refer", reference=reference)
            return {"contact": contact}, checklists.people_to_ask(request.user, contact, None)
        if reference := given.get("referral"):
            row = open_record(request, checklists.FROM_REFERRAL, reference=reference)
            if not (row.may_own or row.may_triage):
                raise Http404
            return {"referral": row}, checklists.people_to_ask(request.user, None, row)
        return {}, [open_record(request, records(Person, "area"), action="edit", pk=given["person"])]


def _begun(given: Mapping[str, Any], people: Iterable[Person], token: str) -> dict[str, Any]:
    """Through the page’s own form, with the people whom one may ask from there."""
    names = ("person",) if people else Begin.NAMES
    typed = {name: str(given[name]) for name in (*names, "about", "agreed_by") if given.get(name)}
    form = Begin(typed | {"token": token}, people=people)
    if not form.is_valid():
        raise serializers.ValidationError(faults(form))
    return {name: value for name, value in form.cleaned_data.items() if name != "token"}


def _answered(row: ChecklistResponse, sent: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Through the page’s own form. A code that is not asked on this page is a fault, and not left out without a word."""
    voice, answers, comments = sent["voice"], sent["answers"], sent.get("comments", {})
    if voice not in row.pages:
        raise serializers.ValidationError({"voice": ["These questions are not part of this checklist."]})
    form = answers_form(checklists.questions_of(row, Voice(voice)))
    if strangers := sorted((set(answers) | set(comments)) - {each.code for each in form.asked}):
        raise serializers.ValidationError({"answers": [f"Not asked on this page: {', '.join(strangers)}."]})
    typed = answers | {f"{code}-note": said for code, said in comments.items()} | {"token": token}
    said = facts(form, typed)
    return {"voice": voice, "answers": said["answers"], "comments": said["comments"]}
