"""The messages in Korean, by the names of `catalogue`. Pure."""

from __future__ import annotations

WORDS = {
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
    "between_tasks": "작업을 끊기 좋은 시점입니다",
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
    "welcome": "Clearpoint가 켜져 있습니다. /clear할 시점을 알려 주고 작업을 이어 "
    "주므로, 잃는 것 없이 비울 수 있습니다.",
    "ready": "Clearpoint가 준비되었습니다. /clear할 시점을 알려 주고 작업을 이어 "
    "주므로, 잃는 것 없이 비울 수 있습니다.",
    "heavy": "여기서는 입력하기도 전에 요청마다 {begins} 토큰이 들어갑니다. 가장 큰 항목: {parts}. "
    "`clearpoint diet`에서 줄일 방법을 볼 수 있습니다.",
    "moment": "조금",
    "minutes": "{n}분",
    "hours": "{n}시간",
    "days": "{n}일",
    "on_spec": "({fact})",
    "failed_check": "실패한 검사",
    "unfinished": "여기서 진행한 지난 세션{about}은 {age} 전에 끝났습니다. 남은 것: {parts}. "
    "이어서 하려면: {how}",
    "probable": "이 세션은 세션 {session}{about}에서 이어진 것 같습니다. "
    "작업을 이어받으려면: {how}",
    "run_continue": "clearpoint continue {session} 명령을 실행하고 Claude Code를 다시 시작하세요",
    "no_usage": "{fact}의 토큰 사용량이 보고되지 않습니다. 수치는 추정치이며 ~로 표시됩니다.",
    "window_unknown": "{fact} 모델은 모델 표에 없으므로 {total} 토큰으로 가정합니다. 실제 크기는 "
    "상태 표시줄이나 config.toml의 [budget] window로 알 수 있습니다.",
    "window_older": "이 버전의 Claude Code에서는 {fact} 모델의 창이 더 클 수 있습니다. "
    "{total} 토큰으로 가정합니다. 실제 크기는 상태 표시줄이나 config.toml의 [budget] window로 "
    "알 수 있습니다.",
    "transcript_replaced": "대화 기록이 잘렸거나 바뀌었습니다. 그때까지의 작업은 체크포인트에 "
    "있습니다: clearpoint restore {fact}",
    "transcript_deleted": "대화 기록이 삭제되었습니다. 그때까지의 작업은 체크포인트에 있습니다: "
    "clearpoint restore {fact}",
    "note_taken": "인계 메모를 저장했습니다. /clear 후 Claude가 이 메모로 시작합니다.",
    "note_missing": "답변에 인계 메모가 없습니다. /clearpoint:handover를 다시 실행하세요.",
    "note_but": "인계 메모를 저장했지만 문제가 있습니다: {fact}.",
    "diet_works": "다이어트 효과가 있습니다. 첫 요청이 {begins}에서 {left} 토큰으로 줄었습니다 "
    "({percent}%).",
    "diet_larger": "다이어트 후 첫 요청이 오히려 커졌습니다: {begins}에서 {left} 토큰 "
    "({percent}%). "
    "`clearpoint diet --undo`로 설정을 되돌릴 수 있습니다.",
    "diet_nothing": "다이어트로 거의 달라지지 않았습니다: 첫 요청이 {begins}에서 {left} 토큰. "
    "`clearpoint diet --undo`로 설정을 되돌릴 수 있습니다.",
    "snoozed": "이 세션에서는 더 이상 조언하지 않습니다. 다시 켜려면: clearpoint snooze off",
    "snoozed_to": "이 세션에서는 사용량이 {used} 토큰이 될 때까지 조언하지 않습니다. "
    "다시 켜려면: clearpoint snooze off",
    "snoozed_day": "이 프로젝트에서는 하루 동안 조언하지 않습니다. "
    "다시 켜려면: clearpoint snooze off",
    "snoozed_off": "조언을 다시 시작합니다.",
    "autopilot_on": "이제 Claude Code가 {used} 토큰에서 압축합니다 ({fact}).",
    "autopilot_off": "오토파일럿을 껐습니다. {fact} 설정은 이전 상태로 돌아갔습니다.",
    "autopilot_was_off": "오토파일럿은 이미 꺼져 있습니다.",
}
