"""Reading the TOML files: every wrong key or value is named, and the rest still counts."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

from pydantic import TypeAdapter, ValidationError

from clearpoint.budget.levels import BUDGET_TOKENS, WHOLE_WINDOW
from clearpoint.budget.window import LONG_WINDOW_TOKENS
from clearpoint.config.defaults import DEFAULTS
from clearpoint.lowlevel.files import read_bytes
from clearpoint.lowlevel.paths import portable
from clearpoint.models.config import Config
from clearpoint.text.nearest import nearest
from clearpoint.text.phrases import printable

FILE_BYTES = 64 << 10
PROBLEMS_SHOWN = 10
OPEN_TABLES = {
    "messages",
    "work.phase_commands",
    "handoffs.matrix",
    "handoffs.policies",
    "statusline.colours",
    "statusline.icons",
}
"""Tables whose keys the user chooses."""
NUMBER_LIMIT = 1_000_000_000
LIMITS: dict[str, float] = {
    "budget.thresholds.": 100,
    "budget.large_thresholds.": 100,
    "advice.frees_percent": 100,
    "advice.rearm_points": 100,
    "reload.files": 1_000,
    "statusline.bar_cells": 200,
    "statusline.colours.": 255,
    "statusline.wait_seconds": 60,
}
"""The largest value of a setting, or of those that begin like this, if it is not the usual."""
LEAST_BUDGET = 1_000
NO_BUDGET = f'must be at least {LEAST_BUDGET:,} tokens, or "{WHOLE_WINDOW}"'
RISING = ("thresholds", "large_thresholds")
REPOSITORY_KEYS = (
    "budget.",
    "advice.language",
    "advice.level",
    "advice.passed_over",
    "advice.steps_done",
    "advice.commit_made",
    "advice.tests_green",
    "advice.phase_transition",
    "advice.spec_created",
    "advice.model_switch",
    "advice.topic_change",
    "advice.message",
    "advice.between_tasks",
    "advice.cold_tokens",
    "advice.frees_",
    "advice.rearm_points",
    "reload.",
    "tags.",
    "work.",
    "handoffs.",
    "hygiene.",
)
"""How the names of the settings begin that a project's repository may set.

Never one that holds prompts back, runs a command, deletes, widens what is kept, changes where, or
chooses the words: a clone brings these settings along, and nobody has agreed to them.
"""
NOT_HERE = "a repository cannot set this; set it in your own settings (clearpoint config --help)"

_adapter: TypeAdapter[Config] = TypeAdapter(Config)


def read_all(paths: list[str], project: str = "") -> tuple[Config, list[str]]:
    """Built-in values with each file over them; problems as `file: line N: what` lines.

    A file that lies in the project sets what a repository may, and no more.
    """
    config: Any = copy.deepcopy(DEFAULTS)
    problems: list[str] = []
    for path in paths:
        table, places, problem = read_table(path)
        if problem:
            problems.append(f"{path}: {problem}")
        else:
            settable = REPOSITORY_KEYS if is_in_project(path, project) else ("",)
            found = _merge(config, table, "", places, settable)
            found += _budget(config) + _order(config) + _wording(config)
            problems += [f"{path}: {what}" for what in found]
    return config, _shown(problems)


def read_table(path: str) -> tuple[dict[str, Any], dict[str, int], str]:
    """A file's table, the line of each of its keys, and what is wrong with the file as a whole."""
    try:
        text = read_bytes(path, FILE_BYTES, follow=True).decode("utf-8-sig")
        return tomllib.loads(text), _places(text), ""
    except OSError as error:
        return {}, {}, str(error.strerror)
    except UnicodeDecodeError:
        return {}, {}, "not UTF-8 text"
    except (ValueError, RecursionError) as error:
        return {}, {}, str(error)


def is_in_project(path: str, project: str) -> bool:
    """Whether a settings file lies in the project, where its repository can have put it."""
    return bool(project) and portable(path).startswith(portable(project).rstrip("/") + "/")


