"""Acceptance stories of domain.md 17, played through the pages row by row, as far as the product reaches.

One file a story, named by whom or what it is about; each ends with what must not have happened. Those that live most on the
pages are played in a browser: 5 (``tests/browser/test_grant.py``), the meeting of 6 (``test_moran.py``), 12
(``test_signposted.py``) and 13 (``test_eighteen.py``). Where a row belongs to work still to come, a comment says what
stands here for it.
"""
