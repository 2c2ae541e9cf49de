//! How fast each stage is, on three documents of our own: a short one, one as long as a news
//! article, and one as long as a book. `cargo bench`, or `cargo bench news/` for one of them.
//! `cargo bench rules/` is what comes after the model, for 10,000, 100,000 and 1,000,000 words:
//! the time a word should not grow (it takes two minutes to score them first).
//!
//! The machines are shared and noisy: compare within one run. Rates are sentences and bytes
//! of the clean text. `segment/sentencex` is the segmenter that ours is built upon.

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use rhetor::analyze::{self, Options, analyze};
use rhetor::backend::rten::Rten;
use rhetor::backend::{Architecture, Backend, Engine, Head, Network};
use rhetor::decode;
use rhetor::document::Document;
use rhetor::ingest::{InputFormat, ingest};
use rhetor::model::{Model, Raw};
use rhetor::report::json;
use rhetor::report::terminal::{self, Layout};
use rhetor::report::wire::{Entry, Name, Report};
use rhetor::segment;
use rhetor::tokenize::Tokenizer;

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/rhetor-minilm-v5");

fn article(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/articles");
    std::fs::read_to_string(format!("{folder}/{name}")).expect("the article is in the repository")
}

/// The three documents: about 200, 700 and 60,000 words.
fn documents() -> [(&'static str, String); 3] {
    let long = article("port-of-velda.md");
    let short: Vec<&str> = long.split("\n\n").take(9).collect();
    let others = ["grain-opinion.md", "harbour-wire.md"].map(article);
    let chapter = [long.as_str(), &others[0], &others[1]].join("\n\n");
    let book: Vec<String> = (1..=40)
        .map(|number| format!("# Chapter {number}\n\n{chapter}"))
        .collect();
    [
        ("short", short.join("\n\n")),
        ("news", long.clone()),
        ("book", book.join("\n\n")),
    ]
}

fn read(source: &str) -> Document {
    ingest(source.to_owned(), InputFormat::Markdown, true)
}

fn name() -> Name {
    Name {
        path: None,
        id: None,
    }
}

/// Every stage over one document.
fn stages(c: &mut Criterion, size: &str, source: &str) {
    let document = read(source);
    let sentences = segment::sentences(&document);
    let texts: Vec<&str> = sentences
        .iter()
        .filter(|sentence| sentence.role.scored())
        .map(|sentence| sentence.span.of(&document.text))
        .filter(|text| text.contains(char::is_alphanumeric))
        .collect();
    let mut group = c.benchmark_group(size);
    group.throughput(Throughput::ElementsAndBytes {
        elements: sentences.len() as u64,
        bytes: document.text.len() as u64,
    });
    if size == "book" {
        group
            .sample_size(10)
            .sampling_mode(SamplingMode::Flat)
            .warm_up_time(Duration::from_millis(1));
    }
    group.bench_function("ingest", |b| {
        b.iter_batched(
            || source.to_owned(),
            |source| ingest(source, InputFormat::Markdown, true),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("segment", |b| b.iter(|| segment::sentences(&document)));
    group.bench_function("segment/sentencex", |b| {
        let blocks = || {
            document
                .blocks
                .iter()
                .map(|block| block.span.of(&document.text))
        };
        b.iter(|| {
            blocks()
                .map(|text| sentencex::get_sentence_boundaries("en", text).len())
                .sum::<usize>()
        });
    });
    encoder(&mut group, &texts);
    reports(&mut group, source);
    group.finish();
}

/// Tokens, the forward pass on one thread, and the reading of its logits.
fn encoder(group: &mut BenchmarkGroup<'_, WallTime>, texts: &[&str]) {
    let file = |file: &str| std::fs::read(format!("{MODEL}/{file}")).expect("part of the model");
    let tokenizer = Tokenizer::from_json(&file("tokenizer.json"), 512).expect("it is tested");
    group.bench_function("tokenize", |b| {
        b.iter(|| {
            texts
                .iter()
                .map(|text| tokenizer.encode(text).map_or(0, |e| e.offsets.len()))
                .sum::<usize>()
        });
    });

    let model = Model::load(MODEL.as_ref(), Engine::Rten, None).expect("the model is tested");
    let raws: Vec<Raw> = {
        let mut scorer = model.scorer();
        let logits = texts.iter().map(|text| scorer.logits(text));
        logits.collect::<Result<_, _>>().expect("it is tested")
    };
    let network = Network {
        architecture: Architecture::Bert,
        head: Head::Token,
        outputs: raws[0].logits.ncols(),
        positions: 512,
    };
    let engine = Rten::from_bytes(file("model.onnx"), network).expect("the model is tested");
    let ids: Vec<Vec<u32>> = texts
        .iter()
        .filter_map(|text| tokenizer.encode(text).ok()?.windows.pop())
        .map(|window| window.ids)
        .collect();
    let mut worker = engine.worker();
    group.bench_function("forward", |b| {
        b.iter(|| ids.iter().filter(|ids| worker.logits(ids).is_ok()).count());
    });

    let outputs = &model.outputs;
    group.bench_function("decide", |b| {
        b.iter(|| {
            let mut spans = 0;
            for (text, raw) in texts.iter().zip(&raws) {
                let scores = outputs.scores(&raw.logits);
                for (column, output) in outputs.token.iter().enumerate() {
                    spans += decode::spans(text, &raw.offsets, &scores, column, output).len();
                }
            }
            spans
        });
    });
}

/// Printing a report, and everything from the source to it.
fn reports(group: &mut BenchmarkGroup<'_, WallTime>, source: &str) {
    let model = Model::load(MODEL.as_ref(), Engine::Rten, None).expect("the model is tested");
    let options = Options::default();
    let analysis = analyze(read(source), &model, &options).expect("it is English");
    let layout = Layout {
        width: 100,
        colour: true,
        preview: false,
    };
    group.bench_function("render/terminal", |b| {
        b.iter(|| {
            let mut page = Vec::new();
            terminal::write(&mut page, "article", &analysis, &model, layout).map(|()| page.len())
        });
    });
    group.bench_function("render/json", |b| {
        b.iter(|| {
            let mut line = Vec::new();
            let entry = Entry::Report(Box::new(Report::new(name(), &analysis, &model)));
            json::write_line(&mut line, &entry).map(|()| line.len())
        });
    });
    for threads in [1, 2] {
        let options = Options {
            threads: threads.try_into().expect("it is not 0"),
            ..Options::default()
        };
        group.bench_function(format!("pipeline/{threads}"), |b| {
            b.iter(|| {
                let analysis = analyze(read(source), &model, &options).expect("it is English");
                let mut line = Vec::new();
                let entry = Entry::Report(Box::new(Report::new(name(), &analysis, &model)));
                json::write_line(&mut line, &entry).map(|()| line.len())
            });
        });
    }
}

fn benches(c: &mut Criterion) {
    for (size, source) in documents() {
        stages(c, size, &source);
    }
}

/// Everything from the scores to the findings: attributions, voices, sourcing gaps, repetition
/// and the ledger.
fn rules(c: &mut Criterion) {
    if !std::env::args().any(|argument| argument.contains("rules")) {
        return;
    }
    let model = Model::load(MODEL.as_ref(), Engine::Rten, None).expect("the model is tested");
    let options = Options::default();
    let [.., (_, book)] = documents();
    let words = book.split_whitespace().count();
    let mut group = c.benchmark_group("rules");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(1));
    for size in [10_000, 100_000, 1_000_000] {
        let source = match words / size {
            0 => book.repeat(size.div_ceil(words)),
            times => book.chars().take(book.chars().count() / times).collect(),
        };
        let document = read(&source);
        let sentences = segment::sentences(&document);
        let scored = analyze::score(&document, &sentences, &model, options.threads)
            .expect("the model is tested");
        group.throughput(Throughput::Elements(sentences.len() as u64));
        group.bench_function(size.to_string(), |b| {
            b.iter(|| analyze::find(&document, &sentences, scored.clone(), &model, &options));
        });
    }
    group.finish();
}

criterion_group!(all, benches, rules);
criterion_main!(all);
