"""Acceptance stories of domain.md 17, played through the pages as far as the front door and its neighbours reach.

One file a story, named by whom it is about; each ends with what must not have happened. Story 12, which lives most on the
pages, is played in a browser: ``tests/browser/test_signposted.py``.
"""
