from __future__ import annotations

from typing import Any, NamedTuple

from earlyhelp.core.forms import CharField, OnceForm, TextField

FEWEST = 5  # letters: of less, half a record would go


class AskToBlank(OnceForm):
    own_place = ("words",)

    words = CharField(
        label="Which words say where somebody lives?",
        hint="Copy them as they stand, and no more than has to go. They are sealed until it is decided.",
        min_length=FEWEST,
        max_length=200,
    )
    why = TextField(
        label="Where do they stand, and why must they go?", hint="Without the words themselves.", max_length=500, rows=3
    )


class WhyDecided(OnceForm):
    note = TextField(label="Why?", hint="Without the words themselves.", max_length=500, rows=3)


class Deed(NamedTuple):
    form: Any
    button: str
    said: str
    warning: str = ""


DEEDS = {
    "take_words_out": Deed(
        WhyDecided,
        "Take them out",
        "The words are taken out. In how many places, and who had been given them, stands below.",
        "This cannot be undone. The words go out of every text of the record, of its versions and of the log. Files that "
        "were added, and backups that were made before, still hold them.",
    ),
    "leave_words": Deed(WhyDecided, "Leave them", "They stay as they are, and the sealed words are gone."),
}
