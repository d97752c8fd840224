"""A handoff that is compressed to the room that the next agent has, and checked on arrival."""

from pathlib import Path
from tempfile import TemporaryDirectory

from clearpoint import AgentCompatibilityError, Session, validate_handoff

DECISIONS = [
    f"Part {number} of the export uses one query, because its rows are read again in part "
    f"{number + 1} and a second query took 18 ms for each of them."
    for number in range(1, 9)
]

with TemporaryDirectory() as project:
    session = Session.create(project, env={"CLEARPOINT_DIR": ".clearpoint"})
    for decision in DECISIONS:
        session.update_work(decision=decision)

    try:
        session.hand_over("docs-manager", "spec-builder")
    except AgentCompatibilityError as error:
        print("Refused:", str(error).partition(" (")[0])

    made = session.hand_over(
        "spec-builder", "backend-expert", next_step="Write the export.", available=4_000
    )
    print("Compressed:", made.tokens < made.original_tokens)
    print("Next step:", made.package.task_context.next_step)

    reference = made.package.task_context.critical_decisions[-1]
    print("Nothing is lost:", session.tags[reference].splitlines() == DECISIONS)

    path = Path(project, "handoff.json")
    made.save(path)
    print("Valid on arrival:", validate_handoff(path) == made.package)
    print("On record:", [one["to_agent"] for one in session.handoffs])

PRINTS = """
Refused: docs-manager → spec-builder is not in the handoff matrix
Compressed: True
Next step: Write the export.
Nothing is lost: True
Valid on arrival: True
On record: ['backend-expert']
"""
