"""The words of the messages: one catalogue for each language. Pure.

English is whole; what another catalogue lacks is said in English. A person's own wording, in a
language that is shipped or not, comes from the settings (`[messages.LANGUAGE]`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

ENGLISH = {
    "full": "{used} of {total} tokens ({percent} %)",
    "level_reached": "Context {level}: {full}{turns}{cache}.",
    "break": "{reason}, at {full}{turns}{cache}.",
    "compaction": ", about {n} {turns} until auto-compaction",
    "end": ", about {n} {turns} until the window is full",
    "compaction_now": ", less than a typical turn until auto-compaction",
    "end_now": ", less than a typical turn until the window is full",
    "turn": "turn",
    "turns": "turns",
    "cache_warm": ", prompt cache warm for {n} min",
    "cache_cold": ", prompt cache cold",
    "frees": "/clear here frees about {freed} ({share} %).",
    "monitor": "At the next natural break, /clear frees about {freed} ({share} %).",
    "warning": "At the next natural break, /clear frees about {freed} ({share} %).",
    "critical": "/clear frees about {freed} ({share} %).",
    "emergency": "The next prompt may not fit: /clear (frees about {freed}) or /compact first.",
    "kept": "A checkpoint is kept, and a compaction is told what to keep.",
    "fixed": "Of it, {begins} are system prompt, tools and memory, which a clear keeps; /context "
    "shows them.",
    "rewind": "The last turn alone added {grown}: /rewind takes it back.",
    "compact": "While a step is open, /compact keeps its thread.",
    "carried": "Carried across: {parts}.",
    "carried_all": "The work state is carried across.",
    "decision": "{n} decision",
    "decisions": "{n} decisions",
    "step": "{n} open step",
    "steps": "{n} open steps",
    "file": "{n} file",
    "files": "{n} files",
    "passed_over": "The warning at {fact} was passed over",
    "steps_done": "All steps are done",
    "commit_made": "The work is committed",
    "tests_green": "The tests pass after the changes",
    "spec_created": "{fact} is written",
    "phase_transition": "The phase is now {fact}",
    "model_switch": "The model is now {fact}",
    "topic_change": "The last prompt began another topic",
    "message_count": "{fact} prompts in this conversation",
    "between_tasks": "No step is open",
    "carried_over": "The work was carried over.",
    "carried_over_of": "The work on {fact} was carried over.",
    "after_crash": "It is that of a session that ended without closing.",
    "held": "Held back and saved: the context is at {full}{cache}.",
    "held_how": "Empty the input box and type /clear: the new session offers this prompt as you "
    "typed it.",
    "held_send": "To send it here all the same, send it again; clearpoint allow lets all prompts "
    "through.",
    "offered": "Held back before, as you typed it:",
    "offered_how": "Claude is given it together with your next prompt; “go on” is enough.",
    "waiting": "This prompt of yours is still held back:",
}
KOREAN = {
    "full": "{total} 토큰 중 {used} ({percent} %)",
    "level_reached": "컨텍스트 {level}: {full}{turns}{cache}.",
    "break": "{reason}. 컨텍스트 사용량 {full}{turns}{cache}.",
    "compaction": ", 자동 압축까지 약 {n}턴",
    "end": ", 창이 가득 찰 때까지 약 {n}턴",
    "compaction_now": ", 자동 압축까지 한 턴도 남지 않음",
    "end_now": ", 창이 가득 찰 때까지 한 턴도 남지 않음",
    "turn": "",
    "turns": "",
    "cache_warm": ", 프롬프트 캐시 {n}분 더 유효",
    "cache_cold": ", 프롬프트 캐시 만료됨",
    "frees": "지금 /clear 하면 약 {freed} ({share} %)가 비워집니다.",
    "monitor": "다음 작업 구분점에서 /clear 하면 약 {freed} ({share} %)가 비워집니다.",
    "warning": "다음 작업 구분점에서 /clear 하면 약 {freed} ({share} %)가 비워집니다.",
    "critical": "/clear 하면 약 {freed} ({share} %)가 비워집니다.",
    "emergency": "다음 프롬프트가 들어가지 않을 수 있습니다: 먼저 /clear (약 {freed} 확보) 또는 "
    "/compact.",
    "kept": "체크포인트를 저장했고, 압축할 때 남길 내용도 준비되어 있습니다.",
    "fixed": "그중 {begins}는 /clear 후에도 남는 시스템 프롬프트, 도구, 메모리입니다. /context에서 "
    "볼 수 있습니다.",
    "rewind": "마지막 턴에서만 {grown}가 늘었습니다: /rewind로 되돌릴 수 있습니다.",
    "compact": "진행 중인 단계가 있으면 /compact가 흐름을 유지합니다.",
    "carried": "이어지는 내용: {parts}.",
    "carried_all": "작업 상태는 그대로 이어집니다.",
    "decision": "결정 {n}개",
    "decisions": "결정 {n}개",
    "step": "남은 단계 {n}개",
    "steps": "남은 단계 {n}개",
    "file": "파일 {n}개",
    "files": "파일 {n}개",
    "passed_over": "{fact}에서 나온 경고가 지나갔습니다",
    "steps_done": "모든 단계가 끝났습니다",
    "commit_made": "작업이 커밋되었습니다",
    "tests_green": "변경 후 테스트가 통과했습니다",
    "spec_created": "{fact} 작성이 끝났습니다",
    "phase_transition": "작업 단계가 바뀌었습니다: {fact}",
    "model_switch": "모델이 바뀌었습니다: {fact}",
    "topic_change": "마지막 프롬프트에서 새 주제가 시작되었습니다",
    "message_count": "이 대화의 프롬프트가 {fact}개입니다",
    "between_tasks": "남은 단계가 없습니다",
    "carried_over": "작업을 이어받았습니다.",
    "carried_over_of": "{fact} 작업을 이어받았습니다.",
    "after_crash": "정상 종료되지 않은 세션의 작업입니다.",
    "held": "프롬프트를 보류하고 저장했습니다: 컨텍스트 {full}{cache}.",
    "held_how": "입력란을 비우고 /clear를 입력하세요. 새 세션에서 이 프롬프트가 입력한 그대로 "
    "제시됩니다.",
    "held_send": "그래도 여기서 보내려면 다시 보내세요. clearpoint allow는 모든 프롬프트를 "
    "통과시킵니다.",
    "offered": "보류했던 프롬프트입니다 (입력한 그대로):",
    "offered_how": "다음 프롬프트와 함께 Claude에게 전달됩니다. “계속”이라고만 해도 됩니다.",
    "waiting": "아직 보류 중인 프롬프트입니다:",
}
CATALOGUES = {"en": ENGLISH, "ko": KOREAN}
TEXT_CHARS = 500


def words(state: State, config: Config) -> dict[str, str]:
    """The catalogue for the person: in the language that is set, else that of their prompts."""
    language = config["advice"]["language"] or state["user_context"]["language"] or "en"
    own = config["messages"].get(language, {})
    return {**ENGLISH, **CATALOGUES.get(language, {}), **own}


def wrong(name: str, text: str) -> str:
    """What is wrong with a text of a person's own catalogue; empty where it can be used."""
    if name not in ENGLISH:
        return "there is no message of this name"
    known = [field for field in FIELDS if _has(ENGLISH[name], field)]
    if len(text) > TEXT_CHARS or not text.isprintable():
        return f"it can be one line of {TEXT_CHARS} characters"
    if not all(place in [(field, "", None) for field in known] for place in _places(text)):
        shown = ", ".join(f"{{{field}}}" for field in known)
        return f"it can hold {shown} in braces and no other" if known else (
            "it can hold nothing in braces")  # fmt: skip
    return ""


FIELDS = ("level", "full", "turns", "cache", "reason", "used", "total", "percent", "n", "freed",
          "share", "begins", "grown", "parts", "fact")  # fmt: skip
"""What messages are filled in with."""


def _places(text: str) -> list[tuple[str | None, str | None, str | None]]:
    """What stands in braces: names, formats and conversions; a format could ask for gigabytes."""
    from string import Formatter

    try:
        return [(name, spec, how) for _, name, spec, how in Formatter().parse(text)
                if name is not None]  # fmt: skip
    except ValueError:
        return [(None, None, None)]


def _has(text: str, field: str) -> bool:
    return f"{{{field}}}" in text
