"""Documents that leave the house: a page to print, an accessible PDF of the same, and a table. What is said goes in as data,
never as markup, so that nothing a person types can be taken for an instruction.
"""

from earlyhelp.core.documents.making import pdf, printed
from earlyhelp.core.documents.paper import Paper, Section
from earlyhelp.core.documents.table import begins_a_formula, table

__all__ = ["Paper", "Section", "begins_a_formula", "pdf", "printed", "table"]
