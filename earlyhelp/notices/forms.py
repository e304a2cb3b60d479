from __future__ import annotations

from earlyhelp.core import forms
from earlyhelp.notices.enums import How, Kind
from earlyhelp.partnership.forms import PasswordAgain

HINTS = {
    Kind.REMINDER: "A review, a first contact or something else with a date is due soon, due now or overdue.",
    Kind.REQUEST: "An action is yours, you are invited to a meeting, or you are asked to think about a step.",
    Kind.DECISION: "The hub, EH Access or a colleague decided something that you asked for or work on.",
    Kind.NEWS: "A referral has arrived, papers are out, somebody has replied.",
}


class PreferencesForm(forms.Form):
    """One question for each kind. What is nobody's to switch off is shown with them, and cannot be answered."""

    label_size, quiet_optional = "m", True

    always = forms.ChoiceField(
        label="Hand-overs to social care, and anything urgent",
        hint="Nobody can switch these off: somebody waits for you.",
        choices=[(How.AT_ONCE, How.AT_ONCE.label)],
        initial=How.AT_ONCE,
        disabled=True,
        required=False,
    )
    reminder = forms.ChoiceField(label="Reminders", hint=HINTS[Kind.REMINDER], choices=How.choices)
    request = forms.ChoiceField(label=Kind.REQUEST.label, hint=HINTS[Kind.REQUEST], choices=How.choices)
    decision = forms.ChoiceField(label=Kind.DECISION.label, hint=HINTS[Kind.DECISION], choices=How.choices)
    news = forms.ChoiceField(label=Kind.NEWS.label, hint=HINTS[Kind.NEWS], choices=How.choices)

    def hows(self) -> dict[str, str]:
        return {kind: how for kind, how in self.cleaned_data.items() if kind != "always"}


class AddressForm(PasswordAgain):
    """Another address for one's own notices."""

    field_order = ["email", "password"]
    email = forms.EmailField(label="Your work e-mail address", width=30, autocomplete="email")
