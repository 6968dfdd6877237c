"""Matplotlib figures as SVG that takes on the page's colours, and as PNG."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import regex

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT, GOOD, BAD, CALM, ON_CALM = "#1f2933", "#8a94a3", "#1b7f5c", "#c2452d", "#2f6db5", "#fefefe"
_VARIABLES = {INK: "--ink", FAINT: "--faint", GOOD: "--good", BAD: "--bad", CALM: "--calm", ON_CALM: "--on-calm"}
_PIXELS = 104
"""Of an inch in the page at most, so that all figures have letters of one size."""
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",
}
"""Text stays text in the SVG, so that the page's fonts, and with them every script, serve for it."""
_NOT_INLINE = regex.compile(
    r"^.*?(?=<svg)|<metadata>.*?</metadata>|\s(?:xmlns(?::\w+)?|version)=\"[^\"]*\"|<!--.*?-->", regex.DOTALL
)
_SIZE = regex.compile(r'(<svg\b[^>]*?)\swidth="[^"]*pt"|(<svg\b[^>]*?)\sheight="[^"]*pt"')


def new_figure(width: float = 4.8, height: float = 3.2) -> tuple[Figure, Axes]:
    """A figure (inches) with one set of axes in the reports' style."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.add_subplot()


def as_svg(figure: Figure, name: str) -> str:
    """The figure as an `<svg>` element to stand in a page, its colours variables of the page.

    Declarations and metadata go, because they name addresses; `name` keeps ids apart between the page's figures.
    """
    from matplotlib import rc_context

    buffer = StringIO()
    with rc_context(_STYLE | {"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = _NOT_INLINE.sub("", buffer.getvalue()).replace("xlink:href", "href").strip()
    svg = regex.sub(r'\bid="(figure|axes|patch|line2d|text|matplotlib|xtick|ytick|legend)[^"]*"', "", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    # A width in points would not follow the page's; the viewBox keeps the proportions.
    svg = _SIZE.sub(lambda match: match[1] or match[2], svg)
    return svg.replace("<svg", f'<svg style="max-width: {figure.get_figwidth() * _PIXELS:.0f}px"', 1)


def as_png(figure: Figure) -> bytes:
    """The figure on white, 150 dots an inch."""
    from matplotlib import rc_context

    buffer = BytesIO()
    with rc_context(_STYLE):
        figure.savefig(buffer, format="png", dpi=150, facecolor="white")
    return buffer.getvalue()
