"""The messages in German, by the names of `catalogue`. Pure."""

from __future__ import annotations

WORDS = {
    "full": "{used} des {total}-Fensters belegt ({percent}%)",
    "full_budget": "{used} des {budget}-Budgets belegt (Fenster {total})",
    "full_over": "{used}, über dem Budget von {budget} (Fenster {total})",
    "level_reached": "Kontext: {full}{turns}.",
    "break": "{reason}. Kontext: {full}{turns}.",
    "compaction": ", noch etwa {n} {turns} bis zur automatischen Komprimierung",
    "end": ", noch etwa {n} {turns}, bis das Fenster voll ist",
    "compaction_now": ", weniger als eine Runde bis zur automatischen Komprimierung",
    "end_now": ", weniger als eine Runde, bis das Fenster voll ist",
    "turn": "Runde",
    "turns": "Runden",
    "resend": "Jede Anfrage sendet jetzt {used} Token neu; nach /clear wären es etwa {left}.",
    "resend_kept": "Jede Anfrage sendet jetzt {used} Token neu; nach /clear wären es etwa {left} "
    "(erhalten: {parts}).",
    "compact": "Jede Anfrage sendet jetzt {used} Token neu. Mitten in der Arbeit? Dann /compact.",
    "fixed": "Davon entfallen {begins} auf Systemprompt, Tools und Memory, was /clear nicht "
    "freigibt; `clearpoint diet` zeigt, was hilft.",
    "rewind": "Die letzte Runde hat {grown} hinzugefügt; /rewind macht sie rückgängig.",
    "almost_full": "Fast voll: vor dem nächsten Prompt /clear (macht etwa {freed} frei) oder "
    "/compact.",
    "almost_full_open": "Fast voll: vor dem nächsten Prompt /compact.",
    "cold": "Der Prompt-Cache ist abgelaufen: Weitermachen sendet {used} Token ohne Cache "
    "neu{cost}; nach /clear wären es etwa {left}{saved}.",
    "kept": "Ein Checkpoint ist gespeichert; wenn Claude komprimiert, bleiben deine "
    "Entscheidungen und offenen Schritte erhalten.",
    "saved": "Ein Checkpoint ist gespeichert.",
    "note_first": "Soll Claude eine Notiz hinterlassen? Dann zuerst `/clearpoint:handover`.",
    "long_context": '(Lieber lange Kontexte? Setze budget.tokens auf "window".)',
    "carried": "Erhalten: {parts}.",
    "and": " und ",
    "decision": "{n} Entscheidung",
    "decisions": "{n} Entscheidungen",
    "step": "{n} offener Schritt",
    "steps": "{n} offene Schritte",
    "file": "{n} Datei",
    "files": "{n} Dateien",
    "passed_over": "Wächst weiter ({fact} bei der letzten Warnung)",
    "steps_done": "Alle Schritte erledigt",
    "commit_made": "Arbeit ist committet",
    "tests_green": "Tests laufen nach den Änderungen durch",
    "spec_created": "{fact} geschrieben",
    "phase_transition": "Weiter mit {fact}",
    "model_switch": "Gewechselt zu {fact}",
    "topic_change": "Dein letzter Prompt hat ein neues Thema begonnen",
    "message_count": "{fact} Prompts in diesem Gespräch",
    "between_tasks": "Guter Zeitpunkt für einen Schnitt",
    "window_end": "Das Fenster ist fast voll",
    "carried_over": "Arbeit aus der Sitzung vor /clear übernommen.",
    "carried_over_of": "{fact} aus der Sitzung vor /clear übernommen.",
    "after_crash": "Arbeit aus einer unerwartet beendeten Sitzung übernommen.",
    "after_crash_of": "{fact} aus einer unerwartet beendeten Sitzung übernommen.",
    "held": "Prompt zurückgehalten (gespeichert): Kontext {full}.",
    "held_how": "Leere die Eingabe und tippe /clear; dort wird dir der Prompt wieder angeboten.",
    "held_send": "Trotzdem senden: noch einmal Enter. `clearpoint allow` schaltet das für diese "
    "Sitzung ab.",
    "offered": "Dein zurückgehaltener Prompt, wie du ihn getippt hast:",
    "offered_how": "Claude bekommt ihn mit deinem nächsten Prompt; „weiter“ genügt.",
    "waiting": "Dein Prompt wird noch zurückgehalten:",
    "welcome": "Clearpoint ist an. Es sagt dir, wann sich /clear lohnt, und nimmt deine Arbeit "
    "mit, sodass nichts verloren geht.",
    "ready": "Clearpoint ist bereit. Es sagt dir, wann sich /clear lohnt, und nimmt deine Arbeit "
    "mit, sodass nichts verloren geht.",
    "heavy": "Jede Anfrage bringt hier {begins} Token mit, bevor du etwas tippst; die größten: "
    "{parts}. `clearpoint diet` zeigt, wie sich das verringern lässt.",
    "moment": "einem Moment",
    "minutes": "{n} Minuten",
    "hours": "{n} Stunden",
    "days": "{n} Tagen",
    "on_spec": " zu {fact}",
    "failed_check": "ein fehlgeschlagener Check",
    "unfinished": "Die letzte Sitzung hier{about} endete vor {age}. Offen blieb: {parts}. "
    "Zum Fortsetzen: {how}",
    "probable": "Das ist vielleicht die Fortsetzung von Sitzung {session}{about}. Um ihre Arbeit "
    "zu übernehmen: {how}",
    "run_continue": "clearpoint continue {session} ausführen und Claude Code neu starten",
    "no_usage": "Für {fact} wird kein Tokenverbrauch gemeldet: Die Zahlen sind geschätzt und mit ~ "
    "markiert.",
    "window_unknown": "Das Modell {fact} steht nicht in der Tabelle: Angenommen werden {total} "
    "Token. Die Statuszeile oder [budget] window in config.toml nennt die wirkliche Größe.",
    "window_older": "Das Modell {fact} hat in dieser Version von Claude Code vielleicht ein "
    "größeres Fenster: Angenommen werden {total} Token. Die Statuszeile oder [budget] window in "
    "config.toml nennt die wirkliche Größe.",
    "transcript_replaced": "Das Transkript wurde gekürzt oder ersetzt. Die Arbeit bis dahin liegt "
    "in einem Checkpoint: clearpoint restore {fact}",
    "transcript_deleted": "Das Transkript wurde gelöscht. Die Arbeit bis dahin liegt in einem "
    "Checkpoint: clearpoint restore {fact}",
    "note_taken": "Übergabenotiz gespeichert. Nach /clear beginnt Claude mit ihr.",
    "note_missing": "Keine Übergabenotiz in der Antwort. Gib /clearpoint:handover noch einmal ein.",
    "note_but": "Übergabenotiz gespeichert, aber: {fact}.",
    "diet_works": "Die Diät wirkt: Die erste Anfrage ging von {begins} auf {left} Token "
    "({percent}%).",
    "diet_larger": "Die Diät hat die erste Anfrage größer gemacht: von {begins} auf {left} Token "
    "({percent}%). `clearpoint diet --undo` stellt deine Einstellungen wieder her.",
    "diet_nothing": "Die Diät hat fast nichts geändert: Die erste Anfrage ging von {begins} auf "
    "{left} Token. `clearpoint diet --undo` stellt deine Einstellungen wieder her.",
    "snoozed": "Keine Hinweise mehr in dieser Sitzung. Wieder einschalten: clearpoint snooze off",
    "snoozed_to": "Keine Hinweise in dieser Sitzung, bis {used} Token belegt sind. "
    "Wieder einschalten: clearpoint snooze off",
    "snoozed_day": "Einen Tag lang keine Hinweise in diesem Projekt. Wieder einschalten: "
    "clearpoint snooze off",
    "snoozed_off": "Hinweise sind wieder an.",
    "autopilot_on": "Claude Code komprimiert jetzt bei {used} Token ({fact}).",
    "autopilot_off": "Autopilot ist aus; {fact} ist wieder wie vorher.",
    "autopilot_was_off": "Autopilot ist schon aus.",
}
