"""A deed asked for in JSON: the page's own form decides, and DRF says it in HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.request import Request

from earlyhelp.audit.views import shown_in
from earlyhelp.core.forms import DateField, DateTimeField, YesNoField
from earlyhelp.core.rights import rights
from earlyhelp.workflow.cautions import cautions, records
from earlyhelp.workflow.services import once
from earlyhelp.workflow.transitions import REGISTRY, NotPossible, Spent, Transition

DONE = "done"  # what a sending answered that only moves a record on
NOT_YOURS = OpenApiResponse(description="There is no such record in your sight.")
REFUSALS = {
    400: OpenApiResponse(description="Something is missing or cannot be read: said by field."),
    403: OpenApiResponse(description="Not yours to do."),
    404: NOT_YOURS,
    409: OpenApiResponse(description="Not possible as the record stands now: it says why."),
}
KEY = OpenApiParameter("Idempotency-Key", UUID, OpenApiParameter.HEADER, required=True)


class MoveOpen(serializers.Serializer):
    """A change of state that the caller may start now."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer, and not the field's own label


def key_of(request: Request) -> UUID:
    """The caller’s own key of this sending: sent again with it, a record is made once."""
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError as problem:
        raise serializers.ValidationError({"Idempotency-Key": ["Send a UUID of your own in this header."]}) from problem


def any_move(name: str, moves: Mapping[str, Any]) -> PolymorphicProxySerializer:
    """For the schema: what may be sent with one or another of the moves."""
    forms_of_all = dict.fromkeys(move.form for move in moves.values())
    return PolymorphicProxySerializer(
        name, [serializer_of(form) for form in forms_of_all], resource_type_field_name=None
    )


def step_of(user: Any, row: Any, name: str, moves: Mapping[str, Any]) -> Transition:
    """The move that is asked for. Raises ``Http404`` if there is none of that name, ``PermissionDenied`` if it is not theirs."""
    if name not in moves:
        raise Http404
    step = REGISTRY[type(row)][name]
    if not rights(user, row, {step.rule}):
        raise PermissionDenied
    return step


def take_once(step: Transition, row: Any, *, by: Any, said: dict[str, Any], waits: bool = True) -> Any:
    """The move, once for each ``token`` among what is said; then the row as it stands, and what should have given pause."""
    now, token = timezone.now(), said.pop("token", None)
    found = cautions(records(row, list(said.values())), said.values(), by=by)
    if waits:
        _hold_up(found)
    what = f"{step.name} {row._meta.label_lower} {row.pk} {sorted(said.items())}"

    def take() -> str:
        step(row, by=by, now=now, **said)
        return DONE

    do_once(token, what, by=by, now=now, deed=take)
    row.refresh_from_db()
    row.cautions = found
    return row


def do_once(token: UUID | None, what: str, *, by: Any, now: datetime, deed: Callable[[], str]) -> str:
    """The deed, once for each ``token``, and what its first sending answered. ``what``: which deed, with what.

    Raises ``NotPossible`` if the key was spent on something else: that is done, and this is not.
    """
    try:
        return once(token, by=by, now=now, deed=deed, said=what)
    except Spent as problem:
        text = "This Idempotency-Key was used for something else, so nothing was done. Send a new one."
        raise NotPossible(text) from problem


def looked_at(request: Request, said: dict[str, Any], *, about: Any = ()) -> dict[str, Any]:
    """The same, once nothing in it gives pause. A page lets somebody say that it has to stand there; a program cannot judge.

    ``about``: the records that it is about, beside those that the request has opened and those that it names.
    """
    _hold_up(cautions_of(request, said, about=about))
    return said


class Cautioned(serializers.Serializer):
    """What was sent and could not wait, and what should give whoever sent it pause: somebody may be found by it."""

    cautions = serializers.ListField(child=serializers.CharField(), default=list)


def cautions_of(request: Request, said: dict[str, Any], *, about: Any = ()) -> list[str]:
    whom = [*shown_in(request._request), *records(about, list(said.values()))]
    return cautions(whom, said.values(), by=request.user)


def _hold_up(found: list[str]) -> None:
    if found:
        raise serializers.ValidationError({"non_field_errors": found})


