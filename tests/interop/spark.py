"""`rhetor pipe` under Spark: `RDD.pipe` on a cluster of two executors on this machine.

    python tests/interop/spark.py RHETOR

Scores a corpus of ours in one process, then on the cluster: undisturbed, with an executor
killed in the middle, and with a `rhetor pipe` killed in the middle. Each must give the rows
of the one process, none lost and none twice. Needs Java 17.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyspark
from pyspark import SparkConf, SparkContext

ROOT = Path(__file__).resolve().parents[2]
RHETOR = Path(sys.argv[1]).resolve()
COMMAND = [str(RHETOR), "pipe", "--model", str(ROOT / "models/rhetor-minilm-v5"), "--threads", "1"]
PARTITIONS = 12
DOCUMENTS = 480
TEXT = (
    "The greedy council of Karsa has betrayed harbour {0}, said Mira Tolland. "
    "“Traitors must go,” she added — every one of them. "
    "More than {0} boats were lost in Velda. Nobody will say who gave the order. "
)


def corpus() -> list[str]:
    """JSON lines; some are no documents, and must be answered all the same."""
    lines = []
    for number in range(DOCUMENTS):
        row = {"id": f"d{number}", "text": TEXT.format(number) * (1 + number % 4)}
        if number % 97 == 5:
            row["text"] = None
        lines.append(json.dumps(row, ensure_ascii=number % 2 == 0))
    lines[50] = '{"id": "cut o'
    return lines


def one_process(lines: list[str]) -> list[str]:
    done = subprocess.run(
        COMMAND, input="\n".join(lines).encode(), stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode().splitlines()


def descendants() -> dict[int, str]:
    """The processes that this one started, however far down, with their command lines."""
    parents, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # it has ended
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
            commands[int(entry.name)] = command
    found = {os.getpid()}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return {pid: commands[pid] for pid in found}
        found |= more


def kill_one(what: str, context: SparkContext, done: threading.Event) -> None:
    """Kills one process of this name when some tasks are done and some are not."""
    tracker = context.statusTracker()
    while not done.is_set():
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        running = [stage for stage in stages if stage and 2 <= stage.numCompletedTasks]
        victims = [pid for pid, command in descendants().items() if what in command]
        if running and victims:
            os.kill(victims[0], signal.SIGKILL)
            print(f"killed {victims[0]} after {running[0].numCompletedTasks} of {PARTITIONS} tasks")
            return
        time.sleep(0.01)


def on_spark(context: SparkContext, lines: list[str], kill: str | None) -> list[str]:
    rows = context.parallelize(lines, PARTITIONS).pipe(shlex.join(COMMAND), checkCode=True)
    done = threading.Event()
    group = f"kill {kill}"
    context.setJobGroup(group, group)
    killer = threading.Thread(target=kill_one, args=(kill, context, done)) if kill else None
    if killer:
        killer.start()
    try:
        found = rows.collect()
    finally:
        done.set()
    tracker = context.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    stages = [tracker.getStageInfo(stage) for job in jobs for stage in job.stageIds]
    failed = sum(stage.numFailedTasks for stage in stages)
    print(f"killed: {kill}; tasks that failed and were done again: {failed}")
    if killer:
        killer.join()
        assert failed > 0, "nothing was killed in the middle"
    else:
        assert failed == 0
    return found


def cluster() -> SparkContext:
    os.environ["SPARK_HOME"] = os.path.dirname(pyspark.__file__)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "512m",
        "spark.ui.enabled": "false",
    }
    conf = SparkConf().setMaster("local-cluster[2,1,1024]").setAppName("rhetor")
    context = SparkContext(conf=conf.setAll(settings.items()))
    context.setLogLevel("ERROR")
    return context


def main() -> None:
    lines = corpus()
    expected = one_process(lines)
    assert len(expected) == len(lines)
    for line, answer in zip(lines, expected):
        row, answer = (json.loads(line) if line.endswith("}") else {}), json.loads(answer)
        assert answer["document"].get("id") == row.get("id")
        assert ("error" in answer) == (row.get("text") is None)
    context = cluster()
    try:
        for kill in [None, "CoarseGrainedExecutorBackend", f"{RHETOR} pipe"]:
            found = on_spark(context, lines, kill)
            assert found == expected, kill
    finally:
        context.stop()
    print(f"{len(expected)} rows, the same in each run")


main()
