"""A small number could point at a family, and is told only to whoever may open each thing that it counts (domain.md 15.1)."""

from __future__ import annotations

from dataclasses import dataclass

SMALL = 5  # below this a number could point at a family
FEWER = f"Fewer than {SMALL}"


@dataclass(frozen=True)
class Counted:
    """How many, and how many of these the reader may open one by one; who may open each learns nothing from the number."""

    counted: int
    opened: int

    @property
    def is_hidden(self) -> bool:
        return self.opened < self.counted < SMALL

    def __str__(self) -> str:
        return FEWER if self.is_hidden else f"{self.counted:,}"
