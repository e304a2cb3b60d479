"""Where the pages of an assessment and a plan are, and the token that their forms send."""

from django.urls import reverse

TOKEN = "0b0f4f1e-9d5c-4b63-9d34-ff2d2a1f0c11"


def url(name, case, *args):
    return reverse(f"assessments:{name}", args=[case.reference, *args])


def section(case, slug):
    return reverse("cases:section", args=[case.reference, slug])
