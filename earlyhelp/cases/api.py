"""Cases for other systems, under the rules of the pages: the same rows, the same filters, the same moves."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.audit.views import open_record
from earlyhelp.cases.forms import MOVES, CaseFilter
from earlyhelp.cases.guards import with_closure_heard
from earlyhelp.cases.models import Case
from earlyhelp.cases.pages import sensible
from earlyhelp.core.composed import record
from earlyhelp.workflow.api import MoveOpen, any_move, facts, faults, looked_at, parameters_of, step_of
from earlyhelp.workflow.transitions import open_to


class CaseRow(serializers.Serializer):
    """A case in a list. The family's name only for whoever may open the case."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    family = serializers.SerializerMethodField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    tier = serializers.IntegerField(allow_null=True)
    area = serializers.CharField()
    lead = serializers.CharField(allow_null=True)
    urgent = serializers.BooleanField()
    opened_on = serializers.DateField(allow_null=True)
    next_review_on = serializers.DateField(allow_null=True)

    def get_family(self, case: Case) -> str | None:
        return case.family.name if getattr(case, "may_view", False) else None


class Promise(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    due_at = serializers.DateTimeField()


class CaseRecord(CaseRow):
    """A case, with what is promised and what the caller may do next: each of ``moves`` is an address to post to."""

    kind = serializers.CharField()
    level_of_need = serializers.IntegerField()
    request = serializers.CharField()
    accepted_at = serializers.DateTimeField()
    closed_on = serializers.DateField(allow_null=True)
    end_reason = serializers.CharField(allow_blank=True)
    promises = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    @extend_schema_field(Promise(many=True))
    def get_promises(self, case: Case) -> Any:
        return Promise(case.deadlines.open().soonest_first(), many=True).data

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, case: Case) -> Any:
        offered = open_to(self.context["request"].user, case)
        return MoveOpen([move for move in offered if move.name in MOVES and sensible(case, move.name)], many=True).data


class CaseMoved(serializers.Serializer):
    """Where the case stands now. No more than that: the move may have ended the caller's sight of it."""

    reference = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


ANY_MOVE = any_move("CaseMove", MOVES)
REFUSALS = {
    400: OpenApiResponse(description="Something is missing or cannot be read: said by field."),
    403: OpenApiResponse(description="Not yours to do."),
    404: OpenApiResponse(description="There is no such case in your sight."),
    409: OpenApiResponse(description="Not possible as the case stands now: it says why."),
}


class CaseViewSet(viewsets.GenericViewSet):
    queryset = Case.objects.none()
    serializer_class = CaseRow
    lookup_field, lookup_value_regex = "reference", "[A-Za-z0-9-]+"

    @extend_schema(operation_id="cases_list", parameters=parameters_of(CaseFilter), responses=CaseRow(many=True))
    def list(self, request: Request) -> Response:
        """Waiting and open cases, the next review first, unless ``status`` says otherwise."""
        filters = CaseFilter(request.query_params)
        if not filters.is_valid():  # a page tells and goes on; a program might take the whole list for an answer
            raise serializers.ValidationError(faults(filters))
        user: Any = request.user
        shown: Any = filters.listed(user, today=timezone.localdate())
        return self.get_paginated_response(CaseRow(self.paginate_queryset(shown), many=True).data)

    @extend_schema(operation_id="cases_retrieve", responses={200: CaseRecord, 404: REFUSALS[404]})
    def retrieve(self, request: Request, reference: str) -> Response:
        """One case. That it was read is written down, as on the page."""
        return Response(CaseRecord(self._open(reference), context={"request": request}).data)

    @extend_schema(
        operation_id="cases_move",
        request=ANY_MOVE,
        responses={200: CaseMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, reference: str, move: str) -> Response:
        """Do one of ``moves``. 403: not yours to do; 409: not possible as the case stands now, and it says why."""
        case = self._open(reference)
        step = step_of(request.user, case, move, MOVES)
        moved = step(
            case, by=request.user, now=timezone.now(), **looked_at(request, facts(MOVES[move].form, request.data))
        )
        return Response(CaseMoved(moved).data)

    def _open(self, reference: str) -> Any:
        return open_record(self.request._request, _CASES, reference=reference)


@record
def _CASES(user: Any) -> Any:
    return with_closure_heard(Case.objects.with_rights(user).select_related("family", "area", "lead__agency"))
