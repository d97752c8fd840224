"""The messages in Japanese, by the names of `catalogue`. Pure."""

from __future__ import annotations

WORDS = {
    "full": "{total}のウィンドウのうち{used} ({percent}%)",
    "full_budget": "予算{budget}のうち{used} (ウィンドウ {total})",
    "full_over": "{used}、予算{budget}を超過 (ウィンドウ {total})",
    "level_reached": "コンテキスト: {full}{turns}。",
    "break": "{reason}。コンテキスト: {full}{turns}。",
    "compaction": "、自動圧縮まで約{n}{turns}",
    "end": "、ウィンドウがいっぱいになるまで約{n}{turns}",
    "compaction_now": "、自動圧縮まで1ターン未満",
    "end_now": "、ウィンドウがいっぱいになるまで1ターン未満",
    "turn": "ターン",
    "turns": "ターン",
    "resend": "リクエストのたびに{used}トークンを再送しています。/clearすると約{left}になります。",
    "resend_kept": "リクエストのたびに{used}トークンを再送しています。/clearすると約{left}になり、"
    "{parts}は引き継がれます。",
    "compact": "リクエストのたびに{used}トークンを再送しています。作業の途中なら/compactをどうぞ。",
    "fixed": "そのうち{begins}はシステムプロンプト、ツール、メモリで、/clearしても減りません。"
    "減らす方法は`clearpoint diet`で確認できます。",
    "rewind": "直前のターンで{grown}増えました。/rewindで取り消せます。",
    "almost_full": "ほぼいっぱいです。次のプロンプトの前に/clear (約{freed}空きます) または"
    "/compactを実行してください。",
    "almost_full_open": "ほぼいっぱいです。次のプロンプトの前に/compactを実行してください。",
    "cold": "プロンプトキャッシュの期限が切れました。続けると{used}トークンをキャッシュなしで"
    "再送します{cost}。/clearすれば約{left}で済みます{saved}。",
    "kept": "チェックポイントを保存しました。圧縮されても、決定事項と未完了のステップは残ります。",
    "saved": "チェックポイントを保存しました。",
    "note_first": "`/clearpoint:handover`のあとに/clearすると、Claudeのメモも引き継がれます。",
    "long_context": '(長いコンテキストを使うには、budget.tokensを"window"にしてください。)',
    "carried": "引き継いだ内容: {parts}。",
    "and": "、",
    "decision": "決定事項{n}件",
    "decisions": "決定事項{n}件",
    "step": "未完了のステップ{n}件",
    "steps": "未完了のステップ{n}件",
    "file": "ファイル{n}件",
    "files": "ファイル{n}件",
    "passed_over": "前回の警告 ({fact}) のあとも増え続けています",
    "steps_done": "すべてのステップが完了しました",
    "commit_made": "作業をコミットしました",
    "tests_green": "変更後のテストが通りました",
    "spec_created": "{fact}を作成しました",
    "phase_transition": "{fact}に移りました",
    "model_switch": "モデルを{fact}に切り替えました",
    "topic_change": "直前のプロンプトで話題が変わりました",
    "message_count": "この会話のプロンプトは{fact}件です",
    "between_tasks": "区切りのよいタイミングです",
    "window_end": "ウィンドウがほぼいっぱいです",
    "carried_over": "/clear前のセッションの作業を引き継ぎました。",
    "carried_over_of": "/clear前のセッションから{fact}を引き継ぎました。",
    "after_crash": "予期せず終了したセッションの作業を引き継ぎました。",
    "after_crash_of": "予期せず終了したセッションから{fact}を引き継ぎました。",
    "held": "プロンプトを保留し、保存しました。コンテキスト: {full}。",
    "held_how": "入力欄を空にして/clearを実行してください。新しいセッションでこのプロンプトを"
    "もう一度提示します。",
    "held_send": "このまま送るには、もう一度Enterを押してください。`clearpoint allow`を実行すると、"
    "このセッションでは保留しなくなります。",
    "offered": "保留していたプロンプトです (入力されたまま):",
    "offered_how": "次のプロンプトと一緒にClaudeに渡されます。「続けて」だけで構いません。",
    "waiting": "まだ保留中のプロンプトです:",
    "welcome": "Clearpointが有効になっています。/clearするタイミングを知らせ、"
    "作業を引き継ぐので、何も失わずにクリアできます。",
    "ready": "Clearpointの準備ができました。/clearするタイミングを知らせ、"
    "作業を引き継ぐので、何も失わずにクリアできます。",
    "heavy": "ここでは、何も入力しなくてもリクエストごとに{begins}トークンを送ります。主な内訳: "
    "{parts}。減らす方法は`clearpoint diet`で確認できます。",
    "moment": "少し",
    "minutes": "{n}分",
    "hours": "{n}時間",
    "days": "{n}日",
    "on_spec": " ({fact})",
    "failed_check": "失敗したチェック",
    "unfinished": "ここでの前回のセッション{about}は{age}前に終わりました。残り: {parts}。"
    "続けるには: {how}",
    "probable": "これはセッション{session}{about}の続きかもしれません。作業を引き継ぐには: {how}",
    "run_continue": "clearpoint continue {session} を実行し、Claude Codeを起動し直してください",
    "no_usage": "{fact}のトークン使用量が報告されていません。数値は推定で、~が付きます。",
    "window_unknown": "モデル{fact}は表にないため、{total}トークンと仮定します。実際の大きさは"
    "ステータスラインか、config.tomlの[budget] windowで分かります。",
    "window_older": "このバージョンのClaude Codeでは、モデル{fact}のウィンドウはもっと大きい"
    "かもしれません。{total}トークンと仮定します。実際の大きさはステータスラインか、config.tomlの"
    "[budget] windowで分かります。",
    "transcript_replaced": "会話の記録が切り詰められたか、置き換えられました。それまでの作業は"
    "チェックポイントにあります: clearpoint restore {fact}",
    "transcript_deleted": "会話の記録が削除されました。それまでの作業はチェックポイントにあります: "
    "clearpoint restore {fact}",
    "note_taken": "引き継ぎメモを保存しました。/clearのあと、Claudeはこのメモから始めます。",
    "note_missing": "回答に引き継ぎメモがありません。"
    "/clearpoint:handoverをもう一度実行してください。",
    "note_but": "引き継ぎメモを保存しましたが、問題があります: {fact}。",
    "diet_works": "ダイエットの効果がありました。最初のリクエストは{begins}から{left}トークンに"
    "減りました ({percent}%)。",
    "diet_larger": "ダイエットで最初のリクエストがかえって大きくなりました: {begins}から{left}"
    "トークン ({percent}%)。`clearpoint diet --undo`で設定を元に戻せます。",
    "diet_nothing": "ダイエットではほとんど変わりませんでした: 最初のリクエストは{begins}から{left}"
    "トークン。`clearpoint diet --undo`で設定を元に戻せます。",
    "snoozed": "このセッションではもうアドバイスしません。元に戻すには: clearpoint snooze off",
    "snoozed_to": "このセッションでは、使用量が{used}トークンになるまでアドバイスしません。"
    "元に戻すには: clearpoint snooze off",
    "snoozed_day": "このプロジェクトでは1日アドバイスしません。元に戻すには: clearpoint snooze off",
    "snoozed_off": "アドバイスを再開します。",
    "autopilot_on": "Claude Codeは今後{used}トークンで圧縮します ({fact})。",
    "autopilot_off": "オートパイロットをオフにしました。{fact}は元のとおりです。",
    "autopilot_was_off": "オートパイロットはすでにオフです。",
}
