"""The directory and the referrals to its services for other systems: the same rows, rules, forms and moves as the pages."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.directory.forms.onward import MOVES, OnwardFilter, Permit
from earlyhelp.directory.forms.service import MOVES as SERVICE_MOVES
from earlyhelp.directory.forms.service import ServiceFilter
from earlyhelp.directory.models import OnwardReferral, Service
from earlyhelp.directory.queries import for_list, with_letter
from earlyhelp.workflow.api import (
    NOT_YOURS,
    REFUSALS,
    MoveOpen,
    any_move,
    facts,
    faults,
    looked_at,
    parameters_of,
    step_of,
)
from earlyhelp.workflow.transitions import open_to


class OnwardRow(serializers.Serializer):
    """A referral to a service in a list: without the person."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    service = serializers.IntegerField(source="service_id")
    service_name = serializers.CharField(source="service.name")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    made_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    answer_by = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class OnwardRecord(OnwardRow):
    """What the service is told, and what the caller may do next: each of ``moves`` is an address to post to.

    What the person said afterwards, and whose permission it is, is for those who follow it: null for the service.
    """

    person = serializers.SerializerMethodField(help_text="A name; null for a service that has nothing left to do.")
    why = serializers.SerializerMethodField()
    reach = serializers.SerializerMethodField()
    limits = serializers.SerializerMethodField()
    made_by = serializers.CharField()
    agency = serializers.CharField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    started_on = serializers.DateField(allow_null=True)
    returned_because = serializers.CharField()
    returned_note = serializers.CharField()
    ending = serializers.CharField()
    outcome = serializers.CharField()
    given_by = serializers.SerializerMethodField()
    helped = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField(help_text="What became of the newest email to the service.")
    moves = serializers.SerializerMethodField()

    def _shown(self, onward: Any) -> bool:
        return onward.may_follow or onward.shows_person

    def get_person(self, onward: Any) -> str | None:
        return onward.person.name if self._shown(onward) else None

    def get_why(self, onward: Any) -> str | None:
        return onward.why if self._shown(onward) else None

    def get_reach(self, onward: Any) -> str | None:
        return onward.reach if self._shown(onward) else None

    def get_limits(self, onward: Any) -> str | None:
        return onward.limits if self._shown(onward) else None

    def get_given_by(self, onward: Any) -> str | None:
        return onward.given_by if onward.may_follow else None

    def get_helped(self, onward: Any) -> str | None:
        return onward.helped if onward.may_follow else None

    def get_email(self, onward: Any) -> str | None:
        return onward.letter if onward.may_follow else None

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, onward: OnwardReferral) -> Any:
        offered = open_to(self.context["request"].user, onward)
        return MoveOpen([move for move in offered if move.name in MOVES], many=True).data


class OnwardMoved(serializers.Serializer):
    """Where it stands now. No more than that: the move may have ended the caller’s sight of it."""

    reference = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


