"""INTERIM stand-in by the lead, to be replaced whole by the real module."""

from __future__ import annotations


def new_pending():
    return {"chars": 0}


def new_learner():
    return {}


def collect(pending, entry):
    if entry.get("type") == "attachment":
        for r in entry.get("rendered") or ():
            if isinstance(r, dict):
                pending["chars"] += len(r.get("content") or "")
        return
    c = (entry.get("message") or {}).get("content")
    if isinstance(c, str):
        pending["chars"] += len(c)
        return
    for b in c or ():
        t = b.get("text") or b.get("content") or ""
        pending["chars"] += (
            len(t) if isinstance(t, str) else sum(len(x.get("text") or "") for x in t)
        )


def collect_response(pending, entry):
    pass


def output_of(learner, model, pending, output):
    return output


def estimate(learner, model, pending):
    return pending["chars"] * 10 // 33


def estimate_prompt(learner, model, prompt):
    return len(prompt) * 10 // 33


def learn(learner, model, pending, added):
    pass
