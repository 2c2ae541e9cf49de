//! What shells, `man` and terminals get: completions, pages, a pager, links.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::{cargo_bin, cargo_bin_cmd};

use crate::at_root;

const COMMANDS: [&str; 12] = [
    "analyze", "score", "baseline", "config", "merge", "summary", "pipe", "labels", "explain",
    "schema", "corpus", "evaluate",
];

fn stdout(args: &[&str]) -> String {
    let run = cargo_bin_cmd!("rhetor").args(args).assert().success();
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

#[test]
fn bash_completes_commands_flags_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("rhetor.bash");
    fs::write(&script, stdout(&["completions", "bash"])).unwrap();
    let complete = |words: &str| {
        let count = words.split(' ').count() - 1;
        let code = format!(
            "source {}; COMP_WORDS=({words}); [[ '{words}' == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD={count}; \
             _rhetor rhetor \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let run = Command::new("bash")
            .args(["--norc", "-c", &code])
            .output()
            .unwrap();
        assert!(run.status.success() && run.stderr.is_empty(), "{run:?}");
        String::from_utf8(run.stdout).unwrap()
    };
    let commands = complete("rhetor ");
    for command in COMMANDS {
        assert!(commands.contains(command), "{command}: {commands}");
    }
    assert_eq!(complete("rhetor ana").trim(), "analyze");
    assert_eq!(complete("rhetor analyze --fail").trim(), "--fail-on");
    assert_eq!(complete("rhetor analyze --voice au").trim(), "author");
    assert_eq!(complete("rhetor baseline wr").trim(), "write");
}

#[test]
fn other_shells_have_their_completions() {
    for (shell, sign) in [
        ("zsh", "#compdef rhetor"),
        ("fish", "complete -c rhetor"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let script = stdout(&["completions", shell]);
        assert!(
            script.contains(sign) && script.contains("fail-on"),
            "{shell}"
        );
    }
}

#[test]
fn man_pages_of_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let page = stdout(&["man"]);
    assert!(
        page.contains(".TH rhetor 1") && page.contains("rhetor\\-analyze(1)"),
        "{page}"
    );
    let target = folder.path().join("man1");
    stdout(&["man", "--output", target.to_str().unwrap()]);
    for command in COMMANDS {
        let page = fs::read_to_string(target.join(format!("rhetor-{command}.1"))).unwrap();
        assert!(page.contains("DESCRIPTION"), "{command}");
    }
    assert!(
        fs::read_to_string(target.join("rhetor-analyze.1"))
            .unwrap()
            .contains("fail\\-on")
    );
    assert!(target.join("rhetor-baseline-write.1").exists());
}

#[test]
fn every_command_has_a_short_and_a_long_help_with_examples() {
    for command in COMMANDS.iter().chain(&["completions", "man"]) {
        for flag in ["-h", "--help"] {
            let mut args = vec![*command];
            if *command == "baseline" {
                args.push("write");
            }
            args.push(flag);
            let help = stdout(&args);
            assert!(help.contains("Example"), "{args:?}");
        }
    }
    let words = |flag: &str| stdout(&["analyze", flag]).split_whitespace().count();
    assert!(words("-h") + 50 < words("--help"));
}

/// What a command writes to a terminal of so many lines, by `script` of util-linux.
fn at_a_terminal(
    folder: &Path,
    command: &str,
    rows: usize,
    environment: &[(&str, &str)],
) -> Option<String> {
    let line = format!(
        "stty rows {rows} cols 80; {} {command}",
        cargo_bin!("rhetor").display()
    );
    let run = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(folder)
        .env_remove("LESS")
        .env_remove("PAGER")
        .env("TERM", "xterm-256color")
        .env("COLORTERM", "truecolor")
        .env("SHELL", "/bin/bash")
        .envs(environment.iter().copied())
        .stdin(std::process::Stdio::null())
        .output();
    let Ok(run) = run else {
        let left_out = "left out, as there is no `script`: a terminal";
        let _ = writeln!(std::io::stderr(), "{left_out}");
        return None;
    };
    assert!(run.status.success(), "{run:?}");
    Some(String::from_utf8(run.stdout).unwrap())
}

#[test]
fn a_long_report_goes_through_the_pager_and_a_short_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let model = at_root("models/rhetor-minilm-v5");
    fs::copy(
        at_root("corpora/articles/grain-opinion.md"),
        folder.path().join("a.md"),
    )
    .unwrap();
    // A pager that says that it ran, and how much it was given.
    let pager = folder.path().join("pager.sh");
    fs::write(&pager, "#!/bin/sh\nwc -l | sed 's/^/PAGED /'\n").unwrap();
    let pager = format!("sh {}", pager.display());
    let analyze = format!("analyze --model {} a.md", model.display());
    let run = |flags: &str, rows: usize, pager: &str| {
        at_a_terminal(
            folder.path(),
            &format!("{analyze} {flags}"),
            rows,
            &[("RHETOR_PAGER", pager), ("PAGER", "false")],
        )
    };
    let Some(long) = run("", 20, &pager) else {
        return;
    };
    let lines: usize = long
        .trim()
        .strip_prefix("PAGED")
        .unwrap_or_else(|| panic!("{long}"))
        .trim()
        .parse()
        .unwrap();
    assert!(lines > 40, "{long}");
    let shown = |text: Option<String>| {
        let text = text.unwrap();
        assert!(
            !text.contains("PAGED") && text.contains("Summary"),
            "{text}"
        );
        text
    };
    shown(run("", 500, &pager));
    shown(run("--no-pager", 20, &pager));
    shown(run("", 20, ""));
    shown(run("", 20, "cat"));
    shown(run("", 20, "/no/such/pager"));
    shown(run("", 20, "cat -u"));
    // In a pipe there is none.
    let run = cargo_bin_cmd!("rhetor")
        .current_dir(folder.path())
        .args(analyze.split(' '))
        .env("RHETOR_PAGER", "false")
        .assert()
        .success();
    assert!(String::from_utf8_lossy(&run.get_output().stdout).contains("Summary"));
}

