//! Models of the Hugging Face hub: from its cache, and, with the feature `hub`, from a server.

use std::path::Path;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use predicates::str::contains;

use crate::at_root;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const CHECKPOINT: &str = "tests/fixtures/engines/distilbert-sequence";
const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.onnx"];

/// The report, in JSON, of a model of the hub on one sentence.
fn analyze(name: &str, cache: &Path) -> Command {
    let mut command = cargo_bin_cmd!("rhetor");
    command
        .args(["analyze", "-", "--format", "json", "--label-map", "babe"])
        .args(["--model", name])
        .env("HF_HUB_CACHE", cache)
        // Nobody answers here.
        .env("HF_ENDPOINT", "http://127.0.0.1:9")
        .env_remove("HF_TOKEN")
        .write_stdin("The council has shamefully betrayed the whole harbour.");
    command
}

#[test]
fn a_model_is_taken_from_the_cache() {
    let cache = tempfile::tempdir().unwrap();
    let repository = cache.path().join("models--invented--velda-bias");
    let snapshot = repository.join("snapshots").join(COMMIT);
    std::fs::create_dir_all(&snapshot).unwrap();
    std::fs::create_dir_all(repository.join("refs")).unwrap();
    std::fs::write(repository.join("refs/main"), COMMIT).unwrap();
    for file in FILES {
        std::fs::copy(at_root(CHECKPOINT).join(file), snapshot.join(file)).unwrap();
    }
    for name in [
        "hf:invented/velda-bias",
        &format!("hf:invented/velda-bias@{COMMIT}"),
    ] {
        analyze(name, cache.path())
            .assert()
            .success()
            .stdout(contains(format!("\"name\": \"{}\"", &name[3..])));
    }
}

#[test]
fn what_is_not_there_is_refused_with_the_way_to_get_it() {
    let cache = tempfile::tempdir().unwrap();
    let remedy = if cfg!(feature = "hub") {
        "cannot be fetched"
    } else {
        "fetch it with `hf download invented/velda-bias`"
    };
    analyze("hf:invented/velda-bias", cache.path())
        .assert()
        .code(2)
        .stderr(contains(cache.path().to_str().unwrap()))
        .stderr(contains(remedy));
    analyze("hf:velda-bias", cache.path())
        .assert()
        .code(2)
        .stderr(contains("is named owner/name"));
}

#[cfg(feature = "hub")]
mod server {
    use std::io::{BufRead, BufReader, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};

    use predicates::prelude::*;

    use super::*;

    /// Answers as the hub does: what there is of a model, and its files in parts. Returns
    /// its address and the paths that were asked for.
    fn serve() -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let path = answer(stream.unwrap());
                log.lock().unwrap().push(path);
            }
        });
        (address, asked)
    }

    fn answer(mut stream: TcpStream) -> String {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let request = lines.next().unwrap().unwrap();
        let path = request.split(' ').nth(1).unwrap().to_owned();
        let mut from = 0;
        let mut to = None;
        for line in lines
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
        {
            if let Some((_, range)) = line.to_lowercase().split_once("range: bytes=") {
                let (start, end) = range.split_once('-').unwrap();
                (from, to) = (start.parse().unwrap(), end.parse::<usize>().ok());
            }
        }
        let file = path.strip_prefix("/invented/velda-bias/resolve/main/");
        let (status, body) = match (path.as_str(), file) {
            ("/api/models/invented/velda-bias/revision/main", _) => {
                let files = FILES.map(|file| format!("{{\"rfilename\": \"{file}\"}}"));
                let siblings = files.join(", ");
                let info = format!("{{\"sha\": \"{COMMIT}\", \"siblings\": [{siblings}]}}");
                (200, info.into_bytes())
            }
            (_, Some(file)) => (206, std::fs::read(at_root(CHECKPOINT).join(file)).unwrap()),
            _ => (404, Vec::new()),
        };
        let end = to.map_or(body.len(), |to| to + 1).min(body.len());
        let part = &body[from.min(end)..end];
        write!(
            stream,
            "HTTP/1.1 {status} _\r\ncontent-length: {}\r\ncontent-range: bytes {from}-{}/{}\r\n\
             x-repo-commit: {COMMIT}\r\netag: \"{}\"\r\nconnection: close\r\n\r\n",
            part.len(),
            end.saturating_sub(1),
            body.len(),
            path.len(),
        )
        .unwrap();
        stream.write_all(part).unwrap();
        path
    }

    #[test]
    fn a_model_is_fetched_once() {
        let (address, asked) = serve();
        let cache = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            analyze("hf:invented/velda-bias", cache.path())
                .env("HF_ENDPOINT", &address)
                .assert()
                .success()
                .stdout(contains("other:biased").or(contains("\"biased\"")));
        }
        let asked = asked.lock().unwrap();
        let resolved = |file: &str| asked.iter().filter(|path| path.ends_with(file)).count();
        // What there is and how long, then the file itself; nothing on the second run.
        assert!(FILES.iter().all(|file| resolved(file) == 2), "{asked:?}");
        assert!(asked.last().unwrap().ends_with("config.json"), "{asked:?}");
    }

    #[test]
    fn a_model_that_the_server_lacks_is_named() {
        let (address, _) = serve();
        let cache = tempfile::tempdir().unwrap();
        analyze("hf:invented/other", cache.path())
            .env("HF_ENDPOINT", &address)
            .assert()
            .code(2)
            .stderr(contains("hf:invented/other").and(contains("404")));
    }
}
