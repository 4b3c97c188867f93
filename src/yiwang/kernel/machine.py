"""Transition tables: which act may follow which state, as data.

An act asks the machine before it writes; a page asks the same machine which acts to offer and why
another is not offered. The table is checked as a graph and drawn from the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ClockEffect(StrEnum):
    """What an act does to a clock: the clock's name goes with it in the table."""

    START = "START"
    FINISH = "FINISH"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    EXTEND = "EXTEND"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `action` takes any of `sources` to `target` (None: the state stays as it is).

    `guards` name conditions the operation must have checked; `clocks` are (clock name, effect)
    pairs; `event` is what is told to others; `document` the kind of legal paper it makes;
    `permission` who may; `article` the law it rests on.
    """

    action: str
    label: str
    sources: frozenset[str]
    target: str | None
    event: str
    permission: str
    guards: tuple[str, ...] = ()
    clocks: tuple[tuple[str, ClockEffect], ...] = ()
    document: str = ""
    article: str = ""

    def lands_on(self, state: str) -> str:
        return self.target if self.target is not None else state


class TransitionNotAllowedError(Exception):
    """The thing is in a state that does not allow this act; the message says why, in Chinese."""

    def __init__(self, action: str, state: str, message: str) -> None:
        super().__init__(message)
        self.action, self.state, self.message = action, state, message


@dataclass(frozen=True)
class Machine:
    """A checked transition table. Raises ValueError on a table that contradicts itself."""

    name: str
    initial: str
    states: Mapping[str, str]
    finals: frozenset[str]
    transitions: tuple[Transition, ...]
    _index: dict[tuple[str, str], Transition] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for transition in self.transitions:
            for source in transition.sources:
                key = (source, transition.action)
                if key in self._index:
                    raise ValueError(f"{self.name}: {key} 有两条转换")
                self._index[key] = transition
        problems = self.problems()
        if problems:
            raise ValueError(f"{self.name}: " + ";".join(problems))

    def find(self, state: str, action: str) -> Transition | None:
        return self._index.get((state, action))

    def require(self, state: str, action: str) -> Transition:
        """The transition, or TransitionNotAllowedError with the reason in Chinese."""
        found = self._index.get((state, action))
        if found is None:
            raise TransitionNotAllowedError(action, state, self.why_not(state, action))
        return found

    def allowed(self, state: str) -> tuple[Transition, ...]:
        return tuple(t for t in self.transitions if state in t.sources)

    def why_not(self, state: str, action: str) -> str:
        """One sentence a clerk understands, empty where the act is allowed."""
        if (state, action) in self._index:
            return ""
        rows = [t for t in self.transitions if t.action == action]
        label = rows[0].label if rows else action
        when = "、".join(self.states[s] for s in self.states if any(s in t.sources for t in rows))
        now = self.states.get(state, state)
        return f"现在的状态是「{now}」,「{label}」只能在「{when}」时进行。"

    def problems(self) -> list[str]:
        """Graph faults: unknown states, unreachable ones, dead ends, ways out of a final state."""
        known = set(self.states)
        found = [
            f"{t.action} 用到未知状态 {name}"
            for t in self.transitions
            for name in (*t.sources, *([t.target] if t.target else []))
            if name not in known
        ]
        reached = self._reached()
        found += [f"到不了状态 {name}" for name in self.states if name not in reached]
        moving = {s for t in self.transitions if t.target is not None for s in t.sources}
        found += [f"状态 {s} 没有出路" for s in self.states if s not in moving | self.finals]
        found += [f"终态 {s} 还能改变" for s in self.finals if s in moving]
        return found

    def _reached(self) -> set[str]:
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            state = frontier.pop()
            for transition in self.allowed(state):
                target = transition.lands_on(state)
                if target not in reached:
                    reached.add(target)
                    frontier.append(target)
        return reached


def mermaid(machine: Machine) -> str:
    """The table as a Mermaid state diagram, in the order of its rows."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    lines += [f"    {code}: {label}" for code, label in machine.states.items()]
    for transition in machine.transitions:
        for source in _ordered(machine, transition.sources):
            target = transition.lands_on(source)
            lines.append(f"    {source} --> {target}: {transition.label}")
    lines += [f"    {state} --> [*]" for state in _ordered(machine, machine.finals)]
    return "\n".join(lines) + "\n"


def _ordered(machine: Machine, states: Iterable[str]) -> list[str]:
    wanted = set(states)
    return [state for state in machine.states if state in wanted]
