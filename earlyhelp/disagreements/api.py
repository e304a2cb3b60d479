"""Disagreements between professionals for other systems: the same rows, the same forms, the same moves as the pages."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.audit.views import open_record
from earlyhelp.disagreements.forms import MOVES, Disagree, DisagreementFilter, moves_of
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.queries import DISAGREEMENTS, in_sight
from earlyhelp.disagreements.registry import find
from earlyhelp.disagreements.services import disagree
from earlyhelp.workflow.api import (
    KEY,
    NOT_YOURS,
    REFUSALS,
    MoveOpen,
    any_move,
    facts,
    faults,
    key_of,
    looked_at,
    make_once,
    parameters_of,
    serializer_of,
    step_of,
)


class DisagreementRow(serializers.Serializer):
    """A disagreement in a list: that there is one, about which record, and at which stage."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    status = serializers.CharField()
    stage = serializers.IntegerField()
    stage_label = serializers.CharField(source="get_stage_display")
    about = serializers.CharField()
    record = serializers.CharField()
    area = serializers.CharField()
    raised_by = serializers.CharField()
    agency = serializers.CharField(allow_null=True)
    raised_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)


class StageRow(serializers.Serializer):
    stage = serializers.IntegerField()
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField(allow_null=True)
    spoke_with = serializers.CharField()
    outcome = serializers.CharField()
    ended_by = serializers.CharField(allow_null=True)


class DisagreementRecord(DisagreementRow):
    """A disagreement, and what the caller may do next: each of ``moves`` is an address to post to."""

    decision = serializers.CharField()
    why = serializers.CharField()
    meanwhile = serializers.CharField(help_text="The safest option, which applies until it is settled.")
    outcome = serializers.CharField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    stages = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    @extend_schema_field(StageRow(many=True))
    def get_stages(self, row: Disagreement) -> Any:
        return StageRow(row.stages.select_related("ended_by").order_by("stage"), many=True).data

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, row: Disagreement) -> Any:
        return MoveOpen(moves_of(row, self.context["request"].user), many=True).data


class DisagreementMoved(serializers.Serializer):
    """Where it stands now. No more than that: the move may have ended the caller’s sight of it."""

    reference = serializers.CharField()
    status = serializers.CharField()
    stage = serializers.IntegerField()


class NewDisagreement(serializer_of(Disagree)):  # type: ignore[misc]  # a base made of the page’s own form
    """What one does not agree with, and what is safest until it is settled. ``record``: a case or a hand-over in sight."""

    token = None
    record = serializers.CharField(max_length=40)


class DisagreementViewSet(viewsets.GenericViewSet):
    queryset = Disagreement.objects.none()
    serializer_class = DisagreementRow
    lookup_field, lookup_value_regex = "reference", "[A-Za-z0-9-]+"

    @extend_schema(
        operation_id="disagreements_list",
        parameters=parameters_of(DisagreementFilter),
        responses=DisagreementRow(many=True),
    )
    def list(self, request: Request) -> Response:
        """The disagreements in your sight, the soonest due first."""
        filters = DisagreementFilter(request.query_params)
        if not filters.is_valid():
            raise serializers.ValidationError(faults(filters))
        rows = in_sight(request.user, only_open=filters.cleaned()["show"] == "open")
        return self.get_paginated_response(DisagreementRow(self.paginate_queryset(rows), many=True).data)

    @extend_schema(operation_id="disagreements_retrieve", responses={200: DisagreementRecord, 404: NOT_YOURS})
    def retrieve(self, request: Request, reference: str) -> Response:
        """One disagreement. That it was read is written down, as on the page. It opens nothing of the family."""
        return Response(DisagreementRecord(self._open(reference), context={"request": request}).data)

    @extend_schema(
        operation_id="disagreements_create",
        request=NewDisagreement,
        responses={201: DisagreementMoved, **REFUSALS},
        parameters=[KEY],
    )
    def create(self, request: Request) -> Response:
        """Record that you do not agree. Sent again with the same key it gives the first one’s answer."""
        key, now = key_of(request), timezone.now()
        sent = NewDisagreement(data=request.data)
        sent.is_valid(raise_exception=True)
        matter = find(sent.validated_data["record"], request.user)
        if matter is None:
            raise serializers.ValidationError({"record": ["There is no such record in your sight."]})
        form = partial(Disagree, matter=matter)
        said = facts(Disagree, sent.initial_data | {"token": str(key)}, make=form)
        said.pop("token")
        deed = partial(disagree, matter, by=request.user, now=now, **said)
        made = make_once(request, now=now, deed=lambda: deed().reference, about=[matter.case, matter.family])
        row = Disagreement.objects.for_user(request.user).filter(reference=made).first()
        if row is None:
            raise Http404
        return Response(DisagreementMoved(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="disagreements_move",
        request=any_move("DisagreementMove", MOVES),
        responses={200: DisagreementMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, reference: str, move: str) -> Response:
        """Settle it, or go to the next stage. 403: not yours to do; 409: not possible as it stands now, and it says why."""
        row = self._open(reference)
        step = step_of(request.user, row, move, MOVES)
        said = looked_at(request, facts(MOVES[move].form, request.data))
        return Response(DisagreementMoved(step(row, by=request.user, now=timezone.now(), **said)).data)

    def _open(self, reference: str) -> Any:
        return open_record(self.request._request, DISAGREEMENTS, reference=reference)
