"""Many referrals to one colleague (screens.md 1.1, multi-select and confirm an action)."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import CharField, ModelChoiceField, OnceForm
from earlyhelp.partnership.models import User
from referrals.forms.triage import QueueTab, SeenField
from referrals.queries import access_workers


class Ticked(QueueTab):
    """What was ticked in the queue, and for whom."""

    worker = ModelChoiceField(
        User.objects.none(),
        label="Assign what is ticked to",
        widget=django_forms.Select,
        empty_label="Choose a colleague",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = access_workers()


class AssignMany(OnceForm):
    row = SeenField()
    worker = ModelChoiceField(User.objects.none(), widget=django_forms.HiddenInput)
    reason = CharField(label="Why", hint="Each of them keeps this reason.", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = access_workers()
