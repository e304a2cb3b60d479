"""Uploads hurt nobody (promise P13): each file of the corpus, through the form and the sweep, to its fate."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from earlyhelp.documents import storing, sweep
from earlyhelp.documents.enums import DocumentStatus
from earlyhelp.documents.inspection import __main__ as inspection
from earlyhelp.documents.inspection import pictures
from earlyhelp.documents.inspection.findings import Finding
from earlyhelp.documents.models import Document, Leaving
from tests.documents.conftest import LATER, upload
from tests.documents.corpus import AT_THE_DOOR, AVAILABLE, CORPUS, HELD, NEVER, SECRET, Specimen
from tests.families.pages import sent

FORMATS = {"jpg": "jpeg", "txt": "text"}
INSIDE = [each for each in CORPUS if each.fate != AT_THE_DOOR]


def of(fate):
    return [each for each in CORPUS if each.fate == fate]


def test_the_corpus_is_as_large_as_was_promised():
    assert len(CORPUS) >= 40
    assert len({each.name for each in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("specimen", INSIDE, ids=str)
def test_each_file_is_found_out_when_it_is_looked_through(specimen: Specimen, tmp_path):
    path, ending = tmp_path / "source", specimen.filename.rpartition(".")[2].lower()
    path.write_bytes(specimen.make())

    try:
        inspection.look(path, FORMATS.get(ending, ending), tmp_path)
        fate, why = AVAILABLE, ""
    except Finding as found:
        fate, why = NEVER if found.firm else HELD, str(found)

    assert (fate, specimen.why in why) == (specimen.fate, True), why


@pytest.mark.parametrize("specimen", of(AT_THE_DOOR), ids=str)
def test_what_is_not_taken_is_refused_at_once_with_words_that_say_what_to_do(client, family, worker, specimen):
    client.force_login(worker)
    typed = sent(title="A letter", kind="letter", visibility="family", file=upload(specimen))

    answer = client.post(reverse("documents:add", args=[family.reference]), typed)

    assert answer.status_code == 422
    assert "The file " in answer.content.decode()
    assert not Document.objects.exists()


WORST = {
    "a Word document",
    "a PNG of nine hundred million points",
    "a PNG that unpacks to more than its points",
    "a PDF with a script",
    "a PDF and a page with a script after it",
    "a Word document with macros",
    "a zip bomb that lies about its size",
    "a billion laughs",
}


def test_one_sweep_brings_each_of_the_worst_to_its_fate_and_survives_them(put, look):
    documents = {each: put(upload(each)) for each in INSIDE if each.name in WORST}
    look()

    found = {each.name: fate(Document.objects.get(pk=document.pk)) for each, document in documents.items()}
    assert found == {each.name: each.fate for each in documents}


def fate(document):
    if document.status == DocumentStatus.HELD:
        return NEVER if document.held_for_good else HELD
    return document.status


@pytest.mark.parametrize("specimen", [each for each in of(AVAILABLE) if each.declared.startswith("image/")], ids=str)
def test_of_a_picture_nothing_but_its_points_is_kept(specimen, tmp_path):
    source, clean = tmp_path / "source", tmp_path / "clean"
    source.write_bytes(specimen.make())

    pictures.draw_anew(source, specimen.declared.removeprefix("image/"), clean)

    kept = clean.read_bytes()
    picture = Image.open(BytesIO(kept))
    picture.load()
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert SECRET not in kept
    assert b"<script" not in kept
    assert not zipfile.is_zipfile(BytesIO(kept))


def test_a_picture_is_drawn_anew_before_anybody_opens_it_and_what_was_sent_is_deleted(put, look):
    sent_first = put(upload(next(each for each in CORPUS if "JPEG that says" in each.name)))

    document = look(sent_first)
    sweep.clear(now=LATER)

    with storing.opened(document.blob) as content:
        assert SECRET not in content.read()
    assert document.sha256 != sent_first.sha256
    assert not storing.store().exists(sent_first.blob)
    assert not Leaving.objects.exists()


def test_a_picture_held_upright_is_kept_upright(put, look):
    exif = Image.Exif()
    exif[0x0112] = 6  # held on its side
    made = BytesIO()
    Image.new("RGB", (40, 20)).save(made, "JPEG", exif=exif)

    document = look(put(upload(name="a.jpg", declared="image/jpeg", content=made.getvalue())))

    with storing.opened(document.blob) as content:
        assert Image.open(content).size == (20, 40)
