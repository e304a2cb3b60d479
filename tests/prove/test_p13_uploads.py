"""P13: every file of the corpus through the live sweep, one after the other in one queue, to its fate."""

import pytest

from earlyhelp.documents import sweep
from earlyhelp.documents.models import Document
from tests.documents.conftest import LATER, family, put, upload  # noqa: F401
from tests.documents.corpus import AT_THE_DOOR
from tests.documents.test_corpus import INSIDE, fate, of

pytestmark = [pytest.mark.promise("P13"), pytest.mark.django_db]


def test_each_file_of_the_corpus_meets_its_fate_and_none_stops_the_sweep(put, proof):  # noqa: F811
    documents = {each: put(upload(each)) for each in INSIDE}
    while sweep.look_through(now=LATER):
        pass

    wrong = [
        each.name for each, document in documents.items() if fate(Document.objects.get(pk=document.pk)) != each.fate
    ]
    opened = [each.name for each, document in documents.items() if _opened_wrongly(each, document)]
    proof.line(
        f"{len(INSIDE)} files looked through by the sweep, {len(of(AT_THE_DOOR))} refused at the form by make test",
        f"{len(wrong)} met another fate {wrong[:5]}, {len(opened)} can be opened that should not",
        kept=not wrong and not opened,
    )


def _opened_wrongly(specimen, document):
    return Document.objects.get(pk=document.pk).status == "available" and specimen.fate != "available"
