"""What a page that follows a meeting says of itself, and what is chosen for a screen."""

from __future__ import annotations

from earlyhelp.core.forms import CharField, ChoiceField, FilterForm, Form, IntegerField


class Seen(FilterForm):
    """How the meeting stood when the page was last drawn."""

    seen = CharField(required=False, max_length=80)

    @property
    def stand(self) -> str:
        return self.cleaned_data.get("seen", "") if self.is_valid() else ""


class Screen(Form):
    """One switch at a time, and the family before which it stands."""

    names = ChoiceField(choices=[("shown", "Shown"), ("hidden", "Hidden")], required=False)
    keys = ChoiceField(choices=[("on", "On"), ("off", "Off")], required=False)
    item = IntegerField(required=False)
