"""Figures of chapters 08 and 09: what a step costs."""

import numpy as np

from w2v_lesson.figures.style import BLUE, GREEN, ORANGE, PINK, figure


def cost_bars(costs, unit):
    """Horizontal bars of costs, the first on top.

    costs : dict of label to cost
    unit : name of the cost with its unit
    """
    fig, ax = figure(6.4, 0.9 + 0.36 * len(costs))
    values = list(costs.values())
    ax.barh(list(costs), values, color=BLUE)
    for i, value in enumerate(values):
        ax.text(value + 0.01 * max(values), i, f"{value:.3g}", va="center", fontsize=9)
    ax.invert_yaxis()
    ax.set(xlabel=unit, xlim=(0, 1.12 * max(values)))
    return fig


def steps_on_machines(machines, panels, alone):
    """Time of a step by the number of machines, a panel each for some ways to do it.

    machines : numbers of machines
    panels : dict of title to dict of label to milliseconds, one for each of `machines`
    alone : milliseconds on one machine
    """
    fig, axes = figure(7.4, 3.4, ncols=len(panels), sharey=True)
    styles = [(ORANGE, "o"), (BLUE, "s"), (GREEN, "^"), (PINK, "D")]
    for ax, (title, curves) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        for (label, times), (color, marker) in zip(curves.items(), styles, strict=False):
            ax.loglog(machines, times, color=color, marker=marker, label=label)
        ax.axhline(alone, color="black", linestyle="--", label="one machine")
        ax.set(title=title, xlabel="machines", ylabel="ms a step")
        ax.set_xticks(machines, [str(n) for n in machines])
        ax.minorticks_off()
        ax.yaxis.set_major_formatter("{x:g}")
    ax.legend(frameon=False, fontsize=8)
    return fig
