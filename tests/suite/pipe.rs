//! `rhetor pipe` as an engine runs it: one line for one line, in order, at once.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

const TEXT: &str = "The greedy council of Karsa has betrayed the port, said Mira Tolland. ";

fn command(flags: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rhetor"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["pipe", "--model", "models/rhetor-minilm-v5"])
        .args(flags)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What the command answers to all of the input at once.
fn answers(flags: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = command(flags).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    output.stdout
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Documents of very different lengths, so that they are not done in order.
fn corpus(count: usize) -> Vec<u8> {
    let lines = (0..count).map(|at| {
        let text = TEXT.repeat(if at % 7 == 0 { 30 } else { 1 + at % 3 });
        format!("{}\n", json!({"id": at, "text": text}))
    });
    lines.collect::<Vec<_>>().concat().into_bytes()
}

#[test]
fn every_line_is_answered_in_order_whatever_the_threads() {
    let corpus = corpus(60);
    let one = answers(&["--threads", "1"], &corpus);
    for threads in ["2", "5"] {
        assert!(answers(&["--threads", threads], &corpus) == one);
    }
    let reports = lines(&one);
    assert_eq!(reports.len(), 60);
    for (at, report) in reports.iter().enumerate() {
        assert_eq!(report["document"]["id"], at.to_string());
        assert!(report["sentences"][0]["probabilities"].is_object());
    }
}

#[test]
fn what_is_no_document_is_answered_too() {
    let input = [
        &b"\xef\xbb\xbf{\"id\": \"a\", \"text\": \"The port is shut.\"}\r\n"[..],
        b"\n",
        b"{\"id\": \"c\", \"text\": nul\n",
        b"{\"id\": \"d\", \"body\": \"x\"}\n",
        b"{\"id\": \"e\", \"text\": null}\n",
        b"{\"id\": \"f\", \"text\": \"caf\xe9\"}\n",
        &[
            b"{\"id\": \"g\", \"text\": \"",
            &b"a"[..].repeat(600)[..],
            b"\"}\n",
        ]
        .concat(),
        b"{\"id\": \"h\", \"text\": \"The port is shut.\"}",
    ]
    .concat();
    let answered = lines(&answers(&["--max-bytes", "500"], &input));
    let shown: Vec<(&str, &str)> = answered
        .iter()
        .map(|answer| {
            let id = answer["document"]["id"].as_str().unwrap_or_default();
            (id, answer["error"]["message"].as_str().unwrap_or_default())
        })
        .collect();
    let expected = [
        ("a", ""),
        ("", "no JSON: the line is empty"),
        ("", "no JSON: EOF while parsing"),
        ("d", "there is no text field `text`; there are: id, body"),
        ("e", "`text` is null"),
        ("", "not UTF-8: byte 0xE9"),
        ("", "the line is larger than 500 bytes"),
        ("h", ""),
    ];
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (found, (id, message)) in shown.iter().zip(expected) {
        assert_eq!(found.0, id, "{found:?}");
        assert!(found.1.starts_with(message), "{found:?}");
        assert_eq!(found.1.is_empty(), message.is_empty(), "{found:?}");
    }
    assert!(answers(&[], b"").is_empty());
}

#[test]
fn every_answer_validates_against_the_schema() {
    let schema = serde_json::to_value(rhetor::report::wire::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let input = [&corpus(2)[..], b"{}\n"].concat();
    let answers = lines(&answers(&[], &input));
    assert_eq!(answers.len(), 3);
    for answer in answers {
        let errors: Vec<_> = validator.iter_errors(&answer).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_flags_of_analyze_are_those_of_the_pipe() {
    let input = json!({"key": "k1", "body": format!("# A title\n\n{TEXT}")});
    let flags = [
        "--text-field", "body", "--id-field", "key", "--roles", "off",
    ];
    let more = [
        "--select",
        "loaded-language",
        "--threshold",
        "loaded-language=0",
    ];
    let answer = &lines(&answers(
        &[&flags[..], &more].concat(),
        input.to_string().as_bytes(),
    ))[0];
    assert_eq!(answer["document"]["id"], "k1");
    assert_eq!(answer["sentences"][0]["role"], "body");
    let labels = answer["summary"]["labels"].as_object().unwrap();
    assert_eq!(labels.keys().collect::<Vec<_>>(), ["loaded-language"]);
}

/// A client that sends a line and waits for its answer.
struct Client {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Client {
    fn new(flags: &[&str]) -> Self {
        let mut child = command(flags).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self {
            child,
            stdin,
            stdout: BufReader::new(stdout),
        }
    }

    fn send(&mut self, id: &str, text: &str) {
        writeln!(self.stdin, "{}", json!({"id": id, "text": text})).unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

#[test]
fn whoever_sends_a_line_and_waits_gets_the_answer() {
    for threads in ["1", "3"] {
        let mut client = Client::new(&["--threads", threads]);
        for id in ["a", "b"] {
            client.send(id, TEXT);
            assert_eq!(client.receive()["document"]["id"], id);
        }
        // A long one, and short ones that are done before it.
        client.send("long", &TEXT.repeat(40));
        client.send("short", TEXT);
        client.send("empty", "");
        for id in ["long", "short", "empty"] {
            assert_eq!(client.receive()["document"]["id"], id);
        }
        drop(client.stdin);
        assert!(client.child.wait().unwrap().success());
    }
}

#[test]
fn a_closed_output_ends_it_though_the_input_stays_open() {
    let mut client = Client::new(&[]);
    client.send("a", TEXT);
    client.receive();
    drop(client.stdout);
    client.stdin.write_all(&corpus(1)).unwrap();
    assert!(client.child.wait().unwrap().success());
}

/// With nobody to read the answers, only so much of the input is taken in.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_does_not_read_makes_it_wait() {
    let mut client = Client::new(&["--threads", "2"]);
    let row = json!({"text": TEXT.repeat(8), "unused": "x".repeat(140_000)});
    let line = format!("{row}\n");
    let mut stdin = client.stdin;
    let (sent, sending) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for _ in 0..200 {
            if stdin.write_all(line.as_bytes()).is_err() {
                return;
            }
            sent.send(()).unwrap();
        }
    });
    // The first answer is there, larger than a pipe holds: nothing more is written.
    let mut byte = [0];
    std::io::Read::read_exact(&mut client.stdout, &mut byte).unwrap();
    let stopped = || {
        sending
            .recv_timeout(std::time::Duration::from_secs(20))
            .is_err()
    };
    let mut taken = 0;
    while !stopped() {
        taken += 1;
    }
    assert!(taken < 60, "{taken} lines of 140 kB were taken in");
    client.child.kill().unwrap();
    client.child.wait().unwrap();
}
