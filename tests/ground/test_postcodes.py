"""A postcode, whole or begun, as it is printed."""

import pytest

from earlyhelp.core.postcodes import as_printed, beginning


@pytest.mark.parametrize(
    ("typed", "printed", "begins"),
    [
        ("le13 1aa", "LE13 1AA", ""),
        ("LE131AA", "LE13 1AA", ""),
        ("l e13  1aa", "LE13 1AA", ""),
        ("LE13AB", "LE1 3AB", ""),
        ("M1 1AE", "M1 1AE", ""),
        ("sw1a1aa", "SW1A 1AA", ""),
        ("le13", "LE13", "LE13 "),
        ("LE1", "LE1", "LE1 "),
        ("le13 1", "LE13 1", "LE13 1"),
        ("LE131", "LE13 1", "LE13 1"),
        ("LE1 1", "LE1 1", "LE1 1"),
        ("LE11", "LE11", "LE11 "),  # without its space the shorter reading: it is further
        ("LE13 1A", "LE13 1A", "LE13 1A"),
        ("SW1A", "SW1A", "SW1A "),
        ("Melton", "MELTON", ""),
        ("12 345", "12345", ""),
        ("%", "%", ""),
        ("", "", ""),
    ],
)
def test_it_is_printed_in_one_way_and_a_part_says_how_those_in_it_begin(typed, printed, begins):
    assert (as_printed(typed), beginning(printed)) == (printed, begins)
    assert as_printed(printed) == printed
