"""Whether a source may fit a step that prepares data: most do not, and need no other look."""

from __future__ import annotations

from mlscaffold.lazy import regex

FITS_SOMETHING = regex(rb"\.fit(?:_transform|_resample|_sample)?\(")
STEPS = regex(
    rb"Scaler|Transformer|Imputer|Encoder|Vectorizer|PCA|TruncatedSVD|Select|RFE|VarianceThreshold|KBins"
    rb"|FastICA|NMF|SMOTE|ADASYN|Sampler|TomekLinks"
)
"""A part of every name of such a step: a source without any makes no step itself."""


def fits_steps(raw: bytes) -> bool:
    """A cheap first look: most sources that fit something fit a model, and need no other look."""
    return FITS_SOMETHING.search(raw) is not None and STEPS.search(raw) is not None
