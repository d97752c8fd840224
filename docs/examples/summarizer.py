"""A conversation at 60% of its size, and the way back to what was said."""

from clearpoint import summarize

conversation = [
    {"role": "user", "content": "The export takes forty seconds for large shops. Why?"},
    {"role": "assistant", "content": "I read rows.py and export.py. The loop in rows.py asks the "
     "database once for each row. That is 18 ms per row. The cache is not used there at all."},
    {"role": "user", "content": "Let's use one query instead of two."},
    {"role": "assistant", "content": "I looked at the callers as well. Three of them read the "
     "rows again. We decided to keep the reader as it is. The tests pass now, all 14 of them."},
    {"role": "assistant", "content": "Nothing else was found in the logs. They only hold the "
     "usual lines of the night job."},
]  # fmt: skip

summary = summarize(conversation, ratio=0.6)
print(summary)
print(f"{summary.tokens} of {summary.original_tokens} tokens")
print("Original of [4]:", summary.original(4)[:35])

PRINTS = """
[0] User: The export takes forty seconds for large shops. Why?
[1] I read rows.py and export.py.
[2] User: Let's use one query instead of two.
[3] We decided to keep the reader as it is.
[4] Nothing else was found in the logs.
65 of 114 tokens
Original of [4]: Nothing else was found in the logs.
"""