class OnwardViewSet(viewsets.GenericViewSet):
    queryset = OnwardReferral.objects.none()
    serializer_class = OnwardRow
    lookup_field, lookup_value_regex = "reference", "[A-Za-z0-9-]+"

    @extend_schema(
        operation_id="onward_referrals_list", parameters=parameters_of(OnwardFilter), responses=OnwardRow(many=True)
    )
    def list(self, request: Request) -> Response:
        """Those that you made and those that were sent to your service, the newest first."""
        filters = OnwardFilter(request.query_params)
        if not filters.is_valid():
            raise serializers.ValidationError(faults(filters))
        rows = OnwardReferral.objects.for_user(request.user, "list")
        shown = for_list(filters.narrow(rows)).order_by("-made_at", "-pk")
        return self.get_paginated_response(OnwardRow(self.paginate_queryset(shown), many=True).data)

    @extend_schema(operation_id="onward_referrals_retrieve", responses={200: OnwardRecord, 404: NOT_YOURS})
    def retrieve(self, request: Request, reference: str) -> Response:
        """One referral to a service. That it was read is written down, as on the page."""
        return Response(OnwardRecord(self._open(reference), context={"request": request}).data)

    @extend_schema(
        operation_id="onward_referrals_move",
        request=any_move("OnwardReferralMove", MOVES),
        responses={200: OnwardMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, reference: str, move: str) -> Response:
        """Do one of ``moves``. 403: not yours to do; 409: not possible as it stands now, and it says why."""
        onward = self._open(reference)
        step, form = step_of(request.user, onward, move, MOVES), MOVES[move].form
        make = partial(form, person=onward.person) if issubclass(form, Permit) else form
        moved = step(
            onward, by=request.user, now=timezone.now(), **looked_at(request, facts(form, request.data, make=make))
        )
        return Response(OnwardMoved(moved).data)

    def _open(self, reference: str) -> Any:
        return open_record(self.request._request, _ONWARDS, reference=reference)


@record
def _ONWARDS(user: Any) -> Any:
    return with_letter(for_list(OnwardReferral.objects.with_rights(user)))


# --- the directory -----------------------------------------------------------------------------------------------------


class ServiceRow(serializers.Serializer):
    """A service: what it helps with, for whom, where, and when somebody last checked that."""

    id = serializers.IntegerField(source="pk")
    url = serializers.CharField(source="get_absolute_url")
    name = serializers.CharField()
    organisation = serializers.CharField()
    description = serializers.CharField()
    status = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField())
    areas = serializers.SerializerMethodField(help_text="None: the whole county.")
    min_age = serializers.IntegerField(allow_null=True)
    max_age = serializers.IntegerField(allow_null=True)
    where = serializers.CharField()
    when = serializers.CharField()
    cost = serializers.CharField()
    phone = serializers.CharField()
    assured_on = serializers.DateField(allow_null=True)

    def get_areas(self, service: Service) -> list[str]:
        return [area.name for area in service.areas.all()]


class ServiceRecord(ServiceRow):
    """A service, and what those who keep the directory may do with it: each of ``moves`` is an address to post to."""

    withdrawn_because = serializers.CharField()
    moves = serializers.SerializerMethodField()

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, service: Service) -> Any:
        return MoveOpen(open_to(self.context["request"].user, service), many=True).data


class ServiceViewSet(viewsets.GenericViewSet):
    queryset = Service.objects.none()
    serializer_class = ServiceRow
    lookup_field, lookup_value_regex = "pk", "[0-9]{1,18}"

    @extend_schema(
        operation_id="services_list", parameters=parameters_of(ServiceFilter), responses=ServiceRow(many=True)
    )
    def list(self, request: Request) -> Response:
        """The services that run and fit, the nearest first where an area is named."""
        filters = ServiceFilter(request.query_params)
        if not filters.is_valid():
            raise serializers.ValidationError(faults(filters))
        shown = filters.found().prefetch_related("areas")
        return self.get_paginated_response(ServiceRow(self.paginate_queryset(shown), many=True).data)

    @extend_schema(operation_id="services_retrieve", responses={200: ServiceRecord, 404: NOT_YOURS})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One service, withdrawn ones too: an old plan still leads there."""
        return Response(ServiceRecord(self._service(pk), context={"request": request}).data)

    @extend_schema(
        operation_id="services_move",
        request=any_move("ServiceMove", SERVICE_MOVES),
        responses={200: ServiceRow, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*SERVICE_MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, pk: str, move: str) -> Response:
        """Say that it is right today, withdraw it or bring it back. 403: not yours to do."""
        service = self._service(pk)
        step = step_of(request.user, service, move, SERVICE_MOVES)
        step(service, by=request.user, now=timezone.now(), **facts(SERVICE_MOVES[move].form, request.data))
        return Response(ServiceRow(self._service(pk)).data)

    def _service(self, pk: str) -> Any:
        rows = Service.objects.with_rights(self.request.user).for_user(self.request.user)
        return get_object_or_404(rows.select_related("organisation").prefetch_related("areas"), pk=int(pk))
