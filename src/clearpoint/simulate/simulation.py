"""Sessions as they would have gone with clears in other places. Pure: entries in, figures out.

One pass over a transcript, through the folds and judgements that the hooks use, drives one course
for each strategy. A strategy is asked at the end of each turn whether to clear there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clearpoint.advice import strategy
from clearpoint.client.settings import WINDOW_VARIABLE
from clearpoint.client.vocabulary import READ
from clearpoint.hygiene.autopilot import window_for
from clearpoint.lowlevel.clock import seconds_of
from clearpoint.reload import compose
from clearpoint.reload.delivery import mark_of
from clearpoint.session import state as session
from clearpoint.simulate import replay
from clearpoint.simulate.bill import bill_of
from clearpoint.simulate.course import LEFT_TOKENS, Course, Request
from clearpoint.simulate.strategies import Plan
from clearpoint.tokens import encoder, projection, usage
from clearpoint.tokens.counts import counts_of
from clearpoint.transcript.content import blocks_of, texts_in
from clearpoint.work import file_activity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clearpoint.models.config import Config
    from clearpoint.models.state import Level, State
    from clearpoint.simulate.course import Figures
    from clearpoint.simulate.strategies import Strategy
    from clearpoint.transcript.entry import Entry

CACHED_PERCENT = 60
"""Of a beginning that stays in the cache over a compaction: the median of 20 real ones is 65."""
RELOAD_RATIO = 1.25
"""Tokens that a model counts for one of the measured ones, to be on the safe side."""

ASSUMPTIONS = (
    "A clear is made wherever one is offered; all turns go as they really went.",
    "A new session begins with what the first request carried beside the prompt, and the reload.",
    "A file known before a clear or a compaction is read again, whole, before it is changed.",
    "The five files that Claude Code restores after a compaction are not re-read.",
    "Re-reads that really happened keep their cost; searches and commands are not repeated.",
    "A compaction leaves what it left in this session, else 11,000 tokens beside the beginning.",
    "It takes a request that reads the conversation from the cache and writes 4,000 tokens.",
    "What its summary names is not known, so recall is that of clears.",
    "A compaction is skipped if the context is by then smaller than at the real one.",
    "Autopilot leaves 50,000 tokens above what a session begins with, as the command does.",
    "Of the beginning, what this session shows is cached after a clear or compaction, else 60%.",
    "After a pause, the clear comes before the prompt is sent.",
    "A diet leaves out tools that a session lists and never uses, where its transcript shows them.",
)
"""What the figures rest on."""


class Simulation:
    """One pass over a transcript under several strategies; `figures` has the results by name.

    `model` overrides what the transcript names, for the window; the client's environment of that
    time is not known.
    """

    def __init__(  # noqa: PLR0913  (each is one input)
        self,
        strategies: Mapping[str, Strategy | Plan],
        config: Config,
        table: dict[str, Any],
        model: str | None = None,
        *,
        prices: dict[str, Any] | None = None,
        spared: int = 0,
    ) -> None:
        self.state = session.new_state(replay.REPLAYED_SESSION, replay.NO_TIME, config)
        self._plans = {
            name: one if isinstance(one, Plan) else Plan(one) for name, one in strategies.items()
        }
        self._config = config
        self._prices = prices or {"models": {}}
        self._spared = spared
        self._table = table
        self._model = model
        self._courses = {
            name: Course(strategy.new_said(), plan.compacts_at, spared if plan.is_on_diet else 0)
            for name, plan in self._plans.items()
        }
        self._costs: dict[str, int] = {}
        """Files ever touched, and the tokens it took to read them."""
        self._reads: dict[str, str] = {}
        self._answered = False
        self._start = 0
        self._prompt_tokens = 0
        self._compacted_at = 0
        self._left = 0
        self._prefix = 0
        self._open_boundary: list[tuple[Course, int]] | None = None

    @property
    def figures(self) -> dict[str, Figures]:
        """The results so far, by strategy."""
        return {name: course.figures for name, course in self._courses.items()}

    def run(self, entries: Iterable[Entry]) -> dict[str, Figures]:
        """Take all entries; return the figures."""
        for entry in entries:
            if entry.get("isSidechain"):
                continue
            if self._answered and replay.begins_anew(entry):
                self._end_turn(entry)
            self._take(entry)
            self._answered = replay.is_answer(entry, self._answered)
        self._answer(self.state["usage"]["output"])
        return self.figures

    def _answer(self, output: int) -> None:
        """The newest request was answered in so many tokens."""
        for course in self._courses.values():
            course.answer(output)

    def _take(self, entry: Entry) -> None:
        """Fold one entry into the real session, and tell the courses what it means."""
        counted = self.state["usage"]
        requests, prompts = counted["requests"], counted["prompts"]
        before, used, output = usage.projected(counted)[0], counted["used"], counted["output"]
        if replay.is_boundary(entry):
            self._boundary(before, replay.boundary(entry, 0)["trigger"])
        session.fold(self.state, (entry,), self._config)
        if counted["prompts"] > prompts:
            self._prompt(entry)
        if counted["requests"] > requests:
            self._answer(output)
            self._request(entry, max(0, before - used))
        for block in blocks_of(entry):
            if block.get("type") == "tool_use":
                self._call(block)
            elif block.get("type") == "tool_result":
                self._result(block)

    def _prompt(self, entry: Entry) -> None:
        text = "\n".join(str(block.get("text") or "") for block in blocks_of(entry))
        self._prompt_tokens = self._size(text)
        for course in self._courses.values():
            course.prompt()

    def _request(self, entry: Entry, added: int) -> None:
        counted = self.state["usage"]
        carried = counted["input"]
        self._start = self.state["advice"]["begins"]
        if counted["requests"] == 1:
            for name, course in self._courses.items():
                if self._plans[name].keeps_room:
                    course.keep_room(self._start)
        self._judge(self.state)
        window = self.state["context_window"]
        counts = counts_of(entry) or {}
        cached = counts.get("cache_read_input_tokens", 0)
        if counted["requests"] == 1 or self._open_boundary is not None:
            self._prefix = min(cached, self._start) or self._prefix or likely_cached(self._start)
        if self._open_boundary is not None:
            self._left = max(0, carried - self._start)
            for course, size in self._open_boundary:
                course.offset = size + self._prompt_tokens - carried
            self._open_boundary = None
            added = self._prompt_tokens
        limit = self._compacted_at or window["compaction_at"] or window["total"]
        bill = bill_of(counts, self._model or counted["model"], self._prices)
        end = window["compaction_at"] or window["total"]
        real = Request(carried, cached, added, self._prefix, end, bill)
        for course in self._courses.values():
            if course.is_compacting(carried, limit):
                self._compact(course, carried)
            course.request(real)

    def _compact(self, course: Course, carried: int) -> None:
        """The client compacts where it did not really do so."""
        course.compact(self._start + (self._left or LEFT_TOKENS) - carried)

    def _boundary(self, size: int, trigger: str | None) -> None:
        """A real compaction: the courses that do not need it go on as large as they are."""
        if trigger == "auto":
            self._compacted_at = min(self._compacted_at or size, size)
        open_courses = self._open_boundary or []
        already = {id(course) for course, _ in open_courses}
        for course in self._courses.values():
            if id(course) in already:
                continue
            here = size + course.offset
            if not course.boundary():
                open_courses.append((course, here))
        self._open_boundary = open_courses

    def _call(self, block: dict[str, Any]) -> None:
        name, given = str(block.get("name")), block.get("input")
        if not isinstance(given, dict) or (path := file_activity.touched_path(name, given)) is None:
            return
        window = self.state["context_window"]
        end = window["compaction_at"] or window["total"]
        for course in self._courses.values():
            course.touch(path, self._costs.get(path), is_read=name == READ, end=end)
        if name == READ:
            self._reads[str(block.get("id"))] = path
        else:
            self._note_cost(path, given.get("content"))
        self._costs.setdefault(path, 0)

    def _result(self, block: dict[str, Any]) -> None:
        path = self._reads.pop(str(block.get("tool_use_id")), None)
        if path is not None and not block.get("is_error"):
            self._note_cost(path, block.get("content"))

    def _note_cost(self, path: str, content: Any) -> None:
        """A file is as large as the largest that was read or written of it."""
        size = sum(map(self._size, texts_in(content)))
        self._costs[path] = max(size, self._costs.get(path, 0))

    def _size(self, text: str) -> int:
        counted = self.state["usage"]
        return projection.estimate_prompt(counted["learner"], counted["model"], text)

    def _end_turn(self, entry: Entry) -> None:
        """Ask each strategy whether it clears here, before this entry begins another turn."""
        counted = self.state["usage"]
        used = usage.projected(counted)[0]
        begun, ended = seconds_of(entry.get("timestamp")), seconds_of(counted["at"])
        pause = 0.0 if begun is None or ended is None else max(0.0, begun - ended)
        kept: Reload | None = None
        for name, course in self._courses.items():
            course.pause_s = pause
            view = self._view(course, used)
            starts = self._judge(view, course.compacts_at)
            if self._plans[name].clears(view, course, starts, self._config):
                kept = kept or Reload(self.state, self._config)
                begins = self._start + kept.tokens
                course.clear(used, begins, frozenset(self._costs), kept.names)
                course.advice = strategy.inherited(course.advice)

    def _view(self, course: Course, used: int) -> State:
        """The session's state as it would be on this course."""
        counted = self.state["usage"]
        simulated = {
            **counted,
            "used": course.size(used),
            "output": 0,
            "prompts": course.prompts,
            "since_boundary": 1,
            "pending": projection.new_pending(),
        }
        real = self.state["advice"]
        course.advice["begins"] = max(0, real["begins"] - course.spared)
        course.advice["breaks"] = real["breaks"]
        return {**self.state, "usage": simulated, "advice": course.advice}  # type: ignore[typeddict-item]

    def _judge(self, state: State, compacts_at: int = 0) -> dict[Level, int]:
        env = {WINDOW_VARIABLE: str(window_for(compacts_at))} if compacts_at else {}
        counted = state["usage"]
        named = counted["model"]
        counted["model"] = self._model or named
        starts = session.judge(state, self._config, self._table, 0, env)
        counted["model"] = named
        return starts


def likely_cached(start: int) -> int:
    """What stays in the cache of a beginning, where the session has not shown it yet."""
    return start * CACHED_PERCENT // 100


class Reload:
    """The reload context at one place."""

    def __init__(self, state: State, config: Config) -> None:
        self._project = state["system"]["cwd"] or ""
        self._text = compose.compose(
            state,
            "clear",
            config,
            mark=mark_of(state["session_id"]),
            measure=encoder.count,
            project_dir=self._project,
        )
        self.tokens = round(encoder.count(self._text) * RELOAD_RATIO)

    def names(self, path: str) -> bool:
        """Whether the context names the file."""
        return compose.shown_path(path, self._project) in self._text
