"""What assessments ask of a case that is about to close or to be given more, do when it ends, and pass on with its lead."""

from __future__ import annotations

from assessments.services.assessing import why_not_more
from assessments.services.planning import pass_on_actions, silence_actions
from assessments.services.reviewing import why_not_close
from assessments.services.risks import pass_on_risks, risks_left, silence_risks
from earlyhelp.cases.guards import (
    at_the_end,
    at_the_hand_over,
    before_more_is_asked,
    closure_guard,
    when_somebody_leaves,
)

closure_guard(why_not_close)
closure_guard(risks_left)
before_more_is_asked(why_not_more)
at_the_end(silence_actions)
at_the_end(silence_risks)
at_the_hand_over(pass_on_actions)
when_somebody_leaves(pass_on_actions)
at_the_hand_over(pass_on_risks)
