"""One look for all widgets: their grid, spacing, type sizes, labels, and dark mode.

A widget is a `Page` of rows. A row holds controls made by `labeled`, `button`, and `controls`;
all labels of a page are equally wide, so that their controls begin at the same edge.
"""

from pathlib import Path

import ipywidgets as W

from w2v_lesson.figures import style
from w2v_lesson.widgets.html import Markup

GAP, WIDE_GAP = "8px", "24px"  # between parts that belong together, between groups
LABEL = "96px"  # room for the label before a control
FIELD = "280px"  # of a word, with the label
PICTURE = "min(640px, 100%)"  # as wide as a figure, and never wider than the page

CSS = (
    f".w2v {{ --w2v-label: {LABEL}; }}"
    """
.w2v, .w2v-column { gap: 8px; }
.w2v, .w2v .widget-html-content { font-size: 13px; line-height: 1.5; }
.w2v > *, .w2v .widget-inline-hbox, .w2v .widget-label { margin: 0; }
.w2v .widget-inline-hbox > .widget-label:first-child {
  text-align: left; margin-right: 8px;
}
.w2v .w2v-named > .widget-label {
  position: absolute; clip-path: inset(50%); overflow: visible;
}
.w2v .jupyter-button {
  margin: 0; border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: 4px;
}
.w2v .jupyter-button:not(.mod-primary, [style*="background"]) {
  background: transparent; color: var(--jp-ui-font-color1, currentColor);
}
/* ipywidgets forbids the outlines of fields by the same !important. */
.w2v :is(button, input, textarea, select, [tabindex]):focus-visible {
  outline: 2px solid var(--jp-ui-font-color1, currentColor) !important; outline-offset: 2px;
}
/* Inside of what would cut it off, outside of what is filled or small. */
.w2v :is(.widget-input, textarea, .jupyter-button:not(.mod-primary, .w2v-pick)) {
  outline-offset: -2px !important;
}
.w2v .jupyter-button:hover:enabled { box-shadow: none; border-color: currentColor; }
.w2v-words { display: flex; flex-flow: row wrap; gap: 8px; min-width: 0; }
.w2v-words button { margin: 0; width: auto; overflow: hidden; text-overflow: ellipsis; }
.w2v .jupyter-button.w2v-word {
  border-color: transparent; padding: 0 4px 0 0; text-align: left;
  color: var(--jp-content-link-color, #0a58ca);
}
.w2v .jupyter-button.w2v-word:hover { border-color: transparent; text-decoration: underline; }
.w2v-bar {
  display: flex; align-items: center; align-self: stretch; min-height: 20px;
  border: solid var(--jp-border-color2, #ddd); border-width: 0 1px;
  background: linear-gradient(var(--jp-border-color2, #ddd) 0 0) 50% / 1px 100% no-repeat;
  position: relative; flex: none;
}
.w2v-tick { position: absolute; height: 100%; border-left: 2px solid currentcolor; }
.w2v > .widget-html:has(> .widget-html-content:empty) { display: none; }
.w2v .widget-html-content { min-width: 0; overflow: auto hidden; }
.w2v-areas { position: relative; z-index: 1; overflow: visible; }
.w2v .jupyter-button.w2v-area { border-color: transparent; border-radius: 0; font-size: 0; }
.w2v .jupyter-button.w2v-area:hover {
  border-color: var(--jp-ui-font-color1, currentColor);
  background: rgba(128, 128, 128, 0.25); cursor: pointer;
}
.w2v-chart { white-space: nowrap; font-variant-numeric: tabular-nums; }
.w2v-chart > .w2v-bar + span { text-align: right; }
.w2v-note { font-size: 12px; color: var(--jp-ui-font-color2, #616161); }
.w2v-old { opacity: 0.4; }
.w2v-fault { border-left: 4px solid var(--w2v-orange); padding-left: 8px; }
.w2v .jupyter-button.w2v-pick:not([style*="background"]) {
  box-shadow: inset 0 0 0 1px var(--jp-border-color1, #bdbdbd);
}
.w2v table { border-spacing: 0; font-size: 13px; font-variant-numeric: tabular-nums; }
.w2v :is(th, td) { padding: 2px clamp(6px, 1.2vw, 16px) 2px 0; }
.w2v table[style*="right"] td { white-space: nowrap; }
.w2v .w2v-neighbors table { table-layout: fixed; width: 100%; }
.w2v .w2v-neighbors :is(th, td) {
  padding-right: 8px; vertical-align: top; text-align: left; overflow-wrap: anywhere;
}
.w2v .w2v-neighbors th:first-child { width: 2.5em; }
""" + style.PALETTE + style.DARK_CSS
)


