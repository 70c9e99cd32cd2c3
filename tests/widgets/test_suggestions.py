"""The suggested experiments: the knobs can show them, and each changes one thing."""

import pytest

from w2v_lesson.widgets.knobs import Knobs, changes
from w2v_lesson.widgets.suggestions import SUGGESTIONS


@pytest.mark.parametrize("suggestion", SUGGESTIONS, ids=lambda each: each.title)
def test_a_suggestion_changes_one_knob_to_a_value_it_has(suggestion):
    Knobs().settings = suggestion.settings
    assert len(changes(suggestion.settings)) == 1


def test_there_are_five_with_different_titles():
    assert len({each.title for each in SUGGESTIONS}) == 5
