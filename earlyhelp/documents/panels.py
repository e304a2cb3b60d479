"""Where documents stand on the pages of a family, and that to read one is to read of the family (promise P5)."""

from earlyhelp.documents.models import Document
from earlyhelp.families.panels import family_section
from earlyhelp.families.reads import keeps

family_section("documents:of_family", "Documents")
keeps(Document, "its documents")
