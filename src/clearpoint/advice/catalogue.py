"""The words of the messages: one catalogue for each language. Pure.

English is whole; what another catalogue lacks is said in English. The user's own wording, in a
language that is shipped or not, comes from the settings (`[messages.LANGUAGE]`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import Config
    from clearpoint.models.state import State

ENGLISH = {
    "full": "{used} of your {total} window ({percent}%)",
    "full_budget": "{used} of your {budget} budget (window {total})",
    "full_over": "{used}, over your {budget} budget (window {total})",
    "level_reached": "Context: {full}{turns}.",
    "break": "{reason}. Context: {full}{turns}.",
    "compaction": ", about {n} {turns} until auto-compaction",
    "end": ", about {n} {turns} until the window is full",
    "compaction_now": ", less than a turn until auto-compaction",
    "end_now": ", less than a turn until the window is full",
    "turn": "turn",
    "turns": "turns",
    "resend": "Each request now re-sends {used} tokens; after /clear it would be about {left}.",
    "resend_kept": "Each request now re-sends {used} tokens; after /clear it would be about {left} "
    "and keep your {parts}.",
    "compact": "Each request now re-sends {used} tokens. In the middle of something? Use /compact.",
    "fixed": "{begins} of that is system prompt, tools and memory, which /clear won't free; "
    "`clearpoint diet` shows what would.",
    "rewind": "The last turn added {grown}; /rewind undoes it.",
    "almost_full": "Almost full: /clear (frees about {freed}) or /compact before your next prompt.",
    "almost_full_open": "Almost full: /compact before your next prompt.",
    "cold": "The prompt cache has expired: going on re-sends {used} tokens uncached{cost}; after "
    "/clear it would be about {left}{saved}.",
    "kept": "A checkpoint was saved; if Claude compacts, it will keep your decisions and open "
    "steps.",
    "saved": "A checkpoint was saved.",
    "note_first": "`/clearpoint:handover`, then /clear, passes on a note from Claude too.",
    "long_context": '(Prefer long contexts? Set budget.tokens to "window".)',
    "carried": "Kept: {parts}.",
    "and": " and ",
    "decision": "{n} decision",
    "decisions": "{n} decisions",
    "step": "{n} open step",
    "steps": "{n} open steps",
    "file": "{n} file",
    "files": "{n} files",
    "passed_over": "Still growing, up from {fact} at the last warning",
    "steps_done": "All steps done",
    "commit_made": "Work committed",
    "tests_green": "Tests pass after the changes",
    "spec_created": "{fact} written",
    "phase_transition": "Moved on to {fact}",
    "model_switch": "Switched to {fact}",
    "topic_change": "Your last prompt started another topic",
    "message_count": "{fact} prompts in this conversation",
    "between_tasks": "No step is open",
    "window_end": "The window is almost full",
    "carried_over": "Picked up the work from the session before /clear.",
    "carried_over_of": "Picked up {fact} from the session before /clear.",
    "after_crash": "Picked up the work from a session that ended unexpectedly.",
    "after_crash_of": "Picked up {fact} from a session that ended unexpectedly.",
    "held": "Prompt held (saved): context is {full}.",
    "held_how": "Clear the input and run /clear; your prompt will be offered again there.",
    "held_send": "To send it anyway, press Enter again. `clearpoint allow` turns this off for the "
    "session.",
    "offered": "Your held prompt, as you typed it:",
    "offered_how": "Claude gets it with your next prompt; “go on” is enough.",
    "waiting": "This prompt of yours is still held:",
}
KOREAN = {
    "full": "{total} 창 중 {used} ({percent}%)",
    "full_budget": "예산 {budget} 중 {used} (창 {total})",
    "full_over": "{used}, 예산 {budget} 초과 (창 {total})",
    "level_reached": "컨텍스트: {full}{turns}.",
    "break": "{reason}. 컨텍스트: {full}{turns}.",
    "compaction": ", 자동 압축까지 약 {n}{turns}",
    "end": ", 창이 가득 찰 때까지 약 {n}{turns}",
    "compaction_now": ", 자동 압축까지 한 턴도 남지 않음",
    "end_now": ", 창이 가득 찰 때까지 한 턴도 남지 않음",
    "turn": "턴",
    "turns": "턴",
    "resend": "요청마다 {used} 토큰을 다시 보냅니다. /clear 후에는 약 {left}로 줄어듭니다.",
    "resend_kept": "요청마다 {used} 토큰을 다시 보냅니다. /clear 후에는 약 {left}로 줄어들고 "
    "{parts}는 그대로 이어집니다.",
    "compact": "요청마다 {used} 토큰을 다시 보냅니다. 작업 중이라면 /compact를 사용하세요.",
    "fixed": "그중 {begins} 토큰은 /clear 후에도 남는 시스템 프롬프트, 도구, 메모리입니다. "
    "`clearpoint diet`에서 줄일 방법을 볼 수 있습니다.",
    "rewind": "마지막 턴에서 {grown} 토큰이 늘었습니다. /rewind로 되돌릴 수 있습니다.",
    "almost_full": "거의 가득 찼습니다. 다음 프롬프트 전에 /clear (약 {freed} 확보) 또는 "
    "/compact를 실행하세요.",
    "almost_full_open": "거의 가득 찼습니다. 다음 프롬프트 전에 /compact를 실행하세요.",
    "cold": "프롬프트 캐시가 만료되었습니다. 계속하면 {used} 토큰을 캐시 없이 다시 보냅니다{cost}. "
    "/clear 후에는 약 {left}만 보냅니다{saved}.",
    "kept": "체크포인트를 저장했습니다. 압축되더라도 결정과 남은 단계는 유지됩니다.",
    "saved": "체크포인트를 저장했습니다.",
    "long_context": '(긴 컨텍스트를 원하면 budget.tokens를 "window"로 설정하세요.)',
    "note_first": "`/clearpoint:handover` 다음에 /clear를 실행하면 Claude의 메모도 전달됩니다.",
    "carried": "이어지는 내용: {parts}.",
    "and": ", ",
    "decision": "결정 {n}개",
    "decisions": "결정 {n}개",
    "step": "남은 단계 {n}개",
    "steps": "남은 단계 {n}개",
    "file": "파일 {n}개",
    "files": "파일 {n}개",
    "passed_over": "마지막 경고({fact}) 이후 계속 늘고 있습니다",
    "steps_done": "모든 단계가 끝났습니다",
    "commit_made": "작업이 커밋되었습니다",
    "tests_green": "변경 후 테스트가 통과했습니다",
    "spec_created": "{fact} 작성이 끝났습니다",
    "phase_transition": "작업 단계가 바뀌었습니다: {fact}",
    "model_switch": "모델이 바뀌었습니다: {fact}",
    "topic_change": "마지막 프롬프트에서 새 주제가 시작되었습니다",
    "message_count": "이 대화의 프롬프트가 {fact}개입니다",
    "between_tasks": "남은 단계가 없습니다",
    "window_end": "창이 거의 가득 찼습니다",
    "carried_over": "/clear 이전 세션의 작업을 이어받았습니다.",
    "carried_over_of": "/clear 이전 세션의 {fact} 작업을 이어받았습니다.",
    "after_crash": "예기치 않게 종료된 세션의 작업을 이어받았습니다.",
    "after_crash_of": "예기치 않게 종료된 세션의 {fact} 작업을 이어받았습니다.",
    "held": "프롬프트를 보류하고 저장했습니다. 컨텍스트: {full}.",
    "held_how": "입력란을 비우고 /clear를 실행하세요. 새 세션에서 이 프롬프트가 다시 제시됩니다.",
    "held_send": "그래도 보내려면 Enter를 다시 누르세요. `clearpoint allow`를 실행하면 이 "
    "세션에서는 더 이상 보류하지 않습니다.",
    "offered": "보류했던 프롬프트입니다 (입력한 그대로):",
    "offered_how": "다음 프롬프트와 함께 Claude에게 전달됩니다. “계속”이라고만 해도 됩니다.",
    "waiting": "아직 보류 중인 프롬프트입니다:",
}
CATALOGUES = {"en": ENGLISH, "ko": KOREAN}
TEXT_CHARS = 500


def words(state: State, config: Config) -> dict[str, str]:
    """The catalogue for the user: in the language that is set, else that of their prompts."""
    language = config["advice"]["language"] or state["user_context"]["language"] or "en"
    own = config["messages"].get(language, {})
    return {**ENGLISH, **CATALOGUES.get(language, {}), **own}


def wrong(name: str, text: str) -> str:
    """What is wrong with a text of the user's own catalogue; empty if it can be used."""
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


FIELDS = ("full", "turns", "reason", "used", "budget", "total", "percent", "n", "freed", "left",
          "begins", "grown", "parts", "fact", "cost", "saved")  # fmt: skip
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
