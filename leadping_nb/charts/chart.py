"""A chart: a figure, what it shows in words, and how a notebook keeps both.

Figures are made without pyplot and under settings of their own, so that neither the user's plots nor the user's
style sheets have anything to do with them. The picture brings its own white ground and reads on dark pages too.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from PIL import Image

from leadping_nb.arguments import path as place_of
from leadping_nb.errors import LeadpingError

__all__ = [
    "BLUE",
    "GROUND",
    "INK",
    "LINES",
    "Chart",
    "canvas",
    "count_axis",
    "empty",
    "finished",
    "place",
    "settings",
    "time_axis",
]

INK, BLUE, GROUND = "#222222", "#005a9c", "#d4dae0"
"""The colours of text, of what is shown, and of what is behind it."""

LINES: tuple[tuple[str, str, str], ...] = (
    ("#005a9c", "-", "o"),
    ("#b34700", "--", "s"),
    ("#00694a", "-.", "^"),
    ("#8c2981", ":", "D"),
    ("#6b4c00", "-", "v"),
    ("#555555", "--", "x"),
)
"""Colour, dash and marker of lines that are told apart; each of the three suffices."""

_DPI, _SCALE, _COLOURS = 200, 2, 64
_SUBTITLE = 115
_STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#767676",
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that a picture is the same on every machine
    "font.size": 9,
    "grid.color": "#e4e4e4",
    "hatch.linewidth": 0.6,
    "text.color": INK,
    "text.parse_math": False,  # names may hold dollar signs
    "xtick.color": INK,
    "ytick.color": INK,
}


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A picture with what it shows in words; a notebook shows the one and keeps both.

    Examples
    --------
    >>> from leadping_nb.charts import leads_by
    >>> from leadping_nb import to_frame
    >>> leads_by(to_frame([{"status": "New"}, {"status": "Sold"}, {"status": "New"}]))
    <Chart: Bar chart: Leads by status. 3 leads: New 2 (67 %), Sold 1 (33 %).>
    """

    figure: Figure
    """The figure, for those who want to change it."""
    alt: str
    """The alternative text: the numbers that matter, in sentences."""

    def png(self) -> bytes:
        """Give the picture as PNG, at twice the size that it is shown in; the same bytes for the same figure."""
        drawn, picture = io.BytesIO(), io.BytesIO()
        with settings():
            self.figure.savefig(drawn, format="png", dpi="figure")
        with Image.open(drawn) as image:  # the few colours of a chart fit a palette, at a third of the size
            image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(picture, "PNG", optimize=True)
        return picture.getvalue()

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file and give its path; an existing file is replaced."""
        target = place_of("path", path)
        try:
            target.write_bytes(self.png())
        except OSError as error:
            raise LeadpingError(
                f"The picture cannot be written to {target}: {error.strerror}.", hint="Give the path of a file."
            ) from error
        return target

    def __repr__(self) -> str:
        return f"<Chart: {self.alt}>"

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], Mapping[str, Mapping[str, object]]]:
        """Give PNG and text; no HTML, which would hold the picture twice and which some viewers strip."""
        width, height = (round(inches * _DPI / _SCALE) for inches in self.figure.get_size_inches())
        shown = {"width": width, "height": height, "alt": self.alt}
        return {"image/png": self.png(), "text/plain": self.alt}, {"image/png": shown}


@contextmanager
def settings() -> Iterator[None]:
    """Draw as if nobody had set anything, and leave the user's settings as they were."""
    with matplotlib.style.context(["default", _STYLE]):
        yield


def canvas(title: str, subtitle: str, *, height: float = 3.6, rows: int = 1) -> tuple[Figure, list[Axes]]:
    """Make a figure with a title and room below it.

    Parameters
    ----------
    title, subtitle
        What it shows, and what one must know about it.
    height
        In inches; a hundred pixels each as shown.
    rows
        How many plots stand one below the other, with one axis of time.
    """
    lines = textwrap.wrap(subtitle, _SUBTITLE)
    tall = height + 0.16 * len(lines)
    figure = Figure(figsize=(7.2, tall), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    figure.text(0.012, 1 - 0.06 / tall, title, va="top", fontsize=12, fontweight="bold")
    figure.suptitle("\n".join([" ", " ", *lines]), x=0.012, ha="left", fontsize=8.5)  # two lines for the title
    axes: list[Axes] = list(figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0])
    return figure, axes


def empty(title: str, alt: str, why: str) -> Chart:
    """Make a chart that says why there is nothing to see."""
    with settings():
        figure, [axes] = canvas(title, "", height=2.0)
        axes.set_axis_off()
        axes.text(0.5, 0.5, "\n".join(textwrap.wrap(why, 70)), ha="center", va="center", fontsize=11)
    return finished(figure, alt)


def finished(figure: Figure, alt: str) -> Chart:
    """Settle where everything is, so that every drawing is the same, and make the chart."""
    with settings():
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return Chart(figure, alt.strip())


def count_axis(axes: Axes, which: Literal["x", "y"]) -> None:
    """Give a plot an axis of numbers that begins at nothing, with commas and lines across the plot."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10], min_n_ticks=1))
    axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axis.grid(visible=True)
    axes.set(**{f"{which}lim": (0, None)})


def time_axis(axes: Axes, label: str) -> None:
    """Give a plot a horizontal axis of days."""
    locator = AutoDateLocator(minticks=4, maxticks=9)  # type: ignore[no-untyped-call]  # has no types
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]  # has no types
    axes.set_xlabel(label)


def place(day: date) -> float:
    """Give where a day is on an axis of days, whatever converters of dates somebody registered."""
    return float(date2num(day))  # type: ignore[no-untyped-call]  # has no types
