from __future__ import annotations

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Numbered pages with an exact count: it is cheap here, and an inexact one has misled people elsewhere."""

    page_size_query_param = "page_size"
    max_page_size = 100
