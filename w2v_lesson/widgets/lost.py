"""A sentence that appears when the kernel behind a widget is gone. Chapters 05 and 09.

A widget cannot say so by Python, which is gone as well. But Jupyter marks the widgets that
have lost their kernel, and the page's style can act on that mark.
"""

import ipywidgets as W

from w2v_lesson.widgets import html

LOOK = html.Markup("""<style>
.w2v-lost { display: none; }
.jupyter-widgets-disconnected .w2v-lost { display: block; font-weight: bold; }
/* One sentence instead of a broken link at each part. */
.w2v-said-lost .jupyter-widgets-disconnected::before,
.w2v-said-lost.jupyter-widgets-disconnected::before { display: none; }
.w2v-said-lost .w2v-state.jupyter-widgets-disconnected { display: none; }
.w2v-said-lost.jupyter-widgets-disconnected button,
.w2v-said-lost .jupyter-widgets-disconnected button,
.w2v-said-lost button.jupyter-widgets-disconnected { opacity: 0.4; pointer-events: none; }
</style>""")
LINE = html.Markup('<div class="w2v-lost" role="alert">{}</div>')


def if_lost(text):
    """Make a line that is seen only when the kernel is gone.

    Parameters
    ----------
    text : str
        What to do then.

    Returns
    -------
    ipywidgets.HTML
        The widget around it should have the class "w2v-said-lost", so that its parts say
        nothing and its buttons cannot be pressed. A part with the class "w2v-state", which
        would no longer be true, disappears.
    """
    return W.HTML(LOOK + LINE.format(text))
