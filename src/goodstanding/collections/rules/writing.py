"""A strategy as YAML: read with every fault named by line and path, and the one that is there before anybody wrote one."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from goodstanding.collections.types import (
    ACTIONS,
    CHANNELS,
    TONES,
    WEIGHTS,
    Experiment,
    Segment,
    Step,
    Strategy,
    Weights,
)
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import CURRENCIES

LONGEST = 100_000  # characters
DEEPEST = 12
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
MOST_FAULTS = 50
BEHAVIOURS = ("prompt", "fair", "slow", "late", "unknown")
PURPOSES = ("reminder", "statement", "hand_over")
FIELDS = {"name", "segments", "per_week", "per_day", "quiet_from", "quiet_until", "tolerance", "experiment", "gain"}
SEGMENT = {"name", "value", "behaviour", "kind", "territory", "minimum", "steps"}
STEP = {"name", "days", "gap", "action", "channel", "tone", "purpose", "minimum", "who", "minutes"}
EXPERIMENT = {"name", "variants", "holdout"}
GAIN = {"chance", "behaviour", "age", "trust"}
ASKING = tuple(each for each in ACTIONS if each != "withhold")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a line and path (`segments[0].steps[2].days`): an English template and its parameters."""

    line: int
    path: str
    template: str
    params: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1)
def default_text() -> str:
    """The strategy that holds until somebody writes another."""
    return files("goodstanding.collections").joinpath("default.yaml").read_text("utf-8")


def read(text: str) -> tuple[Strategy | None, list[Fault]]:
    """The strategy that a YAML text means, or every fault found in it; nothing in the text runs or multiplies."""
    if len(text) > LONGEST:
        params = (("most", str(LONGEST)),)
        return None, [Fault(1, "", N_("the text is longer than {most} characters"), params)]
    try:
        if unread := _unread(text):
            return None, [unread]
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
        said = (("why", str(getattr(wrong, "problem", None) or "unreadable")),)
        return None, [Fault(mark.line + 1 if mark else 1, "", N_("this is not YAML: {why}"), said)]
    reader = _Reader()
    strategy = reader.strategy(node)
    return (None if reader.faults else strategy), reader.faults[:MOST_FAULTS]


