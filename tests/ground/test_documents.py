"""Documents that leave the house: what is said is said whole, looks like nothing else, and can be read by everybody."""

import io
import time

import pytest
from pypdf import PdfReader

from earlyhelp.core.documents import Paper, Section, making, pdf, printed

HOSTILE = '#eval("1+1") #import "/etc/passwd": * *bold* $x^2$ @ref <label> // gone /* gone */ \\ ] } ) #{ panic() }'


def read(document):
    return PdfReader(io.BytesIO(document))


def text_of(document):
    """What it says, without the places at which a long word was broken."""
    return " ".join(" ".join(page.extract_text() for page in read(document).pages).replace("\u200b", "").split())


def paper_of(*sections, **said):
    return Paper(
        **{"title": "Hand-over", "reference": "H-1", "marking": "CONFIDENTIAL", "made": "Made today"} | said,
        sections=sections,
    )


def test_every_part_of_a_paper_is_in_its_pdf():
    document = printed(
        paper_of(
            Section("What happened", text="First line.\nSecond line."),
            Section("Facts", facts=[("Who", "Robin")]),
            Section("Days", head=("When", "What"), rows=[("3 March 2026", "A visit")]),
            Section("Others", nothing="Nobody is known."),
            intro="Read this first.",
        )
    )

    said = text_of(document)
    for part in (
        "Hand-over H-1",
        "Read this first.",
        "First line. Second line.",
        "Who Robin",
        "3 March 2026",
        "A visit",
    ):
        assert part in said
    assert "Nobody is known." in said


def test_it_is_tagged_titled_and_says_its_language():
    document = read(printed(paper_of(Section("Days", head=("When", "What"), rows=[("3 March", "A visit")]))))
    root = document.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Hand-over H-1"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_who_may_read_it_and_who_made_it_stand_on_every_page():
    document = read(printed(paper_of(Section("Long", text="A line.\n" * 200))))

    assert len(document.pages) > 3
    for number, page in enumerate(document.pages, start=1):
        said = page.extract_text()
        assert "CONFIDENTIAL" in said
        assert "Made today" in said
        assert f"Page {number} of {len(document.pages)}" in said


def test_what_a_person_types_is_never_an_instruction():
    said = text_of(printed(paper_of(Section(HOSTILE, text=HOSTILE, facts=[(HOSTILE, HOSTILE)]), intro=HOSTILE)))

    assert said.count(HOSTILE) == 5


@pytest.mark.parametrize("name", ["שרה כהן", "Łukasz Żółć", "Ελένη", "Юлия", "D’Souza–Ní Bhriain"])
def test_a_name_in_another_script_is_drawn(name):
    said = text_of(printed(paper_of(Section("Who", text=name))))

    assert set(name) - {" "} <= set(said)
    assert "cannot show" not in said


def test_arabic_is_drawn_with_the_second_font():
    document = read(printed(paper_of(Section("Who", text="مريم علي"))))

    fonts = {str(font.get_object()["/BaseFont"]) for font in document.pages[0]["/Resources"]["/Font"].values()}
    assert any("DejaVuSansMono" in font for font in fonts)
    assert "cannot show" not in document.pages[0].extract_text()


@pytest.mark.parametrize("name", ["ਹਰਪ੍ਰੀਤ ਸਿੰਘ", "王小明", "👩‍👧‍👦🏽", "અમિત"])
def test_letters_that_no_font_has_are_said_to_be_missing_once_and_the_rest_is_kept(name):
    said = text_of(printed(paper_of(Section("Who", text=f"before {name} after"))))

    assert said.count("[letters that this document cannot show: see the record on screen]") == 1
    assert "before [" in said
    assert "] after" in said


def test_a_text_with_many_letters_that_no_font_has_says_so_in_few_words():
    said = text_of(printed(paper_of(Section("Who", text="王 a " * 50))))

    assert said.count("[letters that this document cannot show: see the record on screen]") == making.WHOLE
    assert said.count("[not shown]") == 50 - making.WHOLE


def test_every_font_used_is_inside_the_document():
    document = read(printed(paper_of(Section("Who", text="Robin مريم"))))

    for font in document.pages[0]["/Resources"]["/Font"].values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile3", "/FontFile2"} & set(descriptor)


def test_a_word_without_end_stays_on_the_page():
    word = "a" * 2_000
    document = printed(paper_of(Section("Long", text=word, head=("When", "What"), rows=[(word, word)])))

    assert text_of(document).replace(" ", "").count("a") >= 6_000


def test_letters_that_turn_the_reading_around_are_left_out():
    said = text_of(printed(paper_of(Section("Who", text="safe\u202efile.exe\u0007 and \ufff9on"))))

    assert "safefile.exe and on" in said


@pytest.mark.parametrize(
    "heap",
    [
        "a" + "\u0301" * 15_000,
        ("\u1100" + "\u0301" * 20) * 700,
        "\u0301\u200b" * 7_500,
        "a" + "\u0301\u0903" * 7_500,
    ],
    ids=["one letter", "letters no font has", "breaks", "marks with a width"],
)
def test_a_heap_of_marks_is_drawn_in_no_time(heap):
    began = time.perf_counter()

    printed(paper_of(Section("Heap", text=heap, head=("When", "What"), rows=[(heap, heap)])))

    assert time.perf_counter() - began < 3  # it takes 0.1; with a break before each mark, six to sixty


@pytest.mark.parametrize("word", ["שָׁלוֹם", "ắng", "q\u0301\u0323\u0331" * 40])
def test_the_marks_of_a_language_stay_upon_their_letters(word):
    assert making._clean(word).replace("\u200b", "") == word
    assert "cannot show" not in text_of(printed(paper_of(Section("Who", text=word))))


def test_a_mark_with_no_letter_under_it_is_left_out():
    assert making._clean("\u0301Robin \u0301\n\u0301 West") == "Robin \n West"


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "", " ", "\n\n\n", "\u200b", "\ue000", "-" * 300])
def test_no_text_breaks_it(odd):
    assert printed(
        paper_of(Section("Odd", text=odd, facts=[(odd, odd)], head=("a", "b"), rows=[(odd, odd)]))
    ).startswith(b"%PDF")


def test_a_template_that_is_at_fault_says_so():
    with pytest.raises(RuntimeError):
        pdf("paper.typ", {"nothing": "of what it needs"}, title="x")
