"""The outputs of the checkpoint, in the order of its classifier.

Which corpus annotates which is said by the corpus itself: `rhetor corpus` writes the
outputs that were annotated into every sentence and document.
"""

DEVICES = [
    "loaded-language",
    "name-calling",
    "repetition",
    "exaggeration-minimisation",
    "doubt",
    "appeal-to-fear",
    "flag-waving",
    "causal-oversimplification",
    "slogan",
    "appeal-to-authority",
    "false-dilemma",
    "thought-terminating-cliche",
    "diversion",
    "association",
]
FRAMING = [*DEVICES, "any-device"]
ATTRIBUTION = ["source", "cue", "content"]

SENTENCE_OUTPUTS = [*FRAMING, "attributed", "weasel", "check-worthy", "subjective", "biased"]
TOKEN_OUTPUTS = [*FRAMING, *ATTRIBUTION, "biased"]
OUTPUTS = [*SENTENCE_OUTPUTS, *ATTRIBUTION]
COLUMN = {name: i for i, name in enumerate(OUTPUTS)}

# Who teaches which outputs: a run of `train.py` on the corpora that annotate them.
TEACHERS = {
    "framing": FRAMING,
    "attribution": ["attributed", *ATTRIBUTION],
    "weasel": ["weasel"],
    "check-worthy": ["check-worthy"],
    "opinion": ["subjective", "biased"],
}