def _unread(text: str) -> Fault | None:
    """What is YAML and yet not read: it could multiply, or nest without end."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return Fault(line, "", N_("anchors and aliases are not read: write it out"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return Fault(line, "", N_("this is nested too deep"))
    return None


class _Reader:
    """Walks the nodes, so that each fault knows its line."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, node: Any, path: str, template: str, **params: object) -> None:
        line = node.start_mark.line + 1 if node is not None else 1
        self.faults.append(Fault(line, path, template, tuple((key, str(value)) for key, value in params.items())))

    def mapping(self, node: Any, path: str, known: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, path, N_("fields with their values are expected here"))
            return {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            there = f"{path}.{name}" if path else name
            if name not in known:
                self.fault(key, there, N_("no such field; known are {known}"), known=", ".join(sorted(known)))
            elif name in found:
                self.fault(key, there, N_("this field is given twice"))
            else:
                found[name] = value
        for name in needed:
            if name not in found:
                self.fault(node, f"{path}.{name}" if path else name, N_("this field is missing"))
        return found

    def sequence(self, node: Any, path: str) -> list[tuple[Any, str]]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.fault(node, path, N_("a list with at least one entry is expected here"))
            return []
        return [(each, f"{path}[{at}]") for at, each in enumerate(node.value)]

    def text(self, node: Any, path: str, known: Iterable[str] = ()) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip() or not node.value.isprintable():
            self.fault(node, path, N_("a text is expected here"))
            return ""
        if known and node.value not in known:
            self.fault(node, path, N_("{value} is none of {known}"), value=node.value[:40], known=", ".join(known))
        if len(node.value) > 64:
            self.fault(node, path, N_("at most 64 characters"))
        return str(node.value)

    def whole(self, node: Any, path: str, least: int, most: int) -> int:
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        digits = text[1:] if text.startswith("-") else text
        if not (digits.isascii() and digits.isdigit() and len(digits) < 16) or not least <= int(text) <= most:
            self.fault(node, path, N_("a whole number from {least} to {most} is expected here"), least=least, most=most)
            return least
        return int(text)

    def hour(self, node: Any, path: str) -> time:
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not HOUR.fullmatch(text):
            self.fault(node, path, N_("a time of day like 21:00, in quotes, is expected here"))
            return time(0)
        return time.fromisoformat(text)

    def amounts(self, node: Any, path: str) -> Mapping[str, int]:
        found = {}
        for code, value in self.mapping(node, path, CURRENCIES).items():
            found[code] = self.whole(value, f"{path}.{code}", 0, 10**15)
        return found

    def words(self, node: Any, path: str) -> frozenset[str]:
        return frozenset(self.text(each, there) for each, there in self.sequence(node, path))

    def strategy(self, node: Any) -> Strategy:
        found = self.mapping(node, "", FIELDS, ("name", "segments"))
        given: dict[str, Any] = {}
        simple: dict[str, Callable[[Any, str], object]] = {
            "name": self.text,
            "per_week": lambda n, p: self.whole(n, p, 1, 50),
            "per_day": lambda n, p: self.whole(n, p, 1, 20),
            "quiet_from": self.hour,
            "quiet_until": self.hour,
            "tolerance": self.amounts,
            "experiment": self.experiment,
        }
        for name, how in simple.items():
            if name in found:
                given[name] = how(found[name], name)
        if "gain" in found:
            given["weights"] = self.weights(found["gain"], "gain")
        segments = self.sequence(found["segments"], "segments") if "segments" in found else []
        given["segments"] = tuple(self.segment(each, path) for each, path in segments)
        given.setdefault("name", "")
        return Strategy(**given)

    def weights(self, node: Any, path: str) -> Weights:
        found = self.mapping(node, path, GAIN)
        given: dict[str, Any] = {}
        for name, known, most in (("chance", ASKING, 1000), ("behaviour", BEHAVIOURS, 500)):
            if name in found:
                stated = self.mapping(found[name], f"{path}.{name}", known)
                numbers = {key: self.whole(value, f"{path}.{name}.{key}", 0, most) for key, value in stated.items()}
                given[name] = {**getattr(WEIGHTS, name), **numbers}
        if "age" in found:
            given["age"] = self.ages(found["age"], f"{path}.age")
        if "trust" in found:
            given["trust"] = self.whole(found["trust"], f"{path}.trust", 0, 1000)
        return replace(WEIGHTS, **given)

    def ages(self, node: Any, path: str) -> tuple[tuple[int, int], ...]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, path, N_("fields with their values are expected here"))
            return WEIGHTS.age
        found = []
        for key, value in node.value:
            since = self.whole(key, f"{path}.{str(key.value)[:40]}", 0, 3650)
            found.append((since, self.whole(value, f"{path}.{since}", 0, 500)))
        if len({since for since, _percent in found}) < len(found):
            self.fault(node, path, N_("this field is given twice"))
        return tuple(sorted(found))

    def experiment(self, node: Any, path: str) -> Experiment:
        found = self.mapping(node, path, EXPERIMENT, ("name", "variants"))
        variants = self.sequence(found["variants"], f"{path}.variants") if "variants" in found else []
        tones = tuple(self.text(each, there, TONES) for each, there in variants)
        holdout = self.whole(found["holdout"], f"{path}.holdout", 0, 50) if "holdout" in found else 0
        if len(set(tones)) < len(tones):
            self.fault(found["variants"], f"{path}.variants", N_("a variant is given twice"))
        elif len(tones) == 1 and not holdout:
            self.fault(found["variants"], f"{path}.variants", N_("one variant needs a holdout to be compared with"))
        name = self.text(found["name"], f"{path}.name") if "name" in found else ""
        return Experiment(name=name, variants=tones, holdout=holdout)

    def segment(self, node: Any, path: str) -> Segment:
        found = self.mapping(node, path, SEGMENT, ("name", "steps"))
        steps = self.sequence(found["steps"], f"{path}.steps") if "steps" in found else []
        read_steps = tuple(self.step(each, there) for each, there in steps)
        for (each, there), before, after in zip(steps[1:], read_steps, read_steps[1:], strict=False):
            if after.days < before.days:
                self.fault(each, f"{there}.days", N_("a step can't come before the one above it"))
        sets = {
            name: self.words(found[name], f"{path}.{name}")
            for name in SEGMENT - {"name", "steps", "minimum"}
            if name in found
        }
        minimum = self.amounts(found["minimum"], f"{path}.minimum") if "minimum" in found else {}
        return Segment(
            name=self.text(found["name"], f"{path}.name") if "name" in found else "",
            steps=read_steps,
            minimum=minimum,
            **sets,
        )

    def step(self, node: Any, path: str) -> Step:
        found = self.mapping(node, path, STEP, ("name", "days", "action"))
        given: dict[str, Any] = {"gap": 0, "channel": "email", "tone": "friendly"}
        simple: dict[str, Callable[[Any, str], object]] = {
            "name": self.text,
            "days": lambda n, p: self.whole(n, p, -60, 3650),
            "gap": lambda n, p: self.whole(n, p, 0, 3650),
            "action": lambda n, p: self.text(n, p, ASKING),
            "channel": lambda n, p: self.text(n, p, CHANNELS),
            "tone": lambda n, p: self.text(n, p, TONES),
            "purpose": lambda n, p: self.text(n, p, PURPOSES),
            "minimum": self.amounts,
            "who": self.text,
            "minutes": lambda n, p: self.whole(n, p, 1, 600),
        }
        for name, how in simple.items():
            if name in found:
                given[name] = how(found[name], f"{path}.{name}")
        if given.get("days") == 0:
            self.fault(found["days"], f"{path}.days", N_("nobody is asked on the due day itself"))
        for name, value in (("name", ""), ("days", 1), ("action", "remind")):
            given.setdefault(name, value)
        return Step(**given)
