"""What assessments ask of a case that is about to close, and do when it has."""

from __future__ import annotations

from assessments.services.planning import silence_actions
from assessments.services.reviewing import why_not_close
from earlyhelp.cases.guards import at_the_end, closure_guard

closure_guard(why_not_close)
at_the_end(silence_actions)
