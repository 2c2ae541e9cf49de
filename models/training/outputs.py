"""The outputs of the checkpoint, in the order of its classifier, and which corpus annotates which."""

# PTC's names (SemEval-2020 Task 11, 14 techniques) to ours.
DEVICES = {
    "Loaded_Language": "loaded-language",
    "Name_Calling,Labeling": "name-calling",
    "Repetition": "repetition",
    "Exaggeration,Minimisation": "exaggeration-minimisation",
    "Doubt": "doubt",
    "Appeal_to_fear-prejudice": "appeal-to-fear",
    "Flag-Waving": "flag-waving",
    "Causal_Oversimplification": "causal-oversimplification",
    "Slogans": "slogan",
    "Appeal_to_Authority": "appeal-to-authority",
    "Black-and-White_Fallacy": "false-dilemma",
    "Thought-terminating_Cliches": "thought-terminating-cliche",
    "Whataboutism,Straw_Men,Red_Herring": "diversion",
    "Bandwagon,Reductio_ad_hitlerum": "association",
}
# PolNeAR's names (Newell, Margolin and Ruths, LREC 2018) to ours.
ATTRIBUTION = {"Source": "source", "Cue": "cue", "Content": "content"}

FRAMING = [*DEVICES.values(), "any-device"]
OUTPUTS = [*FRAMING, "attributed", *ATTRIBUTION.values()]
SENTENCE_OUTPUTS = [*FRAMING, "attributed"]
TOKEN_OUTPUTS = [*FRAMING, *ATTRIBUTION.values()]

# What each corpus annotates; the loss of every other output is masked on its sentences.
ANNOTATES = {
    "ptc": {"sentence": FRAMING, "token": FRAMING},
    "polnear": {"sentence": ["attributed"], "token": list(ATTRIBUTION.values())},
}
