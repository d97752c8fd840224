"""The words of the messages: one catalogue for each language. Pure.

English is whole; what another catalogue lacks is said in English. The other languages are in
`translations`, which is loaded for them alone. The user's own wording, in a language that is
shipped or not, comes from the settings (`[messages.LANGUAGE]`).
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
    "cold": "The prompt cache has expired: continuing re-sends {used} tokens uncached{cost}; after "
    "/clear it would be about {left}{saved}.",
    "kept": "A checkpoint was saved; if Claude compacts, it will keep your decisions and open "
    "steps.",
    "saved": "A checkpoint was saved.",
    "note_first": "Run `/clearpoint:handover` first if Claude should leave a note.",
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
    "between_tasks": "Natural stopping point",
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
    "waiting": "Your prompt is still held:",
    "welcome": "Clearpoint is on. It tells you when to /clear and carries your work over, so you "
    "can clear without losing anything.",
    "ready": "Clearpoint is ready. It tells you when to /clear and carries your work over, so you "
    "can clear without losing anything.",
    "heavy": "Each request here carries {begins} tokens before you type anything; largest: "
    "{parts}. `clearpoint diet` shows how to shrink that.",
    "moment": "a moment",
    "minutes": "{n} minutes",
    "hours": "{n} hours",
    "days": "{n} days",
    "on_spec": " on {fact}",
    "failed_check": "a failed check",
    "unfinished": "The last session here{about} ended {age} ago with {parts}. To continue it: "
    "{how}",
    "probable": "This may continue session {session}{about}. To take over its work: {how}",
    "run_continue": "run clearpoint continue {session} and start Claude Code again",
    "no_usage": "{fact} reports no token usage, so figures are estimates (~).",
    "window_unknown": "The model {fact} is not in the table of models: assuming {total} tokens. "
    "The status line, or [budget] window in config.toml, tells the real size.",
    "window_older": "The model {fact} may have a longer window in this version of Claude Code: "
    "assuming {total} tokens. The status line, or [budget] window in config.toml, tells the real "
    "size.",
    "transcript_replaced": "The transcript was cut or replaced. The work until then is in a "
    "checkpoint: clearpoint restore {fact}",
    "transcript_deleted": "The transcript was deleted. The work until then is in a checkpoint: "
    "clearpoint restore {fact}",
    "note_taken": "Handover note saved. After /clear, Claude starts with it.",
    "note_missing": "No handover note in the answer. Run /clearpoint:handover again.",
    "note_but": "Handover note saved, but {fact}.",
    "diet_works": "The diet works: the first request went from {begins} to {left} tokens "
    "({percent}%).",
    "diet_larger": "The diet made the first request larger: from {begins} to {left} tokens "
    "({percent}%). Run `clearpoint diet --undo` to restore your settings.",
    "diet_nothing": "The diet made almost no difference: the first request went from {begins} to "
    "{left} tokens. Run `clearpoint diet --undo` to restore your settings.",
    "snoozed": "No more advice in this session. To turn it back on: clearpoint snooze off",
    "snoozed_to": "No advice in this session until {used} tokens are in use. To turn it back on: "
    "clearpoint snooze off",
    "snoozed_day": "No advice in this project for a day. To turn it back on: clearpoint snooze off",
    "snoozed_off": "Advice is on again.",
    "autopilot_on": "Claude Code now compacts at {used} tokens (set in {fact}).",
    "autopilot_off": "Autopilot is off; {fact} is restored.",
    "autopilot_was_off": "Autopilot is already off.",
}
ENGLISH_CODE = "en"
TEXT_CHARS = 500


def words(state: State, config: Config) -> dict[str, str]:
    """The catalogue for the user: in the language that is set, else that of their prompts."""
    return words_in(config["advice"]["language"] or state["user_context"]["language"], config)


def words_in(language: str | None, config: Config) -> dict[str, str]:
    """The catalogue in a language, English if none is known, with the user's own wording.

    Of a language with its country, such as `de-AT` or `de_DE`, the language decides.
    """
    spelled = language or ENGLISH_CODE
    code = spelled.replace("_", "-").partition("-")[0].casefold()
    own = {**config["messages"].get(code, {}), **config["messages"].get(spelled, {})}
    if code == ENGLISH_CODE:
        return {**ENGLISH, **own}
    from clearpoint.advice.translations import TRANSLATIONS

    return {**ENGLISH, **TRANSLATIONS.get(code, {}), **own}


def wrong(name: str, text: str) -> str:
    """What is wrong with a text of the user's own catalogue; empty if it can be used."""
    if name not in ENGLISH:
        return "unknown message"
    known = [field for field in FIELDS if _has(ENGLISH[name], field)]
    if len(text) > TEXT_CHARS or not text.isprintable():
        return f"it must be one line of at most {TEXT_CHARS} characters"
    if not all(place in [(field, "", None) for field in known] for place in _places(text)):
        shown = ", ".join(f"{{{field}}}" for field in known)
        return f"only {shown} can be used as placeholders" if known else (
            "takes no placeholders")  # fmt: skip
    return ""


FIELDS = ("full", "turns", "reason", "used", "budget", "total", "percent", "n", "freed", "left",
          "begins", "grown", "parts", "fact", "cost", "saved", "about", "age", "how",
          "session")  # fmt: skip
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
