"""Charts drawn on the server as SVG, each with its table (screens.md 1.4 C4). Classes only: the page allows no style.

``bars`` compares a few named things: every row is a name, a bar and its number, so the table *is* the chart.
``columns`` shows change over months, one to three series, followed by its table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Row = Sequence[object]  # (label, number) or (label, number, number…)
WIDTH, HEIGHT, FOOT, SIDE, TOP = 640, 220, 28, 40, 12


def bars(rows: Sequence[Row], title: str, *, name: str = "Number") -> SafeString:
    """Named things compared: ``rows`` are (label, number) or (label, number, address to read them at)."""
    most = max((_number(row[1]) for row in rows), default=0) or 1
    body = format_html_join("", "{}", ((_bar_row(row, most),) for row in rows))
    return format_html(
        '<div class="eh-chart"><table class="govuk-table eh-bars">'
        '<caption class="govuk-table__caption govuk-table__caption--s">{}</caption>'
        '<thead class="govuk-visually-hidden"><tr><th scope="col">Name</th><td></td>'
        '<th scope="col">{}</th></tr></thead>'
        '<tbody class="govuk-table__body">{}</tbody></table></div>',
        title,
        name,
        body,
    )


def _bar_row(row: Row, most: float) -> SafeString:
    label, number = row[0], _number(row[1])
    shown = format_html('<a class="govuk-link" href="{}">{}</a>', row[2], label) if len(row) > 2 and row[2] else label
    return format_html(
        '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{}</th>'
        '<td class="govuk-table__cell eh-bars__cell">'
        '<svg class="eh-bars__bar" width="100%" height="16" aria-hidden="true" focusable="false">'
        '<rect class="eh-chart__series-1" width="{}%" height="16" rx="2"></rect></svg></td>'
        '<td class="govuk-table__cell govuk-table__cell--numeric">{}</td></tr>',
        shown,
        f"{100 * number / most:.1f}",
        _shown(number),
    )


@dataclass(frozen=True)
class _Scale:
    """Where a value and a column stand in the drawing."""

    top: float
    columns: int
    series: int

    @property
    def step(self) -> float:
        return (WIDTH - SIDE) / max(self.columns, 1)

    def height(self, value: float) -> float:
        return (HEIGHT - FOOT - TOP) * value / self.top

    def left(self, column: int, series: int) -> float:
        return SIDE + column * self.step + self.step * 0.15 + series * self.width

    @property
    def width(self) -> float:
        return self.step * 0.7 / self.series


def columns(rows: Sequence[Row], title: str, names: Sequence[str], *, first: str = "Month") -> SafeString:
    """Change over time: ``rows`` are (label, number, …), one number for each of ``names`` (one to three)."""
    most = max((_number(number) for row in rows for number in row[1:]), default=0)
    scale = _Scale(top=_round_up(most), columns=len(rows), series=len(names))
    return format_html(
        '<figure class="eh-chart"><figcaption class="govuk-heading-s eh-chart__title">{}</figcaption>{}'
        '<div class="eh-chart__scroll" tabindex="0" role="region" aria-label="{}, chart">{}</div>'
        '<details class="govuk-details" open><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">The same numbers as a table</span></summary>{}</details></figure>',
        title,
        _key(names),
        title,
        _drawing(rows, title, names, scale),
        _table(rows, title, names, first),
    )


def _drawing(rows: Sequence[Row], title: str, names: Sequence[str], scale: _Scale) -> SafeString:
    return format_html(
        '<svg class="eh-chart__drawing" viewBox="0 0 {} {}" role="img"'
        ' aria-label="{}: {}. The table below gives every number.">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        ", ".join(names),
        _axis(scale),
        format_html_join("", "{}", ((_column(index, row, names, scale),) for index, row in enumerate(rows))),
        _labels(rows, scale),
    )


def _axis(scale: _Scale) -> SafeString:
    lines = [(HEIGHT - FOOT - scale.height(value), value) for value in (0, scale.top / 2, scale.top)]
    return format_html_join(
        "",
        '<line class="eh-chart__line" x1="{}" x2="{}" y1="{}" y2="{}"></line>'
        '<text class="eh-chart__text" text-anchor="end" x="{}" y="{}">{}</text>',
        ((SIDE, WIDTH, f"{y:.1f}", f"{y:.1f}", SIDE - 8, f"{y + 4:.1f}", _shown(value)) for y, value in lines),
    )


def _column(index: int, row: Row, names: Sequence[str], scale: _Scale) -> SafeString:
    shapes = (
        (
            series + 1,
            f"{scale.left(index, series):.1f}",
            f"{HEIGHT - FOOT - scale.height(_number(value)):.1f}",
            f"{max(scale.width - 1, 1):.1f}",
            f"{scale.height(_number(value)):.1f}",
            f"{row[0]}, {names[series]}: {_shown(_number(value))}",
        )
        for series, value in enumerate(row[1:])
    )
    shape = '<rect class="eh-chart__series-{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
    return format_html_join("", shape, shapes)


def _labels(rows: Sequence[Row], scale: _Scale) -> SafeString:
    return format_html_join(
        "",
        '<text class="eh-chart__text" text-anchor="middle" x="{}" y="{}">{}</text>',
        ((f"{SIDE + (index + 0.5) * scale.step:.1f}", HEIGHT - 8, row[0]) for index, row in enumerate(rows)),
    )


def _key(names: Sequence[str]) -> SafeString | str:
    if len(names) < 2:
        return ""
    items = format_html_join(
        "",
        '<li><svg width="14" height="14" aria-hidden="true" focusable="false">'
        '<rect class="eh-chart__series-{}" width="14" height="14" rx="2"></rect></svg> {}</li>',
        enumerate(names, start=1),
    )
    return format_html('<ul class="eh-chart__key">{}</ul>', items)


def _table(rows: Sequence[Row], title: str, names: Sequence[str], first: str) -> SafeString:
    head = '<th scope="col" class="govuk-table__header govuk-table__header--numeric">{}</th>'
    heads = format_html_join("", head, ((name,) for name in names))
    body = format_html_join(
        "",
        '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{}</th>{}</tr>',
        ((row[0], _cells(row)) for row in rows),
    )
    return format_html(
        '<table class="govuk-table govuk-table--small-text-until-tablet">'
        '<caption class="govuk-visually-hidden">{}</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">'
        '<th scope="col" class="govuk-table__header">{}</th>{}</tr></thead>'
        '<tbody class="govuk-table__body">{}</tbody></table>',
        title,
        first,
        heads,
        body,
    )


def _cells(row: Row) -> SafeString:
    cell = '<td class="govuk-table__cell govuk-table__cell--numeric">{}</td>'
    return format_html_join("", cell, ((_shown(_number(value)),) for value in row[1:]))


def _number(value: object) -> float:
    """A missing figure is drawn as nothing and shown as nought."""
    return float(value or 0)  # type: ignore[arg-type]


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def _round_up(number: float) -> float:
    """The least of 2, 4, 10, 20, 40, 100… that holds the number, so that half of it is a whole number too."""
    scale = 1
    while True:
        for step in (2, 4, 6, 10):
            if number <= step * scale:
                return float(step * scale)
        scale *= 10
