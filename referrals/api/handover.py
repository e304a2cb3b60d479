"""Hand-overs to social care: written down in one call, and followed."""

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
from earlyhelp.core.composed import record
from earlyhelp.workflow.api import (
    KEY,
    NOT_YOURS,
    REFUSALS,
    Cautioned,
    MoveOpen,
    any_move,
    cautions_of,
    facts,
    faults,
    key_of,
    make_once,
    parameters_of,
    serializer_of,
    step_of,
    take_once,
)
from earlyhelp.workflow.transitions import open_to
from referrals.forms.handover import MOVES, About, HandOver, HandoverList
from referrals.models import SocialCareHandover
from referrals.queries import handovers_of
from referrals.services.handover import hand_over


class HandoverRow(serializers.Serializer):
    """A hand-over in a list: without whom it is about."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    area = serializers.CharField()
    author = serializers.CharField()
    agency = serializers.CharField(allow_null=True)
    sent_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class HandoverRecord(HandoverRow):
    """A hand-over, and what the caller may do next: each of ``moves`` is an address to post to."""

    about = serializers.CharField()
    concern = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of the answer, and not where it is read from
    family_told = serializers.BooleanField()
    not_told_why = serializers.CharField()
    family = serializers.CharField(source="family.reference", allow_null=True, default=None)
    case = serializers.CharField(allow_null=True)
    referral = serializers.CharField(allow_null=True)
    spoken_to = serializers.CharField()
    their_reference = serializers.CharField()
    answer = serializers.CharField()
    closing_summary = serializers.CharField()
    moves = serializers.SerializerMethodField()

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, handover: SocialCareHandover) -> Any:
        offered = open_to(self.context["request"].user, handover)
        return MoveOpen([move for move in offered if move.name in MOVES], many=True).data


class HandoverMoved(Cautioned):
    """Where the hand-over stands now."""

    reference = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


class NewHandover(serializer_of(HandOver)):  # type: ignore[misc]  # a base made of the page’s own form
    """What was handed over. Three answers are enough; ring first. ``record`` is the reference of what it is about."""

    token = None
    record = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="Of a case, a referral or a family in your sight."
    )


class HandoverViewSet(viewsets.GenericViewSet):
    queryset = SocialCareHandover.objects.none()
    serializer_class = HandoverRow
    lookup_field, lookup_value_regex = "reference", "[A-Za-z0-9-]+"

    @extend_schema(
        operation_id="handovers_list", parameters=parameters_of(HandoverList), responses=HandoverRow(many=True)
    )
    def list(self, request: Request) -> Response:
        """The hand-overs in your sight, the newest first."""
        filters = HandoverList(request.query_params)
        if not filters.is_valid():
            raise serializers.ValidationError(faults(filters))
        rows = handovers_of(request.user, waiting=filters.cleaned()["show"] == "waiting")
        return self.get_paginated_response(HandoverRow(self.paginate_queryset(rows), many=True).data)

    @extend_schema(operation_id="handovers_retrieve", responses={200: HandoverRecord, 404: NOT_YOURS})
    def retrieve(self, request: Request, reference: str) -> Response:
        """One hand-over. That it was read is written down, as on the page."""
        return Response(HandoverRecord(self._open(reference), context={"request": request}).data)

    @extend_schema(
        operation_id="handovers_create",
        request=NewHandover,
        responses={201: HandoverMoved, **REFUSALS},
        parameters=[KEY],
    )
    def create(self, request: Request) -> Response:
        """Write down that a worry was handed over. Nobody’s leave is needed. With the same key again it is one hand-over.

        A ``record`` that is not in your sight is left out, as on the page: nothing holds this up.
        """
        key, now = key_of(request), timezone.now()
        sent = NewHandover(data=request.data)
        sent.is_valid(raise_exception=True)
        record = About({"about": sent.validated_data.get("record", "")}).record(request.user)
        said = facts(HandOver, sent.initial_data | {"token": str(key)})
        said.pop("token")
        deed = partial(hand_over, by=request.user, now=now, **record, **said)
        made = make_once(request, now=now, deed=lambda: deed().reference, waits=False)
        handover = SocialCareHandover.objects.for_user(request.user).filter(reference=made).first()
        if handover is None:
            raise Http404
        handover.cautions = cautions_of(request, said, about=list(record.values()))
        return Response(HandoverMoved(handover).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="handovers_move",
        request=any_move("HandoverMove", MOVES),
        responses={200: HandoverMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, reference: str, move: str) -> Response:
        """Do one of ``moves``. 403: not yours to do; 409: not possible as the hand-over stands now, and it says why."""
        handover = self._open(reference)
        step = step_of(request.user, handover, move, MOVES)
        handover = take_once(step, handover, by=request.user, said=facts(MOVES[move].form, request.data))
        return Response(HandoverMoved(handover).data)

    def _open(self, reference: str) -> Any:
        return open_record(self.request._request, _HANDOVERS, reference=reference)


@record
def _HANDOVERS(user: Any) -> Any:
    rows = SocialCareHandover.objects.with_rights(user)
    return rows.select_related("author", "agency", "area", "family", "case", "referral")
