"""News articles without labels as gold for `rhetor corpus`, which cuts them into sentences:
python unlabelled.py ARTICLES.jsonl.xz. `data.news` then takes nothing as annotated."""

import json
import lzma
import sys

for line in lzma.open(sys.argv[1], "rt", encoding="utf-8"):
    # Gold has to say what was looked for.
    print(json.dumps({"text": json.loads(line)["text"], "spans": [], "token": ["doubt"]}))
