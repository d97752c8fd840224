"""A budget of 200,000 tokens with callbacks at its levels."""

from clearpoint import Budget

budget = Budget(thresholds={"monitor": 50})  # warning 75, critical 85 and emergency 95 stay

budget.on("monitor", lambda b: print(f"{b.percent:g}% in use, {b.available:,} tokens left"))
budget.on("warning", lambda b: print(f"{b.level}: {b.suggestions[0]}"))

for used in (40_000, 110_000, 151_000):
    print(f"{used:,} tokens: {budget.update(used)}")

print("Reserved for the system:", budget.allocation["system"])

PRINTS = """
40,000 tokens: normal
55% in use, 90,000 tokens left
110,000 tokens: monitor
warning: /clear at the next natural break; your work state carries over
151,000 tokens: warning
Reserved for the system: {'claude_md': 8000, 'commands': 4000, 'skills': 3000}
"""
