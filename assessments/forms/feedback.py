"""What is asked of whoever writes down what somebody said of a service."""

from __future__ import annotations

from typing import Any

from assessments.enums import Quoting, SaidBy
from earlyhelp.core.forms import CharField, ChoiceField, DateField, FilterForm, Form, OnceForm, TextField, VersionedForm


class _Quoting(Form):
    """Whether they may be quoted, and under which name."""

    quoting = ChoiceField(
        label="Do they agree to be quoted?",
        noun="whether they agree to be quoted",
        choices=Quoting.choices,
        reveals={Quoting.NAMED.value: "quoted_as"},
    )
    quoted_as = CharField(
        label="Which name do they give?",
        noun="the name that they give",
        hint="As they wish to be named: Mrs T, or a first name.",
        max_length=80,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        named = given.get("quoting") == Quoting.NAMED
        return given | {"quoted_as": given.get("quoted_as", "") if named else ""}


class WriteDown(_Quoting, OnceForm):
    words = TextField(
        label="What did they say?",
        hint="Their own words. Leave out names, and whatever tells who a family is.",
        max_length=2000,
        rows=5,
    )
    said_by = ChoiceField(
        label="Who said it?",
        noun="who said it",
        choices=SaidBy.choices,
        hints={SaidBy.PROFESSIONAL: "It is kept as an observation, and counted as no measure."},
    )
    said_on = DateField(label="When?", past=True)

    field_order = ("words", "said_by", "said_on", "quoting", "quoted_as")


class ChangeQuoting(_Quoting, VersionedForm):
    """They think again."""


class SaidFilter(FilterForm):
    show = ChoiceField(
        label="Show",
        choices=[("", "What people say"), ("observations", "What professionals have noticed")],
    )

    def narrow(self, rows: Any) -> Any:
        return rows.observations() if self.cleaned()["show"] else rows.own_words()
