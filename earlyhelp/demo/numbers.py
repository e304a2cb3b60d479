"""Numbers that pass every check and belong to nobody: the NHS range kept for tests, and pupil numbers of no school."""

from __future__ import annotations

from earlyhelp.families.models import pupil_check_letter

NHS_RANGE = 1_000_000  # 999 and six digits, then the check digit
AUTHORITY, SCHOOL = "855", "2001"  # an authority that exists, with pupils that do not


def nhs_number(serial: int) -> str:
    """The NHS number of that serial in the test range; empty where the check digit would be ten, or past the range."""
    if not 0 <= serial < NHS_RANGE:
        return ""
    stem = f"999{serial:06d}"
    check = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), stem, strict=True)) % 11
    return f"{stem}{check}" if check < 10 else ""


def pupil_number(serial: int) -> str:
    stem = f"{AUTHORITY}{SCHOOL}{serial // 1000 % 100:02d}{serial % 1000:03d}"
    return pupil_check_letter(stem) + stem
