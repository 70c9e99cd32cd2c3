"""The look that all widgets share."""

import ipywidgets as W

from w2v_lesson.widgets import style


def test_labels_of_all_controls_are_equally_wide_so_that_the_controls_align():
    field = style.labeled("word", W.Text())
    area = style.labeled("words", W.Textarea(), style.PICTURE)
    for control in (field, area):
        assert control.style.description_width == style.LABEL
    assert f"--w2v-label: {style.LABEL}" in style.CSS  # for those of `controls`
    assert (field.description, field.layout.width) == ("word", style.FIELD)
    assert area.layout.width == style.PICTURE


def test_a_page_shows_its_parts_and_brings_its_look_with_it():
    first, second = W.Label("one"), W.Label("two")
    page = style.Page([first, second])
    assert page.children[:2] == (first, second)
    assert page.children[2].value.startswith("<style>")
    assert page.children[2].layout.display == "none"
    assert "w2v" in page._dom_classes


def test_rows_and_columns_wrap_where_the_page_is_narrow():
    assert style.row(W.Label()).layout.flex_flow == "row wrap"
    assert style.row(W.Label(), width="50%").layout.width == "50%"
    assert "auto-fit" in style.columns(W.Label()).layout.grid_template_columns


def test_a_button_is_called_with_itself():
    pressed = []
    press = style.button("Train", pressed.append, primary=True, tooltip="Begin")
    press.click()
    assert pressed == [press]
    assert (press.button_style, press.tooltip) == ("primary", "Begin")
