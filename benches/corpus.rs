//! How close `rhetor score` comes to the bare forward pass on a corpus, and what a resumed
//! run costs: `cargo bench --bench corpus -- news.jsonl 1000` for its first 1,000 documents.
//!
//! Three rounds of each in turn, since machines are shared and noisy. The forward pass gets
//! the tokens of every sentence that is scored, cut before, one sentence at a time on as many
//! threads; the run reads, cuts, scores, finds and writes Parquet.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use rhetor::analyze::Options;
use rhetor::backend::rten::Rten;
use rhetor::backend::{Architecture, Backend, Engine, Head, Network};
use rhetor::batch::{self, Existing, Format, Manifest, Plan, RunFolder, Shape, Tally};
use rhetor::ingest::{ingest, language};
use rhetor::model::Model;
use rhetor::records::{self, Records};
use rhetor::segment;
use rhetor::tokenize::Tokenizer;

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/rhetor-minilm-v5");
const ROUNDS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|a| a != "--bench").collect();
    let [_, corpus, count] = arguments.as_slice() else {
        println!("left out: cargo bench --bench corpus -- news.jsonl 1000");
        return;
    };
    let count: usize = count.parse().expect("the second argument is a number");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let corpus = first(Path::new(corpus), count, folder.path()).expect("the corpus can be read");
    let options = Options::default();
    let threads = options.threads.get();
    let model = Arc::new(Model::load(MODEL.as_ref(), Engine::Rten, None).expect("it is tested"));
    let sentences = sentences(&corpus);
    let tokens: usize = sentences.iter().map(Vec::len).sum();
    println!(
        "{count} documents, {} sentences, {tokens} tokens, {threads} threads",
        sentences.len()
    );

    let per_second = |seconds: f64| to_f64(tokens) / seconds;
    for round in 0..ROUNDS {
        let begun = Instant::now();
        forward(&sentences, threads);
        let forward = begun.elapsed().as_secs_f64();
        let run = folder.path().join(format!("run-{round}"));
        let begun = Instant::now();
        let tally = score(&corpus, &run, &model, &options, Existing::Refuse);
        let scored = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let any_processor = false;
        let again = Existing::Resume { any_processor };
        assert_eq!(tally, score(&corpus, &run, &model, &options, again));
        let resumed = begun.elapsed().as_secs_f64();
        println!(
            "forward pass {:.0} tokens/s; score {:.0} tokens/s, {:.1} documents/s, {:.1} % of the \
             forward pass; resuming what is done {:.2} s, {:.2} % of the run",
            per_second(forward),
            per_second(scored),
            to_f64(count) / scored,
            100.0 * forward / scored,
            resumed,
            100.0 * resumed / scored
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "for a rate")]
fn to_f64(count: usize) -> f64 {
    count as f64
}

/// The first lines of a file as a file of their own.
fn first(corpus: &Path, count: usize, folder: &Path) -> io::Result<std::path::PathBuf> {
    let path = folder.join("corpus.jsonl");
    let mut out = fs::File::create(&path)?;
    for line in BufReader::new(fs::File::open(corpus)?).lines().take(count) {
        writeln!(out, "{}", line?)?;
    }
    Ok(path)
}

fn read(corpus: &Path) -> Records {
    Records::open(&[corpus.to_owned()], records::Options::default()).expect("it is there")
}

/// The tokens of every sentence that is scored.
fn sentences(corpus: &Path) -> Vec<Vec<u32>> {
    let json = fs::read(format!("{MODEL}/tokenizer.json")).expect("part of the model");
    let tokenizer = Tokenizer::from_json(&json, 512).expect("it is tested");
    let mut sentences = Vec::new();
    for record in read(corpus).filter_map(Result::ok) {
        let document = ingest(record.source, record.format, true);
        // What is refused is not scored.
        if !["eng", "und"].contains(&language::detect(&document.text).code()) {
            continue;
        }
        for sentence in segment::sentences(&document) {
            let text = sentence.span.of(&document.text);
            if sentence.role.scored() && text.contains(char::is_alphanumeric) {
                let windows = tokenizer.encode(text).expect("it is tested").windows;
                sentences.extend(windows.into_iter().map(|window| window.ids));
            }
        }
    }
    sentences
}

fn forward(sentences: &[Vec<u32>], threads: usize) {
    let onnx = fs::read(format!("{MODEL}/model.onnx")).expect("part of the model");
    let config = fs::read(format!("{MODEL}/config.json")).expect("part of the model");
    let config: serde_json::Value = serde_json::from_slice(&config).expect("it is tested");
    let network = Network {
        architecture: Architecture::Bert,
        head: Head::Token,
        outputs: config["id2label"]
            .as_object()
            .map_or(0, serde_json::Map::len),
        positions: 512,
    };
    let engine = Rten::from_bytes(onnx, network).expect("the model is tested");
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut worker = engine.worker();
                while let Some(ids) = sentences.get(next.fetch_add(1, Ordering::Relaxed)) {
                    worker.logits(ids).expect("the model is tested");
                }
            });
        }
    });
}

fn score(
    corpus: &Path,
    run: &Path,
    model: &Arc<Model>,
    options: &Options,
    existing: Existing,
) -> Tally {
    let shape = Shape::new(model, &options.selection, Vec::new(), true);
    let manifest = Manifest::new(model, &shape, BTreeMap::new(), None, Vec::new());
    let folder = RunFolder::open(run, manifest, existing).expect("the folder can be written");
    let plan = Plan {
        format: Format::Parquet,
        part_size: 1_000,
        shape,
        keep_duplicates: false,
        roles: true,
        options: options.clone(),
    };
    batch::run(read(corpus), model, &plan, folder, |_| {}).expect("the folder can be written")
}
