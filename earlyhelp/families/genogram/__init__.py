"""Where everybody stands in a genogram, and which lines join them: pure functions over plain data (standards.md 10).

``layout(humans, ties, bonds)`` is the way in. Nothing here knows of the database, of a page or of a name: the same people give
the same picture, and contradictory data (somebody their own grandparent's parent) gives one too, for each person is placed
once.
"""

from earlyhelp.families.genogram.layout import layout
from earlyhelp.families.genogram.parts import Bond, Human, Line, Picture, Point, Spot, Tie

__all__ = ["Bond", "Human", "Line", "Picture", "Point", "Spot", "Tie", "layout"]
