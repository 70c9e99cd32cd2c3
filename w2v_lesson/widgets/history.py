"""The table of the training panel: nearest words by epoch. Chapter 05."""

from w2v_lesson.widgets import html

# The columns keep their widths, and each row has room for two lines, so that nothing jumps.
LOOK = html.Markup("""<style>
.w2v-history {{ overflow-x: auto; }}
.w2v .w2v-history table {{
  table-layout: fixed; width: 100%; min-width: {}px; border-spacing: 0; font-size: 12px;
}}
.w2v-history th:first-child {{ width: 52px; }}
.w2v .w2v-history :is(th, td) {{
  padding: 2px 12px 2px 0; vertical-align: top; line-height: 1.4; overflow-wrap: normal;
}}
.w2v .w2v-history td {{ height: 2.8em; }}
</style><div class="w2v-history">{}</div>""")
COLUMN = 136  # pixels, at least; in wider outputs four words need two lines at most


def neighbors_table(history, probes):
    """Show nearest words by epoch, with those in bold that the row above does not have.

    Parameters
    ----------
    history : dict of float to dict of str to list of str
        For each epoch the nearest words of each probe.
    probes : sequence of str

    Returns
    -------
    Markup or str
        Empty without probes.
    """
    if not probes:
        return ""
    rows, before = [], None
    for epoch in sorted(history):
        name = f"{epoch:.2f}" if epoch % 1 else f"{epoch:.0f}"
        near = [html.new_in_bold(history[epoch][p], before and before[p]) for p in probes]
        rows.append([name, *near])
        before = history[epoch]
    table = html.table(
        "l" * (1 + len(probes)),
        rows,
        ["epoch", *probes],
        caption="Nearest words by epoch, with new ones in bold",
    )
    return LOOK.format(52 + COLUMN * len(probes), table)