def _merge(
    config: dict[str, Any],
    table: dict[str, Any],
    prefix: str,
    places: dict[str, int],
    settable: tuple[str, ...],
) -> list[str]:
    """Put the table's good values into the settings; return what is wrong with the others.

    `settable` is how the names of those begin that this file may set.
    """
    problems: list[str] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        if key not in config and prefix.rstrip(".") not in OPEN_TABLES:
            hint = _hint(prefix, key, config) if len(problems) < PROBLEMS_SHOWN else ""
            problems.append(f"{_line(places, name)}unknown key {name}{hint}")
        elif isinstance(config.get(key), dict) and isinstance(value, dict):
            problems += _merge(config[key], value, name + ".", places, settable)
        elif not name.startswith(settable):
            problems.append(f"{_line(places, name)}{name}: {NOT_HERE}")
        elif what := _wrong(prefix, key, value):
            problems.append(f"{_line(places, name)}{name}: {what}")
        else:
            config[key] = value
    return problems


def _hint(prefix: str, key: str, config: dict[str, Any]) -> str:
    near = nearest(key, config)
    return f", did you mean {prefix}{near}?" if near else ""


def _wrong(prefix: str, key: str, value: Any) -> str:
    """What is wrong with one value, empty if it is right."""
    if prefix + key == "budget.tokens":
        return "" if _is_budget(value) else NO_BUDGET
    trial: Any = copy.deepcopy(DEFAULTS)
    place = trial
    for part in prefix.split(".")[:-1]:
        place = place[part]
    place[key] = value
    try:
        _adapter.validate_python(trial, strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        reason = f"{found['msg'][0].lower()}{found['msg'][1:]}"
        allowed = found.get("ctx", {}).get("expected", "").split("'")[1::2]
        near = nearest(str(found["input"]), allowed)
        return f"{reason}, did you mean {near}?" if near else reason
    if isinstance(value, int | float) and not isinstance(value, bool):
        limit = next((LIMITS[start] for start in LIMITS if (prefix + key).startswith(start)),
                     NUMBER_LIMIT)  # fmt: skip
        if not 0 <= value <= limit:
            return f"must be from 0 to {limit:,}"
    return ""


def _is_budget(value: Any) -> bool:
    """Whether a value can be a budget."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value == WHOLE_WINDOW or (is_number and LEAST_BUDGET <= value <= NUMBER_LIMIT)


def _budget(config: dict[str, Any]) -> list[str]:
    """A budget above the window that is set, or above all windows, is cut to it."""
    budget = config["budget"]
    limit = budget["window"] or LONG_WINDOW_TOKENS
    if budget["tokens"] in {WHOLE_WINDOW, BUDGET_TOKENS} or budget["tokens"] <= limit:
        return []
    whose = "budget.window" if budget["window"] else "the largest window"
    problem = f"budget.tokens: {budget['tokens']:,} is above {whose}; {limit:,} counts"
    budget["tokens"] = limit
    return [problem]


def _order(config: dict[str, Any]) -> list[str]:
    """Thresholds that do not rise from level to level go back to the built-in ones."""
    problems = []
    built_in: Any = DEFAULTS["budget"]
    for name in RISING:
        starts = list(config["budget"][name].values())
        if starts != sorted(starts):
            config["budget"][name] = {**built_in[name]}
            problems.append(f"budget.{name} must rise: monitor, warning, critical, emergency")
    return problems


def _wording(config: dict[str, Any]) -> list[str]:
    """Messages of the user's own that could not be filled in are left to the built-in ones."""
    from clearpoint.advice.catalogue import wrong

    problems = []
    for language, texts in config["messages"].items():
        faults = {name: what for name, text in texts.items() if (what := wrong(name, text))}
        problems += [f"messages.{language}.{name}: {what}" for name, what in faults.items()]
        config["messages"][language] = {
            name: text for name, text in texts.items() if name not in faults
        }
    return problems


def _places(text: str) -> dict[str, int]:
    """The line at which each key is first set, and each table that has one or is begun."""
    places: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip().replace('"', "").replace("'", "")
        if bare.startswith("["):
            name = bare.partition("]")[0].strip("[ ")
            table = name + "."
        else:
            name = table + ".".join(map(str.strip, bare.partition("=")[0].split(".")))
        while name:
            places.setdefault(name, number)
            name = name.rpartition(".")[0]
    return places


def _line(places: dict[str, int], name: str) -> str:
    """`line N: ` of what sets the name, or of the nearest table around it."""
    while name and name not in places:
        name = name.rpartition(".")[0]
    return f"line {places[name]}: " if name else ""


def _shown(problems: list[str]) -> list[str]:
    """The problems that a user is told, on one line each, without control characters."""
    lines = [printable(problem)[:500] for problem in problems[:PROBLEMS_SHOWN]]
    more = len(problems) - len(lines)
    return [*lines, f"… and {more} more problems in these files"] if more > 0 else lines
