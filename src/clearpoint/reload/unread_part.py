"""That the session before was not read whole, and where its newest words stand. Pure."""

from __future__ import annotations

from clearpoint.reload.view import together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.reload.lines import Line
    from clearpoint.reload.view import View


OLDER = (
    "An older part of that session has not been read yet;"
    " its decisions and files may be missing here."
)


def unread(view: View) -> list[Line]:
    """What is missing: the newest part, or an older one."""
    known = view.work["unread"]
    if not known:
        return []
    if not known["is_end"]:
        return together(0, [OLDER])
    place = f" {known['transcript']}" if known["transcript"] else ""
    said = f"newer prompts and answers are only in its transcript{place}"
    return together(0, [f"The end of that session has not been read yet: {said}."])