class Page(W.VBox):
    """A widget with the lesson's look: its parts from top to bottom, evenly spaced.

    Parameters
    ----------
    children : sequence of ipywidgets.Widget
    **options
        As for `ipywidgets.VBox`.
    """

    def __init__(self, children=(), **options):
        sheet = W.HTML(Markup("<style>{}</style>").format(Markup(CSS)))
        sheet.layout.display = "none"
        super().__init__([*children, sheet], **options)
        self.add_class("w2v")


def script(*parts):
    """Join the parts of a JavaScript module: a page has no network to get them from.

    Parameters
    ----------
    *parts : str
        Names of files in this folder.

    Returns
    -------
    str
    """
    return "\n".join(Path(__file__).with_name(part).read_text("utf-8") for part in parts)


def row(*children, **layout):
    """Lay widgets side by side, on more lines where the page is narrow.

    Parameters
    ----------
    *children : ipywidgets.Widget
    **layout
        As for `ipywidgets.Layout`.

    Returns
    -------
    ipywidgets.HBox
    """
    look = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": GAP}
    return W.HBox(children, layout={**look, **layout})


def columns(*children, least="300px"):
    """Lay widgets in columns of equal width, below each other where the page is narrow.

    Parameters
    ----------
    *children : ipywidgets.Widget
    least : str, default "300px"
        Width of the narrowest column, as CSS.

    Returns
    -------
    ipywidgets.GridBox
    """
    each = f"repeat(auto-fit, minmax(min({least}, 100%), 1fr))"
    layout = {"grid_template_columns": each, "grid_gap": f"{GAP} {WIDE_GAP}"}
    return W.GridBox(children, layout={**layout, "width": "100%"})


def labeled(text, control, width=FIELD, room=LABEL):
    """Give a control its label, left of it, and widths that align with the others.

    Parameters
    ----------
    text : str
    control : ipywidgets.Widget
        One of ipywidgets, with a description.
    width : str, optional
        Width of the label and the control together, as CSS.
    room : str, optional
        Width of the label. All controls of a page should have the same.

    Returns
    -------
    ipywidgets.Widget
        The control itself.
    """
    control.description, control.style.description_width = text, room
    control.layout.width = width
    return control


def named(text, control):
    """Give a control a name that only screen readers say. They don't take a tooltip for it.

    Parameters
    ----------
    text : str
    control : ipywidgets.Widget
        One of ipywidgets, with a description.

    Returns
    -------
    ipywidgets.Widget
        The control itself.
    """
    control.description = text
    control.add_class("w2v-named")
    return control


def label(text):
    """Make a label for something that has none of its own, as wide as all the others.

    Parameters
    ----------
    text : str

    Returns
    -------
    ipywidgets.Label
    """
    return W.Label(text, layout={"width": LABEL})


def button(text, on_click=None, primary=False, **state):
    """Make a button as wide as its text.

    Parameters
    ----------
    text : str
    on_click : callable, optional
        Called with the button.
    primary : bool, default False
        Whether it is what one would press next; it is colored then.
    **state
        As for `ipywidgets.Button`, `icon` or `tooltip` for example.

    Returns
    -------
    ipywidgets.Button
    """
    made = W.Button(
        description=text,
        button_style="primary" if primary else "",
        layout={"width": "auto"},
        **state,
    )
    if on_click:
        made.on_click(on_click)
    return made
