"""Figures of chapters 09 and 10: the cost of a step."""

import numpy as np
from matplotlib.ticker import LogLocator

from w2v_lesson.figures.style import BLUE, GREEN, ORANGE, PINK, figure


def cost_bars(costs, unit):
    """Draw costs as horizontal bars, the first on top. Chapter 09.

    Parameters
    ----------
    costs : dict of str to float or sequence of float
        Label and cost of each bar. If there are several measurements, the bar shows their
        median, and a thin line goes from the smallest to the largest.
    unit : str
        Name of the cost, with the unit.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = figure(6.4, 0.9 + 0.36 * len(costs))
    low, middle, high = np.transpose(
        [np.quantile(values, [0, 0.5, 1]) for values in costs.values()]
    )
    ax.barh(list(costs), middle, color=BLUE)
    if (high > low).any():
        reach = (middle - low, high - middle)
        label = "from the fastest to the slowest"
        ax.errorbar(middle, range(len(costs)), xerr=reach, fmt="k,", capsize=3, label=label)
        ax.legend(frameon=False, loc="lower right", fontsize=8)
    for i, value in enumerate(middle):
        digits = 0 if value >= 10 else 1
        place = high[i] + 0.01 * max(high)
        ax.text(place, i, f"{value:.{digits}f}", va="center", fontsize=9)
    ax.invert_yaxis()
    ax.set(xlabel=unit, xlim=(0, 1.12 * max(high)))
    return fig


def steps_on_machines(machines, panels, alone):
    """Draw the time of a step against the number of machines. Chapter 10.

    Parameters
    ----------
    machines : list of int
    panels : dict of str to dict of str to sequence of float
        For each panel a title, and for each of its curves a label and the milliseconds per
        step, one for each of `machines`. At most four curves.
    alone : dict of str to float
        Label and milliseconds per step for each way to train on one machine; at most two.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = figure(8.6, 3.4, ncols=len(panels), sharey=True)
    styles = [(ORANGE, "o"), (BLUE, "s"), (GREEN, "^"), (PINK, "D")]
    for ax, (title, curves) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        for (label, times), (color, marker) in zip(curves.items(), styles, strict=False):
            ax.loglog(machines, times, color=color, marker=marker, label=label)
        for (label, time), style in zip(alone.items(), ("--", "-"), strict=False):
            ax.axhline(time, color="black", linestyle=style, label=label)
        ax.set(title=title, xlabel="machines", ylabel="ms a step")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.set_xticks(machines, [str(n) for n in machines])
        ax.minorticks_off()
        ax.yaxis.set_major_formatter("{x:g}")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside right upper", frameon=False)
    return fig
