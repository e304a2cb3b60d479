from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms

from earlyhelp.core.forms import ChoiceField, FilterForm, ModelChoiceField
from earlyhelp.partnership.enums import AreaKind
from earlyhelp.partnership.models import Area
from hubs.enums import GAP_NEEDS

FROM = [("", "Both"), ("found", "Records of families"), ("reported", "Reports of collaboratives")]
ORDERS = [("workload", "Workload"), ("overdue", "Reviews overdue")]


class PlaceFilter(FilterForm):
    area = ModelChoiceField(Area.objects.none(), label="Area", widget=django_forms.Select, empty_label="Every area")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.filter(kind=AreaKind.DISTRICT)


class ReportFilter(PlaceFilter):
    """Of which quarter: the last that is over, unless another is asked for."""

    quarter = ChoiceField(label="Quarter", choices=(), widget=django_forms.Select)

    def __init__(self, *args: Any, quarters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [("", "The last that is over"), *quarters]


class TrendFilter(PlaceFilter):
    need = ChoiceField(label="Need", choices=[("", "Every need"), *GAP_NEEDS], widget=django_forms.Select)


class GapFilter(TrendFilter):
    of = ChoiceField(label="From", choices=FROM, widget=django_forms.Select)
    quarter = ChoiceField(label="When", choices=(), widget=django_forms.Select)

    def __init__(self, *args: Any, quarters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.all()
        self.fields["quarter"].choices = [("", "The last four quarters"), *quarters]


class DashboardFilter(PlaceFilter):
    """Where, and who comes first: both lie in the address, so that a view can be shared."""

    order = ChoiceField(label="Order", choices=ORDERS, widget=django_forms.HiddenInput)

    def ordered(self, order: str) -> str:
        """The query string of this same view in another order, from its first page."""
        area = self.cleaned()["area"]
        return urlencode(({"area": area.pk} if area else {}) | {"order": order})

    def selected(self) -> list[tuple[str, str, str]]:
        """The order leaves nothing out, so it is not shown as a filter."""
        return [each for each in super().selected() if each[0] != "Order"]
