from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms import PasswordInput, Select
from django.utils import timezone

from earlyhelp.accounts.enums import State
from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    EmailField,
    FilterForm,
    FullPostcodeField,
    ModelChoiceField,
    OnceForm,
    TextField,
)
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.forms import CredentialField, FindPerson, Own, PasswordAgain
from earlyhelp.partnership.models import Agency, Area, Team, User

SHOW = [("", "Everybody who is here"), *State.choices, ("no_factor", "Without a second factor")]


class AccountFilter(FilterForm):
    named = CharField(label="Name or username", max_length=80)
    show = ChoiceField(label="Show", choices=SHOW, widget=Select)
    agency = ModelChoiceField(Agency.objects.all(), label="Agency", widget=Select, empty_label="Every agency")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.scope.holds(Role.SYSTEM_ADMIN):
            del self.fields["agency"]  # a manager's people are of one


class _Whose(OnceForm):
    """Who somebody is, and for whom they work."""

    first_name = CharField(label="First name", max_length=150, width=20)
    last_name = CharField(label="Last name", max_length=150, width=20)
    email = EmailField(label="Work e-mail address", width=30)
    phone = CharField(label="Telephone", max_length=40, width=20, required=False)
    job_title = CharField(label="Job title", max_length=120, width=30)
    agency = ModelChoiceField(Agency.objects.filter(is_active=True), label="Agency", widget=Select, empty_label="")
    team = ModelChoiceField(
        Team.objects.select_related("agency"),
        label="Team",
        labels=lambda team: f"{team}, {team.agency}",
        widget=Select,
        empty_label="No team",
        required=False,
    )
    takes_cases = BooleanField(label="May be offered a family as lead professional", required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        team, agency = given.get("team"), given.get("agency")
        if team and agency and team.agency_id != agency.pk:
            self.add_error("team", f"This is a team of {team.agency}. Select one of the same agency")
        return given


class Invite(_Whose):
    field_order = ["username"]
    username = CharField(
        label="Username",
        hint="What they type to sign in. It cannot be changed later.",
        max_length=150,
        width=20,
        spellcheck=False,
        validators=[User.username_validator],
    )

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError("Somebody has this username already. Choose another")
        return username


class Change(_Whose):
    """The same of an account that there is."""

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        names = (*_Whose.base_fields,)
        given = {name: getattr(account, name) for name in names if name != "token"}
        super().__init__(*args, **{"initial": given} | kwargs)


def _in_order(form: Any, given: dict[str, Any] | None) -> dict[str, Any]:
    given = given or {}
    first, last = given.get("from_on"), given.get("until_on")
    if first and last and last < first:
        form.add_error("until_on", "The last day must not be before the first")
    return given


class OfAccount(OnceForm):
    """A deed done to one account."""

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account


class GivePost(OfAccount):
    role = ChoiceField(label="What may they do?", choices=Role.choices)
    area = ModelChoiceField(
        Area.objects.all(), label="Where?", hint="And in all within it.", widget=Select, empty_label=""
    )
    from_on = DateField(label="First day", initial=timezone.localdate)
    until_on = DateField(label="Last day", hint="Leave this empty if it has no end.", required=False)

    def clean(self) -> dict[str, Any]:
        return _in_order(self, super().clean())


class LastDay(OfAccount):
    last_day = DateField(label="Last day", hint="It counts until midnight.", initial=timezone.localdate)


class Why(OfAccount):
    reason = TextField(label="Why?", hint="It is kept with the account.", rows=3, max_length=2000)


class JustDo(OfAccount):
    """Nothing is asked."""


class NameCover(OnceForm):
    colleague = ModelChoiceField(
        User.objects.none(),
        label="Who covers?",
        noun="who covers",
        widget=Select,
        empty_label="Choose a colleague",
        labels=lambda user: f"{user}, {user.job_title}" if user.job_title else str(user),
    )
    from_on = DateField(label="First day", future=True, initial=timezone.localdate)
    until_on = DateField(label="Last day", future=True)
    reason = CharField(label="Why?", hint="For example “On leave”. It is kept.", max_length=200)

    def __init__(self, *args: Any, colleagues: Any, sought: FindPerson, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sought.offer(self.fields["colleague"], colleagues, under=lambda user: user.team or "Of no team")

    def clean(self) -> dict[str, Any]:
        return _in_order(self, super().clean())


# --- one's own account -----------------------------------------------------------------------------------------------


class NewPassword(Own):
    new_password = CharField(
        label="New password",
        hint="12 characters or more. Three words that do not belong together are good.",
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password


class ChangePassword(NewPassword, PasswordAgain):
    field_order = ["password", "new_password"]


class WhereTheyLive(Own):
    postcode = FullPostcodeField()
    street = CharField(
        label="Street",
        hint="Without the number. A long street has several postcodes: with its name all of it counts.",
        max_length=120,
        required=False,
        autocomplete="off",
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and given.get("street") and not given.get("postcode"):
            raise ValidationError({"postcode": "Enter the postcode too, or empty both boxes"})
        return given


class AddApp(PasswordAgain):
    field_order = ["code", "password"]
    code = CharField(
        label="The 6 digits that the app shows now",
        width=10,
        max_length=20,
        autocomplete="one-time-code",
        attrs={"inputmode": "numeric"},
    )


class AddPasskey(PasswordAgain):
    field_order = ["name", "password"]
    name = CharField(label="What do you call it?", hint="For example “Work laptop”.", max_length=60, width=20)
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("credential"):
            raise ValidationError(
                {"name": "Your browser made no passkey. Press the button again and follow what it asks"}
            )
        return given
