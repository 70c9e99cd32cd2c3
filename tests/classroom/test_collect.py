"""Collecting finds what notebooks say, whatever has happened to the files."""

import csv
import io
import json
import os

import pytest

from w2v_lesson.app.command_line import main
from w2v_lesson.classroom.checks import check
from w2v_lesson.classroom.collect import (
    COLUMNS,
    NOT_RUN,
    STATES,
    NotebookError,
    collect,
    read_states,
    write_table,
)
from w2v_lesson.classroom.exercises import CHAPTERS

RIGHT, WRONG, OPEN = "✓ Right. Well.", "✗ Not yet. Hm.", "○ Not attempted yet: put it."


def cell(source, *said, count=1, **more):
    outputs = [
        {"output_type": "execute_result", "data": {"text/plain": text}} for text in said
    ]
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": outputs,
        "execution_count": count,
        **more,
    }


def asks(name, *said, **more):
    return cell(f'x = 1\ncheck("{name}", x)', *said, **more)


@pytest.fixture
def hand_in(tmp_path):
    """Return a function that writes a notebook of these cells, or this text, below a folder."""

    def write(name, *cells, text=None):
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
        path.write_text(json.dumps(notebook) if text is None else text, encoding="utf-8")
        return path

    return write


def test_states_are_those_that_check_says():
    answers = [check("same_direction", x) for x in ("software", "wood", ...)]
    assert [STATES[answer.text[0]] for answer in answers] == list(STATES.values())
    assert [answer.solved for answer in answers] == [True, False, None]


def test_each_exercise_gets_the_state_that_its_cell_shows(hand_in):
    cells = [asks("survivors", RIGHT), asks("words_left", WRONG), asks("contexts_of", OPEN)]
    path = hand_in("a.ipynb", *cells, cell("check('mutual', f)", count=None))
    assert read_states(path) == {
        "survivors": "solved",
        "words_left": "wrong",
        "contexts_of": "not attempted",
        "mutual": NOT_RUN,
    }


def test_of_cells_with_the_same_exercise_the_one_run_last_counts(hand_in):
    path = hand_in("a.ipynb", asks("mutual", RIGHT, count=9), asks("mutual", WRONG))
    assert read_states(path) == {"mutual": "solved"}


def test_of_cells_with_the_same_count_the_last_in_the_notebook_counts(hand_in):
    path = hand_in("a.ipynb", asks("mutual", WRONG), asks("mutual", RIGHT))
    assert read_states(path) == {"mutual": "solved"}
    never_run = [asks("mutual", WRONG, count=None), asks("mutual", OPEN, count=None)]
    assert read_states(hand_in("b.ipynb", *never_run)) == {"mutual": "not attempted"}


def printed(source, *lines):
    outputs = [{"output_type": "stream", "text": [f"{line}\n" for line in lines]}]
    return {**cell(source), "outputs": outputs}


def test_of_two_checks_in_a_cell_the_answer_shown_is_the_last_ones(hand_in):
    two = 'check("survivors", a)\ncheck("words_left", b)'
    assert read_states(hand_in("a.ipynb", cell(two, RIGHT))) == {
        "survivors": NOT_RUN,
        "words_left": "solved",
    }
    assert read_states(hand_in("b.ipynb", printed(two, WRONG, RIGHT))) == {
        "survivors": "wrong",
        "words_left": "solved",
    }


def test_of_two_checks_of_an_exercise_in_a_cell_the_last_counts(hand_in):
    twice = 'print(check("mutual", f))\nprint(check("mutual", g))'
    path = hand_in("a.ipynb", printed(twice, WRONG, RIGHT))
    assert read_states(path) == {"mutual": "solved"}


@pytest.mark.parametrize(
    "source",
    [
        'print(check("survivors", a), check("words_left", b), sep="\\n")',
        'print(check("survivors", a)); print(check("words_left", b))',
        'if a:\n    print(check("survivors", a))\nprint(check("words_left", b))',
        'mark = "#"; check("survivors", a)\nchecks.check(\n    "words_left", b\n)',
        'print("# 1", check("survivors", a))\nlater = """\ncheck("mutual", c)"""\n'
        'print(check("words_left", b))  # then check("mutual", c)',
        '%time print("#", check("survivors", a)), print(check("words_left", b))',
        'print(check("survivors", a)) +\n  # check("mutual", c)\n'
        'print(check("words_left", b))',
    ],
)
def test_checks_are_found_wherever_they_stand_in_a_cell(source, hand_in):
    states = read_states(hand_in("a.ipynb", printed(source, WRONG, RIGHT)))
    assert states == {"survivors": "wrong", "words_left": "solved"}


