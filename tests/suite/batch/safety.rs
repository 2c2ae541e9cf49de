//! Runs that are killed, interrupted, out of room, or not alone.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{assert_same, fail, folder, json, rhetor, score, stderr, succeed};
use crate::at_root;

#[test]
fn a_run_does_not_depend_on_threads_and_is_resumed_after_any_kill() {
    let folder = folder();
    let whole = folder.path().join("whole");
    succeed(&mut score(&whole, &["--threads", "1"]));
    let other = folder.path().join("other");
    succeed(&mut score(&other, &["--threads", "3"]));
    assert_same(&whole, &other);

    let seed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    let mut random = u64::try_from(seed % u128::from(u64::MAX)).unwrap();
    let killed = folder.path().join("killed");
    let mut kills = 0;
    loop {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let mut child = score(&killed, &["--resume"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Later each time, so that it comes to an end.
        thread::sleep(Duration::from_millis(kills * 40 + random % 300));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "seed {seed}");
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(kills > 0, "seed {seed}: nothing was killed");
    assert_same(&whole, &killed);
}

#[test]
fn what_an_interruption_leaves_is_thrown_away() {
    let folder = folder();
    let whole = folder.path().join("whole");
    succeed(&mut score(&whole, &[]));
    let torn = folder.path().join("torn");
    succeed(&mut score(&torn, &[]));
    // As if it had stopped while the third part was committed.
    let log = fs::read_to_string(torn.join("parts.jsonl")).unwrap();
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    assert!(lines.len() > 3);
    fs::write(
        torn.join("parts.jsonl"),
        [lines[0], lines[1], &lines[2][..40]].concat(),
    )
    .unwrap();
    let mut manifest = json(&torn.join("manifest.json"));
    manifest["status"] = "running".into();
    fs::write(torn.join("manifest.json"), manifest.to_string()).unwrap();
    fs::write(torn.join("findings/.part-00003.parquet.partial"), "PAR1").unwrap();
    fs::write(torn.join("seen.idx"), "stale").unwrap();

    let message = fail(&mut score(&torn, &[]), 2);
    assert!(
        message.contains("there is a run in it already; --resume continues it"),
        "{message}"
    );
    let output = succeed(&mut score(&torn, &["--resume"]));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let records = summary["totals"]["records"].as_u64().unwrap();
    assert_eq!(summary["scored_now"], records - 6);
    assert_same(&whole, &torn);

    // Of a complete run nothing is scored again.
    let output = succeed(&mut score(&torn, &["--resume"]));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&summary["scored_now"], &summary["totals"]["records"]),
        (&0.into(), &records.into())
    );
    assert_same(&whole, &torn);
}

/// A run that waits for its input.
fn waiting(run: &Path) -> Command {
    let mut command = rhetor("score");
    command
        .args(["-", "--input-format", "jsonl", "--output"])
        .arg(run)
        .stdin(Stdio::piped());
    command
}

#[test]
fn one_process_at_a_time_works_in_a_folder() {
    let folder = folder();
    let run = folder.path().join("run");
    let mut first = waiting(&run).stdout(Stdio::null()).spawn().unwrap();
    while !run.join("manifest.json").exists() {
        assert!(first.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    for flags in [&[][..], &["--resume"]] {
        let found = fail(&mut score(&run, flags), 2);
        let expected = format!("process {} is working in this folder", first.id());
        assert!(found.contains(&expected), "{found}");
    }
    // The dead hold no lock.
    first.kill().unwrap();
    first.wait().unwrap();
    let found = fail(&mut score(&run, &[]), 2);
    assert!(found.contains("--resume continues it"), "{found}");
}

#[cfg(unix)]
#[test]
fn an_interruption_ends_at_once_and_says_how_to_go_on() {
    for signal in ["INT", "TERM"] {
        let folder = folder();
        let run = folder.path().join("run");
        let child = waiting(&run).stderr(Stdio::piped()).spawn().unwrap();
        while !run.join("seen.idx").exists() {
            thread::sleep(Duration::from_millis(5));
        }
        let pid = child.id().to_string();
        succeed(Command::new("kill").args(["-s", signal, &pid]));
        // Its input is still open.
        let mut child = child;
        let input = child.stdin.take();
        let output = child.wait_with_output().unwrap();
        drop(input);
        assert_eq!(output.status.code(), Some(130));
        assert!(stderr(&output).contains("run the same command again with --resume"));
    }
}

/// Runs a shell script that mounts file systems, in a mount namespace of its own. Where that
/// is not allowed the test is left out, unless `RHETOR_NAMESPACES` is set, as in `.ci/run`.
#[cfg(target_os = "linux")]
fn in_namespace(script: &str, arguments: &[&Path]) -> Option<Output> {
    let mut command = Command::new("unshare");
    let allowed = Command::new("unshare").args(["-rm", "true"]).status();
    if !allowed.is_ok_and(|status| status.success()) {
        assert!(
            std::env::var_os("RHETOR_NAMESPACES").is_none(),
            "`unshare -rm` does not work here"
        );
        let _ = writeln!(
            std::io::stderr(),
            "left out, as `unshare -rm` does not work: a full disk"
        );
        return None;
    }
    command
        .args(["-rm", "sh", "-ec", script, "sh"])
        .args(arguments);
    Some(command.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_run_and_loses_nothing() {
    let folder = folder();
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let (whole, resumed) = (folder.path().join("whole"), folder.path().join("resumed"));
    let flags = [
        "--format", "jsonl", "--select", "doubt,slogan", "--part-size", "1",
    ];
    let score = |run: &Path| {
        let mut command = rhetor("score");
        command
            .args(["corpora/articles", "--output"])
            .arg(run)
            .args(flags);
        command
    };
    succeed(&mut score(&whole));
    let rhetor = assert_cmd::cargo::cargo_bin!("rhetor");
    let script = format!(
        r#"mount -t tmpfs -o size=64k tmpfs "$1"
        cd {}
        score() {{
            "$2" score --model models/rhetor-minilm-v5 --quiet corpora/articles \
                --output "$1/run" {} $3
        }}
        set +e
        score "$1" "$2"; echo "first: $?"
        score "$1" "$2" --resume; echo "still full: $?"
        wc -l < "$1/run/parts.jsonl"
        mount -o remount,size=16m "$1"
        score "$1" "$2" --resume; echo "with room: $?"
        cp -r "$1/run" "$3""#,
        at_root(".").display(),
        flags.join(" "),
    );
    let Some(output) = in_namespace(&script, &[&disk, rhetor, &resumed]) else {
        return;
    };
    let stdout = String::from_utf8_lossy(&output.stdout);
    let told = format!("{stdout}\n{}", stderr(&output));
    for line in ["first: 2", "still full: 2", "with room: 0"] {
        assert!(stdout.contains(line), "{told}");
    }
    assert!(stderr(&output).contains("the disk is full"), "{told}");
    assert!(stderr(&output).contains("again with --resume"), "{told}");
    assert_same(&whole, &resumed);
}
