"""Turn arrays into matplotlib figures. What a chapter teaches is computed elsewhere.

`drawings` explains the ideas of the core chapters. The other figures are in `neighbors`
(chapters 00, 06, 12), `text` (01, 02), `tables` (03), `losses` (04), `trainings` (05, 07),
`judging` (07, 08, 13), and `costs` (09, 10). `style` holds colors and sizes. `backdrop` and
`runs` draw the pictures that widgets move.
"""

from w2v_lesson.figures.costs import cost_bars, steps_on_machines
from w2v_lesson.figures.drawings import (
    arrows,
    journey,
    lookup_as_product,
    loss_stretches,
    padded_rows,
    pulled_together,
    questions,
    ring,
    shared_noise,
    two_tables,
)
from w2v_lesson.figures.judging import (
    confusion,
    dot_per_training,
    intervals,
    learning_curves,
    overlap_curves,
    scores_against_best,
)
from w2v_lesson.figures.losses import ROLES, one_step, pair_losses, shadow_plane, tangent
from w2v_lesson.figures.neighbors import compare_neighbors, neighbor_bars, word_map
from w2v_lesson.figures.style import (
    BLUE,
    DPI,
    GRAY,
    GREEN,
    LIGHT,
    ORANGE,
    PINK,
    bundle,
    contrast,
    figure,
    show,
    text_on,
    to_html,
)
from w2v_lesson.figures.tables import (
    SHAPE_BOXES,
    SHAPE_PLACES,
    lookup,
    shape_flow,
    shape_text,
    table_with_room,
    weight_colors,
)
from w2v_lesson.figures.text import (
    cell_colors,
    keep_curve,
    keep_frame,
    minibatch_frame,
    minibatches,
    noise_curves,
    survival_bars,
    window,
)
from w2v_lesson.figures.trainings import epoch_losses, loss_curve
