"""Issues and comments that Claude has filed with others: their numbers. Pure. Fast lane.

Of what a tool printed only an address of its own form counts, or an identifier like `ENT-163`.
"""

from __future__ import annotations

from clearpoint.client.vocabulary import SERVER_MARK
from clearpoint.work import version_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.outcomes import Filed
    from clearpoint.models.work import WorkState
    from clearpoint.work.shell_command import Command

LIMIT = 8
SEEN_CHARS = 2_000
MADE = {("issue", "create"): "issue", ("issue", "comment"): "comment on",
        ("pr", "comment"): "comment on", ("pr", "review"): "review of"}  # fmt: skip
"""What `gh` is told to make, and what that is called."""
PULL_REQUEST = ("pr", "create")
"""What prints an address too, and is told elsewhere."""
TITLE = ("--title", "-t")
CREATING = ("create_issue", "create_ticket", "create_comment", "add_comment")
"""How the tools of servers end that file something."""
IDENTIFIER = '"identifier":"'
NAME_CHARS = 20
HTTPS, ISSUES, PULL = "https://", "issues", "pull"


def note(work: WorkState, commands: list[Command], output: str, entry: str) -> None:
    """Take in what a shell line that succeeded has filed.

    Each prints one address; where there are more or fewer, nobody can tell which is whose.
    """
    making = [bare for one in commands if _is_making(bare := one.unwrapped())]
    places = _addresses(output)
    for bare, place in zip(making, places, strict=True) if len(making) == len(places) else ():
        if kind := MADE.get((bare.words[1], bare.words[2])):
            title = version_control.option(bare, TITLE) if kind == "issue" else ""
            _keep(work, {"what": f"{kind} {place}", "title": title,
                         "turn": work["turn"], "entry": entry})  # fmt: skip


def _is_making(bare: Command) -> bool:
    made = tuple(bare.words[1:3])
    return bare.name == "gh" and (made in MADE or made == PULL_REQUEST)


def note_tool(work: WorkState, tool: str, output: str, entry: str) -> None:
    """Take in what a server's tool has filed: the identifier that its answer begins with."""
    if not tool.endswith(CREATING):
        return
    flat = output[:SEEN_CHARS].replace('": "', '":"')
    name = flat.partition(IDENTIFIER)[2].partition('"')[0]
    team, dash, number = name.partition("-")
    if dash and team.isalnum() and team.isupper() and number.isdecimal() and len(name) < NAME_CHARS:
        server, _, verb = tool.removeprefix(SERVER_MARK).partition("__")
        kind = "comment on" if "comment" in verb else "issue"
        _keep(work, {"what": f"{kind} {name} ({server})", "title": "",
                     "turn": work["turn"], "entry": entry})  # fmt: skip


def _keep(work: WorkState, made: Filed) -> None:
    others = [one for one in work["filed"] if one["what"] != made["what"]]
    work["filed"] = [*others, made][-LIMIT:]


def _addresses(output: str) -> list[str]:
    """`acme/shop#12` of each line that is the address of an issue or pull request."""
    found = []
    for row in output[:SEEN_CHARS].splitlines():
        parts = row.strip().partition("#")[0].split("/")
        is_address = row.startswith(HTTPS) and len(parts) == 7 and parts[5] in (ISSUES, PULL)
        if is_address and parts[6].isdecimal() and len(parts[6]) <= NAME_CHARS:
            names = [part.replace("-", "").replace("_", "").replace(".", "") for part in parts[3:5]]
            if all(name.isascii() and name.isalnum() for name in names):
                found.append(f"{parts[3]}/{parts[4]}#{parts[6]}")
    return found
