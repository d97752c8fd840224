"""A session whose work another process resumes."""

from tempfile import TemporaryDirectory

from clearpoint import Session

with TemporaryDirectory() as project:
    env = {"CLEARPOINT_DIR": ".clearpoint"}  # in the project; without it, in your home folder

    session = Session.create(
        project,
        model="claude-sonnet-4-6",
        user_context={"user_name": "Ada", "expertise": "new to this code"},
        env=env,
    )
    session.update_work(phase="implementation", pending_step="Write the schema")
    session.update_work(pending_step="Test the endpoint", decision="Tokens are signed with RS256.")
    session.update_work(completed_step="schema", issue="The clock skew is not handled.")
    session.update_usage(152_000)
    plan = session.prepare_for_clear()

    # Later, in another process:
    again = Session.load(project, env=env)
    print("Level:", again.level)
    print("Next:", again.work["next_step"])
    print("Checkpoint saved:", plan["checkpoint"] in again.checkpoints)
    for line in again.resumption_context("clear").splitlines()[1:]:
        print(line)

    again.resolve("clock skew")
    print("Sessions:", len(Session.list(project, env=env)), "issues:", again.work["issues"])

PRINTS = """
Level: warning
Next: Test the endpoint
Checkpoint saved: True
Decided, newest first:
- Tokens are signed with RS256.
Steps: 1 of 2 done.
Open steps:
- Test the endpoint
Done, newest first:
- Write the schema
Open issues:
- The clock skew is not handled.
The user is Ada. Expertise: new to this code.
Sessions: 1 issues: []
"""