@pytest.mark.parametrize("source", ["check()", "check(name, x)", "check(3)", "f.g()(1)"])
def test_a_check_without_a_name_is_none(source, hand_in):
    assert read_states(hand_in("a.ipynb", cell(source, RIGHT))) == {}


def test_a_cell_that_ended_in_an_error_is_wrong(hand_in):
    failed = asks("mutual")
    failed["outputs"] = [{"output_type": "error", "ename": "NameError", "evalue": "f"}]
    assert read_states(hand_in("a.ipynb", failed)) == {"mutual": "wrong"}


def test_a_check_in_a_comment_is_none(hand_in):
    assert read_states(hand_in("a.ipynb", cell('# check("mutual", f)', RIGHT))) == {}


@pytest.mark.parametrize(
    "source, outputs",
    [
        (None, []),
        (3, []),
        ('check("mutual", f)', [{"data": []}]),
        ('check("mutual", f)', [{"text": 7}]),
        ('check("mutual", f)', [{"output_type": "stream", "text": {"a": 1}}]),
        ('check("mutual", f)\0', []),
        ("(" * 9999 + 'check("mutual", f)', []),
    ],
)
def test_odd_cells_do_no_harm(source, outputs, hand_in):
    odd = {**cell(source, count="twice"), "outputs": outputs}
    path = hand_in("a.ipynb", odd, asks("overlap"))
    states = read_states(path)
    assert states.pop("overlap") == NOT_RUN
    assert states in ({}, {"mutual": NOT_RUN})


def in_format_4(*cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "[" * 100_000,
        "[]",
        '{"worksheets": []}',
        '{"nbformat": 99, "cells": []}',
        in_format_4(None),
        in_format_4({"cell_type": "code", "source": ["a", 7]}),
        in_format_4({"cell_type": "code", "outputs": {"a": 1}}),
    ],
)
def test_what_is_no_notebook_is_said(text, hand_in):
    with pytest.raises(NotebookError, match="not a notebook"):
        read_states(hand_in("a.ipynb", text=text))


def test_a_notebook_of_an_older_format_is_read(hand_in):
    old = {"cell_type": "code", "language": "python", "prompt_number": 1, "metadata": {}}
    old |= {"input": 'check("mutual", f)', "collapsed": False}
    old["outputs"] = [
        {"output_type": "pyout", "prompt_number": 1, "text": [RIGHT], "metadata": {}}
    ]
    sheet = {"metadata": {}, "cells": [old]}
    notebook = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}
    path = hand_in("a.ipynb", text=json.dumps(notebook))
    assert read_states(path) == {"mutual": "solved"}


def test_other_encodings_are_said_and_a_signature_is_read(hand_in):
    path = hand_in("a.ipynb", asks("mutual", RIGHT))
    text = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig")
    assert read_states(path) == {"mutual": "solved"}
    path.write_bytes(text.replace("x = 1", "é").encode("latin-1", "ignore"))
    with pytest.raises(NotebookError, match="not a notebook"):
        read_states(path)


def test_a_file_too_large_is_not_read(hand_in, monkeypatch):
    monkeypatch.setattr("w2v_lesson.classroom.collect.MAX_BYTES", 10)
    with pytest.raises(NotebookError, match="larger than"):
        read_states(hand_in("a.ipynb"))


def test_students_are_folders_or_notebooks_and_chapters_go_by_what_is_asked(
    hand_in, tmp_path
):
    hand_in("bob/some/where/renamed (1).ipynb", asks("mutual", RIGHT))
    hand_in("ann_01.ipynb", asks("survivors", OPEN), asks("same_direction", RIGHT))
    hand_in("cy/notes.ipynb", cell("1 + 1", "2"))
    hand_in("bob/.ipynb_checkpoints/00.ipynb", asks("mutual", WRONG))
    hand_in(".trash/00.ipynb", asks("mutual", WRONG))
    hand_in("bob/my_lesson/solutions/00.ipynb", asks("mutual", RIGHT))
    (tmp_path / "class" / "folder.ipynb").mkdir()
    handed, complaints = collect(tmp_path / "class")
    assert complaints == []
    assert [(one.student, one.chapter) for one in handed] == [
        ("ann_01", "00"),
        ("ann_01", "01"),
        ("bob", "00"),
    ]
    assert handed[2].states == {"same_direction": NOT_RUN, "mutual": "solved"}


