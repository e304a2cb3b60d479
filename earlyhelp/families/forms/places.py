"""What is asked about where somebody has their place: in a family, in a household, at an address."""

from __future__ import annotations

from typing import Any

from earlyhelp.core.forms import (
    BooleanField,
    ChoiceField,
    DateField,
    ModelMultipleChoiceField,
    OnceForm,
    TextField,
    YesNoField,
)
from earlyhelp.families.enums import FamilyRole
from earlyhelp.families.forms.record import HomeFields, SinceField, name_of, worker
from earlyhelp.families.models import FamilyMembership, Person
from earlyhelp.partnership.models import User


class KnownMember(OnceForm):
    """The same for somebody whom the search found."""

    role = ChoiceField(
        label="In this family they are a", choices=FamilyRole.choices, noun="what they are in this family"
    )
    lives_in_household = YesNoField(label="Do they live in this household?")
    on = SinceField()


class ChangePlace(OnceForm):
    role = ChoiceField(
        label="In this family they are a", choices=FamilyRole.choices, noun="what they are in this family"
    )
    lives_in_household = YesNoField(label="Do they live in this household?")
    on = SinceField(
        hint="What was so until that day is kept. Leave it empty if nobody knows the day, or to put right what was "
        "written down wrongly."
    )


class EndMembership(OnceForm):
    on = DateField(label="When did they leave?", past=True)
    reason = TextField(label="Why", hint="Moved out, a separation, grown up, died.", rows=3)


NOBODY_ELSE = (
    "Besides you nobody works with the family yet, so nobody can be named here. Name them later, once they do: until then a "
    "secret address is shown to you alone."
)


class MoveHome(OnceForm, HomeFields):
    on = DateField(label="Since when?", past=True, required=False)
    known_to = ModelMultipleChoiceField(
        User.objects.none(),
        label="If it is secret: who else may have it shown to them?",
        hint="Besides you. Each time they say why, and that is written down. You can name them later too.",
        labels=worker,
        required=False,
    )
    others = ModelMultipleChoiceField(
        Person.objects.none(), label="Who moves with them?", labels=name_of, required=False
    )

    no_secret = BooleanField(
        label="The new address is no secret: anybody who sees the family may read it", required=False
    )
    household = ChoiceField(
        label="Who lives in one household then?",
        hint="The genogram and the papers of a meeting say so.",
        choices=[
            ("together", "All of them, as before"),
            ("moved_out", "Those who stay: whoever moves lives apart from the family now"),
            ("stayed_behind", "Those who move: whoever stays behind lives apart from the family now"),
        ],
        noun="who lives in one household then",
    )

    field_order = (*HomeFields.HOME, "known_to", "no_secret", "on", "others", "household")

    def __init__(
        self,
        *args: Any,
        person: Person,
        others: Any,
        workers: Any,
        is_hidden: bool,
        at_home: list[FamilyMembership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.at_home = person.pk, at_home
        if len(at_home) < 2:
            del self.fields["household"]
        self.fields["known_to"].queryset = workers
        if not workers.exists():
            self.fields["known_to"].help_text = NOBODY_ELSE
        self.is_hidden = is_hidden
        if not is_hidden:
            del self.fields["no_secret"]
        self.fields["line_1"].required = True
        self.fields["line_1"].error_messages["required"] = "Enter the first line of the address"
        self.fields["others"].queryset = others

    def clean(self) -> dict[str, Any]:
        """Where somebody fled from a secret address to another, an unticked box is no answer."""
        given = self._with_who_lives_apart(super().clean() or {})
        no_secret = given.pop("no_secret", False)
        if given.get("known_to") and not given.get("protected"):
            self.add_error("protected", "Tick this if the address is secret; or choose nobody to whom it may be shown")
        elif self.is_hidden and not given.get("protected") and not no_secret:
            self.add_error("protected", "They live at a secret address now. Say whether the new one is secret too")
        return given

    def _with_who_lives_apart(self, given: dict[str, Any]) -> dict[str, Any]:
        """Nothing is guessed from the two addresses: one of them may be a secret, and the answer would tell."""
        answer, moving = given.pop("household", "together"), {each.pk for each in given.get("others") or ()}
        stay = [member for member in self.at_home if member.person_id not in moving | {self.person}]
        left = {member.family_id for member in stay}
        move = [member for member in self.at_home if member.family_id in left and member not in stay]
        return given | {"apart": {"moved_out": move, "stayed_behind": stay}.get(answer, [])}
