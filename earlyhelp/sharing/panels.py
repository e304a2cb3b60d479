"""Where sharing stands on the pages of a family."""

from earlyhelp.families.panels import family_section

family_section("sharing:family", "Sharing")
