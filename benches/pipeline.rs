//! How fast each stage is, on text of our own. `cargo bench`.
//!
//! The machines are shared and noisy: compare within one run. `segment/sentencex` is the
//! segmenter that ours is built upon; the model rows are sentences of a real article.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rhetor::analyze::{Options, analyze};
use rhetor::backend::Engine;
use rhetor::ingest::{InputFormat, ingest};
use rhetor::model::Model;
use rhetor::report::wire::{Name, Report};
use rhetor::{segment, tokenize::Tokenizer};

fn article() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/corpora/articles/port-of-velda.md"
    );
    std::fs::read_to_string(path).expect("the article is part of the repository")
}

fn model() -> Model {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models/rhetor-minilm-v2");
    Model::load(folder.as_ref(), Engine::Rten, None).expect("the model is part of the repository")
}

fn reading(c: &mut Criterion) {
    let source = article().repeat(20);
    let document = ingest(source.clone(), InputFormat::Markdown, true);

    let mut group = c.benchmark_group("ingest");
    group.throughput(Throughput::Bytes(source.len() as u64));
    group.bench_function("markdown", |b| {
        b.iter_batched(
            || source.clone(),
            |source| ingest(source, InputFormat::Markdown, true),
            BatchSize::LargeInput,
        );
    });
    group.finish();

    let mut group = c.benchmark_group("segment");
    group.throughput(Throughput::Bytes(document.text.len() as u64));
    group.bench_function("rhetor", |b| b.iter(|| segment::sentences(&document)));
    group.bench_function("sentencex", |b| {
        b.iter(|| {
            let blocks = document
                .blocks
                .iter()
                .map(|block| block.span.of(&document.text));
            blocks
                .map(|text| sentencex::get_sentence_boundaries("en", text).len())
                .sum::<usize>()
        });
    });
    group.finish();
}

fn scoring(c: &mut Criterion) {
    let model = model();
    let document = ingest(article(), InputFormat::Markdown, true);
    let sentences: Vec<String> = segment::sentences(&document)
        .iter()
        .filter(|s| s.role.scored())
        .map(|s| s.span.of(&document.text).to_owned())
        .collect();
    let json = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/models/rhetor-minilm-v2/tokenizer.json"
    ))
    .expect("the model is part of the repository");
    let tokenizer = Tokenizer::from_json(&json, 512).expect("the tokenizer is tested");

    let mut group = c.benchmark_group("sentences");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(sentences.len() as u64));
    group.bench_function("tokenize", |b| {
        b.iter(|| {
            sentences
                .iter()
                .map(|s| tokenizer.encode(s).map_or(0, |e| e.offsets.len()))
                .sum::<usize>()
        });
    });
    let mut scorer = model.scorer();
    group.bench_function("score on one thread", |b| {
        b.iter(|| sentences.iter().filter(|s| scorer.score(s).is_ok()).count());
    });
    group.bench_function("whole report on all cores", |b| {
        b.iter_batched(
            || ingest(article(), InputFormat::Markdown, true),
            |document| {
                let analysis = analyze(document, &model, &Options::default());
                analysis.map(|a| {
                    Report::new(
                        Name {
                            path: None,
                            id: None,
                        },
                        &a,
                        &model,
                    )
                })
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, reading, scoring);
criterion_main!(benches);
