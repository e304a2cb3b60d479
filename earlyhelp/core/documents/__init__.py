"""Documents that leave the house: a page to print, and an accessible PDF of the same. What is said goes in as data, never as
markup, so that nothing a person types can be taken for an instruction.
"""

from earlyhelp.core.documents.making import pdf, printed
from earlyhelp.core.documents.paper import Paper, Section

__all__ = ["Paper", "Section", "pdf", "printed"]