def make_once(request: Request, *, now: datetime, deed: Callable[[], str], about: Any = (), waits: bool = True) -> str:
    """What is made at this address of what was sent to it, once for each key: its reference.

    ``about``: the records that it is about. Where nothing ``waits``, whoever calls says afterwards what should give pause.
    """
    sent: Any = request.data
    if waits:
        looked_at(request, dict(sent), about=about)
    what = f"{request.path} {json.dumps(request.data, sort_keys=True, default=str)}"
    return do_once(key_of(request), what, by=request.user, now=now, deed=deed)


def facts(form: type[forms.Form], data: Any, *, make: Callable[[Any], forms.Form] | None = None) -> dict[str, Any]:
    """What a transition is told: ``data`` in the right types, then through the form. Raises DRF's ``ValidationError``.

    ``make`` builds the form where it must know more than its data: the record that narrows its choices.
    """
    sent = serializer_of(form)(data=data)
    sent.is_valid(raise_exception=True)
    bound = (make or form)(_as_typed(form, sent.validated_data))
    if not bound.is_valid():
        raise serializers.ValidationError(faults(bound))
    return bound.cleaned_data


def faults(form: forms.BaseForm) -> dict[str, list[str]]:
    """What is wrong, by field; of the whole form under DRF's own name for that."""
    return {
        name if name in form.fields else "non_field_errors": [str(each) for each in said]
        for name, said in form.errors.items()
    }


def serializer_of(form: type[forms.Form]) -> type[serializers.Serializer]:
    """The form as a serializer: the types that JSON must have, and what the schema shows."""
    revealed = {child for field in form.base_fields.values() for child in getattr(field, "reveals", {}).values()}
    fields = {name: _field(field, asked=name not in revealed) for name, field in form.base_fields.items()}
    return type(form.__name__, (serializers.Serializer,), fields)


def parameters_of(form: type[forms.Form]) -> list[OpenApiParameter]:
    """A filter form as the query parameters of a list."""
    return [
        OpenApiParameter(name, str, description=str(field.label), enum=_answers(field))
        for name, field in form.base_fields.items()
    ]


def _answers(field: Any) -> list[str] | None:
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        return None
    choices: Any = field.choices
    return [value for value, _ in choices if value]


def _field(field: Any, *, asked: bool) -> serializers.Field:
    """The type in JSON. A question that only another's answer reveals is left to the form to require."""
    choices: Any = getattr(field, "choices", ())
    said: dict[str, Any] = {"required": field.required and asked, "help_text": str(field.label or "")}
    if isinstance(field, forms.ModelMultipleChoiceField):
        return serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), **said, max_length=100
        )
    if isinstance(field, forms.MultipleChoiceField):
        child = serializers.ChoiceField(choices=list(choices))
        return serializers.ListField(child=child, **said, max_length=len(choices))
    if isinstance(field, YesNoField):
        return serializers.BooleanField(**said, allow_null=any(value == "unsure" for value, _ in choices))
    if isinstance(field, DateTimeField | DateField):
        kind = serializers.DateTimeField if isinstance(field, DateTimeField) else serializers.DateField
        return kind(**said, allow_null=not field.required)
    if isinstance(field, forms.IntegerField):
        return serializers.IntegerField(**said, **{end: getattr(field, end) for end in ("min_value", "max_value")})
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return serializers.ChoiceField(choices=list(choices), **said)
    return serializers.CharField(
        **said, allow_blank=not (field.required and asked), max_length=getattr(field, "max_length", None)
    )


def _as_typed(form: type[forms.Form], given: dict[str, Any]) -> QueryDict:
    """As a browser would have sent it: text by name, and nothing for null."""
    typed = QueryDict(mutable=True)
    for name, value in given.items():
        if isinstance(value, list):
            typed.setlist(name, [str(each) for each in value])
        elif isinstance(form.base_fields[name], YesNoField):  # so that what a "no" reveals is asked for
            typed[name] = {True: "yes", False: "no", None: "unsure"}[value]
        elif value is not None:
            typed[name] = value.isoformat() if isinstance(value, date) else str(value)
    return typed
