"""What a model's name tells about how it counts. Pure.

Models up to 4.6 share one tokenizer, about 1.15 times cl100k_base. Four newer ones (Opus 4.7 and 5,
Sonnet 5, Fable 5) were seen to count 1.26 to 1.30 times as much as those for what real sessions
add. Where a name tells no version, something between is the first guess.
"""

from __future__ import annotations

from clearpoint.client.model_ids import version_of

FAMILIES = {"early": (1.0, 0.2, 1.0), "late": (1.27, 0.25, 1.3), "unknown": (1.2, 0.3, 2.0)}
"""Scale against models up to 4.6, spread of the scale, and factor on every other spread."""
LAST_EARLY = (4, 6)


def family_of(model: str) -> str:
    """The family of models that count alike."""
    version = version_of(model)
    if version is None:
        return "unknown"
    return "early" if version <= LAST_EARLY else "late"


def drops_thinking(model: str) -> bool:
    """Whether earlier turns' thinking leaves the context: before Opus 4.5 and Sonnet 4.6."""
    version = version_of(model)
    return version is not None and version < ((4, 5) if "opus" in model else (4, 6))
