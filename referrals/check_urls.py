"""The self-checks: pages that need no account, and one that says how many use them."""

from django.urls import path

from referrals.views import checking

app_name = "checking"
PAGES = {"check": "", "results": "results/", "contact": "contact/", "sent": "sent/"}
urlpatterns = [
    *(
        path(f"{at}/{rest}", getattr(checking, page), {"kind": kind}, name=f"{kind.value}_{page}")
        for kind, at in checking.NAMES.items()
        for page, rest in PAGES.items()
    ),
    path("self-checks/", checking.used, name="used"),
]