def test_copies_that_were_only_handed_out_say_that_nothing_was_run(tmp_path):
    assert main(["update", "--folder", str(tmp_path / "class" / "ann")]) == 0
    handed, complaints = collect(tmp_path / "class")
    assert complaints == []
    assert [one.chapter for one in handed] == list(CHAPTERS)
    assert {state for one in handed for state in one.states.values()} == {NOT_RUN}


def test_one_bad_file_does_not_lose_the_others(hand_in, tmp_path):
    hand_in("ann/a.ipynb", asks("mutual", RIGHT), asks("of_last_year", RIGHT))
    hand_in("bob/b.ipynb", text="{")
    os.symlink("nowhere", tmp_path / "class" / "gone.ipynb")
    handed, complaints = collect(tmp_path / "class")
    assert [one.student for one in handed] == ["ann"]
    assert len(complaints) == 2 and "of_last_year" in complaints[0]
    assert complaints[1].startswith(os.path.join("bob", "b.ipynb"))


def test_the_table_can_be_read_and_computes_nothing(hand_in, tmp_path):
    hand_in("=1+1/a.ipynb", asks("survivors", RIGHT), asks("words_left", WRONG))
    hand_in('o,\n"x/b.ipynb', asks("mutual", OPEN))
    handed, _ = collect(tmp_path / "class")
    file = io.StringIO()
    write_table(handed, file)
    first, second = csv.DictReader(io.StringIO(file.getvalue()))
    assert tuple(first) == COLUMNS
    assert first["student"] == "'=1+1" and first["chapter"] == "01"
    assert (first["solved"], first["of"]) == ("1", str(len(CHAPTERS["01"])))
    assert (first["wrong"], first["not run"]) == ("words_left", "contexts_of")
    assert second["student"] == 'o,\n"x' and second["not attempted"] == "mutual"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t"])
def test_a_name_that_begins_like_a_formula_is_text(first, hand_in, tmp_path):
    hand_in(f"{first}1/a.ipynb", asks("mutual", RIGHT))
    file = io.StringIO()
    write_table(collect(tmp_path / "class")[0], file)
    (row,) = csv.DictReader(io.StringIO(file.getvalue()))
    assert row["student"] == f"'{first}1"
    assert row["file"].startswith("'")


def test_the_command_prints_or_writes_and_says_what_it_is_worth(hand_in, tmp_path, capsys):
    hand_in("ann/a.ipynb", asks("mutual", RIGHT))
    folder, out = str(tmp_path / "class"), tmp_path / "class.csv"
    assert main(["collect", folder]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[1].startswith("ann,00,1,2,")
    assert "students: 1." in said.err and "by hand" in said.err
    assert main(["collect", folder, "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8-sig") == said.out


def test_the_command_ends_with_1_where_something_is_to_mend(hand_in, tmp_path, capsys):
    assert main(["collect", str(tmp_path / "nowhere")]) == 2
    assert "not a folder" in capsys.readouterr().err
    hand_in("ann/a.ipynb", text="{")
    assert main(["collect", str(tmp_path / "class")]) == 1
    assert "not a notebook" in capsys.readouterr().err
    away = tmp_path / "no folder" / "x.csv"
    assert main(["collect", str(tmp_path / "class"), "--out", str(away)]) == 2
    assert "--out" in capsys.readouterr().err


def test_broken_letters_in_a_name_are_shown_as_such(hand_in, tmp_path, capsys):
    path = hand_in("ann/a.ipynb", asks("mutual", RIGHT))
    try:
        os.rename(path.parent, os.fsencode(path.parent.parent) + b"/\xe9va")
    except OSError:
        pytest.skip("the disk takes no such name")
    assert main(["collect", str(tmp_path / "class")]) == 0
    assert "?va,00,1,2," in capsys.readouterr().out