#[test]
fn sentence_numbers_link_to_their_lines_at_a_terminal_that_has_links() {
    let folder = tempfile::tempdir().unwrap();
    let model = at_root("models/rhetor-minilm-v5");
    fs::write(
        folder.path().join("a b.md"),
        "# A port\n\nThe port is shut. It opens soon.\n",
    )
    .unwrap();
    let command = format!("analyze --no-pager --model {} 'a b.md'", model.display());
    let Some(linked) = at_a_terminal(folder.path(), &command, 100, &[("FORCE_HYPERLINK", "1")])
    else {
        return;
    };
    let path = folder.path().canonicalize().unwrap();
    let link = format!(
        "\u{1b}]8;;file://{}/a%20b.md#3\u{1b}\\3\u{1b}]8;;\u{1b}\\",
        path.display()
    );
    assert!(linked.contains(&link), "{linked:?}");
    let plain = at_a_terminal(folder.path(), &command, 100, &[("FORCE_HYPERLINK", "0")]).unwrap();
    assert!(!plain.contains("\u{1b}]8"), "{plain:?}");
    for format in ["terminal", "svg", "json"] {
        let run = cargo_bin_cmd!("rhetor")
            .current_dir(folder.path())
            .args([
                "analyze", "--color", "always", "--format", format, "--model",
            ])
            .arg(&model)
            .arg("a b.md")
            .env("FORCE_HYPERLINK", "1")
            .assert()
            .success();
        assert!(
            !String::from_utf8_lossy(&run.get_output().stdout).contains("]8;;"),
            "{format}"
        );
    }
}

/// A long run shows how far it is while it goes on, and leaves the screen clean.
#[test]
fn a_run_shows_its_progress_at_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let model = at_root("models/rhetor-minilm-v5");
    let input = at_root("corpora/articles");
    let score = |flags: &str| {
        let (model, input) = (model.display(), input.display());
        let command = format!("score --model {model} {input} --output run{flags} {flags}");
        at_a_terminal(folder.path(), &command, 40, &[])
    };
    let Some(shown) = score("") else { return };
    let (bar, end) = shown.rsplit_once("\x1b[2K").unwrap();
    for part in [
        "/5 ",
        " documents/s, ",
        " sentences/s, 0 failed, ",
        " left",
        "█",
    ] {
        assert!(bar.contains(part), "{part} in {shown:?}");
    }
    assert!(!bar.contains("\x1b[1A"), "it takes one line: {shown:?}");
    assert!(!end.contains("documents/s,"), "{end:?}");
    assert!(end.contains("\"done\":5"), "{end:?}");
    assert!(!score("--quiet").unwrap().contains("documents/s,"));
}
