"""When to clear: asked with figures of your own, and of a session."""

from tempfile import TemporaryDirectory

from clearpoint import Session, should_clear

for reason in should_clear({"used": 160_000, "message_count": 20, "phase_changed": True}):
    print(f"{reason.name}: {reason.text}")

print("Early on:", should_clear({"used": 30_000, "message_count": 5}))

with TemporaryDirectory() as project:
    session = Session.create(project, env={"CLEARPOINT_DIR": ".clearpoint"})
    session.on("critical", lambda one: print("Now:", one.budget.suggestions[0]))
    for used in (30_000, 100_000, 171_000):
        session.update_usage(used, window=200_000)

    if session.should_clear():
        plan = session.prepare_for_clear()
        print(f"Checkpoint: {plan['checkpoint'].partition('Z')[2]}")

PRINTS = """
token_usage: 160k tokens are in use, more than 150k
phase_changed: the work moved on to another phase
Early on: []
Now: /clear now; your work state is saved and carries over
Checkpoint: -before-clear
"""
