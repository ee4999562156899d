"""A strategy as text: every fault by line and path; nothing in it runs, repeats itself or is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.collections.rules.writing import LONGEST, default_text, read

GOOD = """name: x
segments:
  - name: all
    steps:
      - {name: word, days: 5, action: remind}
"""


def faults(text: str) -> list[tuple[int, str]]:
    strategy, found = read(text)
    assert (strategy is None) == bool(found)
    return [(each.line, each.path) for each in found]


def test_the_packaged_strategy_is_sound_and_rises_step_by_step() -> None:
    strategy, found = read(default_text())
    assert strategy is not None and found == []
    assert not strategy.segments[-1].value and not strategy.segments[-1].behaviour, "somebody always fits"
    for segment in strategy.segments:
        assert [each.days for each in segment.steps] == sorted(each.days for each in segment.steps)
        assert segment.steps[-1].action == "hand_over" and all(each.gap > 0 for each in segment.steps[1:])


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("days: 5", "days: 0"), (5, "segments[0].steps[0].days")),
        (("days: 5", "days: 1e3"), (5, "segments[0].steps[0].days")),
        (("days: 5", "days: [5]"), (5, "segments[0].steps[0].days")),
        (("action: remind", "action: withhold"), (5, "segments[0].steps[0].action")),
        (("action: remind", "act: remind"), (5, "segments[0].steps[0].act")),
        (("action: remind", "action: remind, channel: pigeon"), (5, "segments[0].steps[0].channel")),
        (("action: remind", "action: remind, minimum: {XXQ: 5}"), (5, "segments[0].steps[0].minimum.XXQ")),
        (("action: remind", "action: remind, minutes: 0"), (5, "segments[0].steps[0].minutes")),
        (("name: x", "name: x\nname: y"), (2, "name")),
        (("name: x", "per_day: 99\nname: x"), (1, "per_day")),
        (("name: x", "quiet_from: 25:00\nname: x"), (1, "quiet_from")),
        (("name: x", "name: !!python/object/apply:os.system [id]"), (1, "name")),
        (("name: x", "name: &a x"), (1, "")),
        (("- name: all", "- called: all"), (3, "segments[0].called")),
    ],
)
def test_each_fault_is_named_by_its_line_and_path(change: tuple[str, str], where: tuple[int, str]) -> None:
    text = GOOD.replace(*change)
    assert text != GOOD and where in faults(text)


@pytest.mark.parametrize("text", ["", "a: [1", "- 1", "\t", "a: *b", "x" * (LONGEST + 1), "\x00", "[" * 900])
def test_what_is_no_strategy_is_refused(text: str) -> None:
    assert faults(text)


def test_a_step_can_t_come_before_the_one_above_it() -> None:
    text = GOOD + "      - {name: b, days: 3, action: call}\n"
    assert faults(text) == [(6, "segments[0].steps[1].days")]


@given(st.text(max_size=80))
def test_any_text_gives_a_strategy_or_faults(text: str) -> None:
    faults(text)
    faults(GOOD + text)


def test_an_experiment_has_something_to_compare_and_draws_each_variant_once() -> None:
    plan = "name: x\nexperiment: {{name: tone, variants: [{0}], holdout: {1}}}\nsegments:\n  - name: all\n    steps:\n      - {{name: word, days: 5, action: remind}}\n"
    for variants, holdout, fault in (
        ("friendly, friendly", 10, "a variant is given twice"),
        ("friendly", 0, "one variant needs a holdout to be compared with"),
    ):
        strategy, faults = read(plan.format(variants, holdout))
        assert strategy is None
        assert [(each.line, each.path, each.template) for each in faults] == [(2, "experiment.variants", fault)]
    for variants, holdout in (("friendly", 10), ("friendly, firm", 0)):
        assert read(plan.format(variants, holdout))[1] == []
