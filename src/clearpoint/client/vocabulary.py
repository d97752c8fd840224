"""Claude Code's own words: tags, tool names, how its results begin. Pure. Fast lane.

Whatever another client would write in another way stands here or beside it in this package. Source:
the client's transcripts, as measured on the versions named in `data/client.json` and before.
"""

from __future__ import annotations

# Tools
READ = "Read"
PATH_ARGUMENTS = {
    READ: "file_path",
    "Edit": "file_path",
    "MultiEdit": "file_path",
    "Write": "file_path",
    "NotebookEdit": "notebook_path",
}
"""The tools that read or change one file, and the argument that names it."""
CHANGING = frozenset(PATH_ARGUMENTS) - {READ}
SHELLS = ("Bash", "PowerShell")
SHELL_ENDS = ("KillBash", "KillShell", "TaskStop")
OUTPUTS = ("BashOutput", "TaskOutput", "AgentOutputTool")
"""What asks for the output of a background task."""
AGENT_TOOLS = ("Agent", "Task")
"""What starts a subagent, by its names of now and before."""
TODO_LIST, TASK_CREATED, TASK_UPDATED = "TodoWrite", "TaskCreate", "TaskUpdate"
"""To-do tools: one carries the whole list each time, the others change one task."""
QUESTION, PLAN, PLAN_BEGUN, SKILL = "AskUserQuestion", "ExitPlanMode", "EnterPlanMode", "Skill"
LOOKS = frozenset((READ, "Glob", "LS", TODO_LIST, TASK_UPDATED, "TaskList", "ToolSearch"))
"""Calls that say nothing by themselves."""
SERVER_MARK = "mcp__"
"""How the names of an MCP server's tools begin: `mcp__server__tool`."""

# Kinds of entries
BOUNDARY, MICRO_BOUNDARY = "compact_boundary", "microcompact_boundary"
"""What a compaction leaves, and the clearing of old results."""

# What the client writes in the user's place
COMMAND = "<command-"
CLIENT_TAGS = (COMMAND, "<local-command-", "<bash-")
"""How the client begins what it writes for a command that the user ran."""
NOTIFICATION = "<task-notification>"
"""How a prompt begins that the client writes itself; it holds what others wrote."""
MACHINE_TAGS = ("<task-notification", "<system-reminder", "<ide_", "<teammate-message", "<channel",
                "<cross-session-", "<user-memory-", "<user-prompt-submit-hook", "<new-diagnostics",
                "<session-", "<tick", "<persisted-output", "<mcp-", "<agent-", "<remote-",
                "<fork-", "<scheduled-")  # fmt: skip
"""The same for other machines, where the line does not say who wrote it."""
REMINDER = "<system-reminder>"
TASK = '{"task_id"'
"""How older clients queue the end of a background task."""
SHELL_OPENING, SHELL_CLOSING = "<bash-input>", "</bash-input>"
SHELL_PREFIX = "!"
"""What begins a command line that the user types for the shell."""
HOOK_CONTEXT = "hook additional context: "
SKILL_BODY = "Base directory for this skill: "

# What the client says of a turn or a call
SYNTHETIC = "<synthetic>"
"""The model of what the client writes in Claude's place."""
INTERRUPTED = "[Request interrupted"
ABORTED = (INTERRUPTED, "<error>Command was aborted", "Command was aborted")
TIMED_OUT = "Command timed out"
EXIT = "Exit code "
NEVER_RAN = ("<tool_use_error>", "Cancelled: ")
"""How the result of a call begins that never ran."""
REJECTED = ("The user doesn't want to proceed", "The user doesn't want to take this action",
            "The agent proposed a plan that was rejected")  # fmt: skip
REASONS = ("the user said:\n", "the user said: ", "the following reason for the rejection: ")
AFTER_REASON = ("\n\nNote: The user's next message", "\n\nRejected plan:")
CLARIFYING = "The user wants to clarify these questions"
USER_ANSWERED = "User has answered"
"""How the result of a question begins, in all versions that ask any."""
ANSWERED = '"{}"="'
AFTER_ANSWERS = ('". You can ', ". You can now continue with")
NOTES = '" user notes: '
EDITED_PLAN = "## Approved Plan"
PLAN_MODE = "plan"
"""A permission mode."""
AGENT_ID = "agentId: "
AGENT_LAUNCHED = "Async agent launched"
"""How the result of a call begins whose agent goes on in the background."""

# Background commands
BACKGROUND_STARTED = "running in background with ID: "
"""How the client names the command that it has put there."""
BACKGROUND_ENDED = ("<status>completed", "<status>failed", "<status>killed", "<status>stopped",
                    '"status":"completed"', '"status":"failed"', '"status":"killed"')  # fmt: skip
BACKGROUND_IDS = (("<task-id>", "<"), ("<shell-id>", "<"), ('"task_id":"', '"'))
