"""What is said to the person, in their language. Pure; imported only when something is said.

One or two lines: what is so, what a clear would free and carry over, and the cheaper remedy first
where there is one. Facts, never orders. Another language is one more catalogue.
"""

from __future__ import annotations

from clearpoint import advice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models import Config, State

ENGLISH = {
    "full": "{used} of {total} tokens ({percent} %)",
    "level_reached": "Context {level}: {full}{turns}.",
    "break": "{reason}, at {full}{turns}.",
    "compaction": ", about {n} {turns} until auto-compaction",
    "end": ", about {n} {turns} until the window is full",
    "compaction_now": ", less than a typical turn until auto-compaction",
    "end_now": ", less than a typical turn until the window is full",
    "turn": "turn",
    "turns": "turns",
    "frees": "/clear here frees about {freed} ({share} %).",
    "monitor": "At the next natural break, /clear frees about {freed} ({share} %).",
    "warning": "At the next natural break, /clear frees about {freed} ({share} %).",
    "critical": "/clear now frees about {freed} and loses nothing; /compact keeps more of the "
    "conversation.",
    "emergency": "The next prompt may not fit: /clear (frees about {freed}) or /compact first.",
    "fixed": "Of it, {begins} are system prompt, tools and memory, which a clear keeps; /context "
    "shows them.",
    "rewind": "The last turn alone added {grown}: /rewind takes it back.",
    "carried": "Carried across: {parts}.",
    "carried_all": "The work state is carried across.",
    "decision": "{n} decision",
    "decisions": "{n} decisions",
    "step": "{n} open step",
    "steps": "{n} open steps",
    "file": "{n} file",
    "files": "{n} files",
    "steps_done": "All steps are done",
    "commit_made": "The work is committed",
    "tests_green": "The tests pass after the changes",
    "spec_created": "{fact} is written",
    "phase_transition": "The phase is now {fact}",
    "model_switch": "The model is now {fact}",
    "topic_change": "The last prompt began another topic",
    "message_count": "{fact} prompts in this conversation",
    "between_tasks": "No step is open",
}
KOREAN = {
    "full": "{total} 토큰 중 {used} ({percent} %)",
    "level_reached": "컨텍스트 {level}: {full}{turns}.",
    "break": "{reason}. 컨텍스트 사용량 {full}{turns}.",
    "compaction": ", 자동 압축까지 약 {n}턴",
    "end": ", 창이 가득 찰 때까지 약 {n}턴",
    "compaction_now": ", 자동 압축까지 한 턴도 남지 않음",
    "end_now": ", 창이 가득 찰 때까지 한 턴도 남지 않음",
    "turn": "",
    "turns": "",
    "frees": "지금 /clear 하면 약 {freed} ({share} %)가 비워집니다.",
    "monitor": "다음 작업 구분점에서 /clear 하면 약 {freed} ({share} %)가 비워집니다.",
    "warning": "다음 작업 구분점에서 /clear 하면 약 {freed} ({share} %)가 비워집니다.",
    "critical": "지금 /clear 하면 약 {freed}가 비워지고 작업은 유지됩니다. /compact는 대화를 더 "
    "많이 남깁니다.",
    "emergency": "다음 프롬프트가 들어가지 않을 수 있습니다: 먼저 /clear (약 {freed} 확보) 또는 "
    "/compact.",
    "fixed": "그중 {begins}는 /clear 후에도 남는 시스템 프롬프트, 도구, 메모리입니다. /context에서 "
    "볼 수 있습니다.",
    "rewind": "마지막 턴에서만 {grown}가 늘었습니다: /rewind로 되돌릴 수 있습니다.",
    "carried": "이어지는 내용: {parts}.",
    "carried_all": "작업 상태는 그대로 이어집니다.",
    "decision": "결정 {n}개",
    "decisions": "결정 {n}개",
    "step": "남은 단계 {n}개",
    "steps": "남은 단계 {n}개",
    "file": "파일 {n}개",
    "files": "파일 {n}개",
    "steps_done": "모든 단계가 끝났습니다",
    "commit_made": "작업이 커밋되었습니다",
    "tests_green": "변경 후 테스트가 통과했습니다",
    "spec_created": "{fact} 작성이 끝났습니다",
    "phase_transition": "작업 단계가 바뀌었습니다: {fact}",
    "model_switch": "모델이 바뀌었습니다: {fact}",
    "topic_change": "마지막 프롬프트에서 새 주제가 시작되었습니다",
    "message_count": "이 대화의 프롬프트가 {fact}개입니다",
    "between_tasks": "남은 단계가 없습니다",
}
CATALOGUES = {"en": ENGLISH, "ko": KOREAN}
LONG_TURN_PERCENT = 25
"""A last turn that added more of the window than this is worth taking back."""


def words(state: State) -> dict[str, str]:
    """The catalogue of the person's language; English where there is none."""
    return CATALOGUES.get(state["user_context"]["language"] or "en", ENGLISH)


def reason(state: State, trigger: str, fact: str) -> str:
    """What triggered an offer; a level by its name."""
    return words(state).get(trigger, "{fact}").format(fact=fact)


def level_message(state: State, config: Config) -> str:
    """Two lines when a level is newly reached."""
    said, level = words(state), state["budget"]["level"]
    head = said["level_reached"].format(level=level, full=_full(state), turns=_turns(state))
    parts = [_remedy(state), _clear(state, config, level), carried(state)]
    return f"{head}\n{' '.join(part for part in parts if part)}"


def break_message(state: State, config: Config, why: str) -> str:
    """Two lines at a natural break."""
    head = words(state)["break"].format(reason=why, full=_full(state), turns=_turns(state))
    return f"{head}\n{_clear(state, config, 'frees')} {carried(state)}"


def carried(state: State) -> str:
    """What a clear would carry over, in numbers."""
    work, said = state["work_state"], words(state)
    counts = [
        (len(work["decisions"]), "decision"),
        (len(work["pending_steps"]) + bool(work["current_step"]), "step"),
        (len(work["files"]), "file"),
    ]
    parts = [
        said[name if number == 1 else name + "s"].format(n=number)
        for number, name in counts
        if number
    ]
    return said["carried"].format(parts=", ".join(parts)) if parts else said["carried_all"]


def _full(state: State) -> str:
    return advice.fullness(state, words(state)["full"])


def _clear(state: State, config: Config, which: str) -> str:
    """What a clear frees; where that is little, what takes the room instead."""
    said, used = words(state), state["context_window"]["projected"]
    freed = advice.freed(state, config)
    if which not in advice.PRESSING and not advice.is_worthwhile(state, config):
        return said["fixed"].format(begins=advice.short(used - freed))
    share = 100 * freed / max(1, used)
    return said[which].format(freed=advice.short(freed), share=f"{share:.0f}")


def _remedy(state: State) -> str:
    """The cheaper remedy, where the last turn alone is to blame."""
    counted, total = state["usage"], state["context_window"]["total"]
    grown = counted["used"] - counted["turn_start"]
    if counted["prompts"] > 1 and 100 * grown > LONG_TURN_PERCENT * total:
        return words(state)["rewind"].format(grown=advice.short(grown))
    return ""


def _turns(state: State) -> str:
    left, said = state["budget"]["turns_left"], words(state)
    if left is None:
        return ""
    end = "end" if state["context_window"]["compaction_at"] is None else "compaction"
    if left == 0:
        return said[f"{end}_now"]
    return said[end].format(n=left, turns=said["turn" if left == 1 else "turns"])
