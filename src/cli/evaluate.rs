//! `rhetor evaluate`: a model scored on gold annotations, its decision fitted, its card
//! brought up to date.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use rhetor::analyze::Options;
use rhetor::corpus::{self, GoldDocument, Part};
use rhetor::evaluate::scores::{Evaluation, Scores};
use rhetor::evaluate::{card, data_sha256, fit, measure, plot, run as reading, sourcing, table};
use rhetor::model::Model;
use rhetor::report::CAVEAT;

use super::engine::EngineArgs;
use super::{Outcome, output};

/// Score a model on gold annotations: precision, recall, F1 with intervals, calibration.
#[derive(clap::Args)]
pub struct Args {
    /// Gold files, of one or several corpora (see `rhetor corpus`).
    #[arg(value_name = "GOLD.jsonl", required_unless_present_any = ["card", "articles"])]
    gold: Vec<PathBuf>,
    /// Only the documents of this part; the default is all.
    #[arg(long, value_enum)]
    part: Option<PartName>,
    #[command(flatten)]
    engine: EngineArgs,
    /// How to print. `json` is a scores.json; with --output, the evaluation is added to
    /// the file if it is there, or replaced in it.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// The evaluation's name in the JSON; the default is the part's, or `all`.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Draw how far the probabilities of the stable outputs mean what they say.
    #[arg(long, value_name = "PLOT.svg")]
    reliability: Option<PathBuf>,
    /// First fit a decision on this gold and write it; the scores are then those under it.
    /// Outputs that the gold does not annotate keep the decision of the model.
    #[arg(long, value_name = "DECISION.json")]
    fit: Option<PathBuf>,
    /// Score what the whole pipeline finds: attributions, voices and sourcing gaps on the
    /// annotated articles of this folder (see corpora/sourcing); sourcing gaps on gold in
    /// which they are marked; attributions on a file in the form of PolNeAR.
    ///
    /// `--format json` prints the labels as a sourcing.json.
    #[arg(
        long,
        value_name = "FOLDER|FILE",
        conflicts_with_all = ["gold", "part", "name", "reliability", "fit", "card"]
    )]
    articles: Option<PathBuf>,
    /// Score nothing: rewrite the tables between the markers of this model folder's
    /// README.md from its scores.json.
    #[arg(
        long,
        value_name = "MODEL_FOLDER",
        conflicts_with_all = ["gold", "part", "model", "output", "reliability", "fit", "name"]
    )]
    card: Option<PathBuf>,
    /// Threads that score; the default is one a core.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// A scores.json.
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum PartName {
    Train,
    Tune,
    Report,
}

impl PartName {
    fn part(self) -> Part {
        match self {
            Self::Train => Part::Train,
            Self::Tune => Part::Tune,
            Self::Report => Part::Report,
        }
    }
}

fn score_articles(args: &Args, folder: &Path) -> anyhow::Result<Outcome> {
    let articles = sourcing::gold::read(folder)?;
    let model = args.engine.load(true)?;
    let mut out = output::open(args.output.as_deref(), &[])?;
    let options = Options {
        threads: args.threads.unwrap_or(Options::default().threads),
        any_language: true,
        comments: false,
        ..Options::default()
    };
    let score = sourcing::score(&articles, &model, &options)?;
    if args.format == Format::Json {
        let scores = sourcing::scores::ArticleScores::new(&score, &model);
        out.write_all(scores.to_json()?.as_bytes())?;
    } else {
        let name = folder.display().to_string();
        sourcing::table::write(&mut out, &name, &score, CAVEAT)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    if let Some(folder) = &args.card {
        return rewrite_card(folder);
    }
    if let Some(folder) = &args.articles {
        return score_articles(args, folder);
    }
    if args.name.is_some() && args.format != Format::Json {
        bail!("--name names an evaluation in the JSON; add --format json");
    }
    let part = args.part.map(PartName::part);
    let documents = gold(&args.gold)?;
    let documents: Vec<&GoldDocument> = documents
        .iter()
        .filter(|document| part.is_none_or(|part| document.part == part))
        .collect();
    let name = args.part.map_or("all".to_owned(), |part| {
        part.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    });
    if documents.is_empty() {
        bail!(
            "none of these files holds a document of the part {name}; leave --part out to score what they hold"
        );
    }
    // A model without a decision can be fitted, and nothing else.
    let mut model = args.engine.load(args.fit.is_none())?;

    let mut output = target("--output", args.output.as_deref(), &args.gold)?;
    let mut plot = target("--reliability", args.reliability.as_deref(), &args.gold)?;
    let mut decision = target("--fit", args.fit.as_deref(), &args.gold)?;
    let mut scores = match (&mut output, args.format) {
        (Some(output), Format::Json) => output.scores(&model)?,
        _ => Scores::new(&model.name, &model.sha256),
    };

    let threads = args.threads.unwrap_or(Options::default().threads);
    let read = reading::read(&documents, &model, threads)?;
    if let Some(target) = &mut decision {
        // What was fitted before, where it was.
        let own = args.engine.load(true).ok().filter(|own| own.calibrated);
        let own = own.as_ref().map(|own| &own.outputs);
        let (outputs, kept) = fit::fit(&read, &model.outputs, own, threads)?;
        model.outputs = outputs;
        if !kept.is_empty() {
            anstream::eprintln!(
                "the gold annotates nothing for {}: what was fitted for them before is kept",
                kept.join(", ")
            );
        }
        let data = data_sha256(documents.iter().copied());
        let fitted = fit::decision(&model.outputs, &model.sha256, &data, &name);
        target.write(&(serde_json::to_string_pretty(&fitted)? + "\n"))?;
    }
    let evaluation = measure::evaluate(&read, &model.outputs, part, threads);

    if let Some(target) = &mut plot {
        let mut svg = Vec::new();
        let title = format!("{}: probability and gold on {name}", model.name);
        plot::write(&mut svg, &title, &evaluation)?;
        target.write(&String::from_utf8_lossy(&svg))?;
    }
    let text = match args.format {
        Format::Terminal => terminal(&model, &evaluation)?,
        Format::Json => {
            let name = args.name.clone().unwrap_or(name);
            scores.evaluations.insert(name, evaluation);
            scores.to_json()?
        }
    };
    match &mut output {
        Some(output) => output.write(&text)?,
        None => io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Outcome::Done)
}

fn terminal(model: &Model, evaluation: &Evaluation) -> io::Result<String> {
    let mut text = Vec::new();
    let caveat = format!(
        "Scores say how far the model marks what annotators marked, not how far it is true; \
         annotators disagree with each other too. {CAVEAT}"
    );
    table::write(&mut text, &model.name, &model.sha256, evaluation, &caveat)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn rewrite_card(folder: &Path) -> anyhow::Result<Outcome> {
    let card = card::of_folder(folder)?;
    let path = folder.join("README.md");
    std::fs::write(&path, card).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(Outcome::Done)
}

/// Every document of the files. One that stands twice would count twice, so it is refused.
fn gold(paths: &[PathBuf]) -> anyhow::Result<Vec<GoldDocument>> {
    let mut documents: Vec<GoldDocument> = Vec::new();
    let mut seen: HashMap<(String, String), &Path> = HashMap::new();
    for path in paths {
        for document in corpus::read(path)? {
            let key = (document.corpus.clone(), document.id.clone());
            if let Some(before) = seen.insert(key, path) {
                bail!(
                    "{}: the document {} of {} was already read from {}; name each document once",
                    path.display(),
                    document.id,
                    document.corpus,
                    before.display()
                );
            }
            documents.push(document);
        }
    }
    Ok(documents)
}

/// A file that is opened before the work and replaced after it, so that work that fails
/// leaves what was there.
struct Target {
    path: PathBuf,
    file: File,
}

fn target(flag: &str, path: Option<&Path>, gold: &[PathBuf]) -> anyhow::Result<Option<Target>> {
    let Some(path) = path else {
        return Ok(None);
    };
    output::refuse_input(&format!("{flag} {}", path.display()), path, gold)?;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(|| format!("{flag} {} cannot be written", path.display()))?;
    Ok(Some(Target {
        path: path.to_owned(),
        file,
    }))
}

impl Target {
    /// The scores that are in the file, none when it is empty.
    fn scores(&mut self, model: &Model) -> anyhow::Result<Scores> {
        let place = || format!("--output {}", self.path.display());
        let mut text = String::new();
        self.file.read_to_string(&mut text).with_context(place)?;
        if text.is_empty() {
            return Ok(Scores::new(&model.name, &model.sha256));
        }
        let scores = Scores::parse(&text).with_context(place)?;
        scores
            .of_model(&model.name, &model.sha256)
            .with_context(place)?;
        Ok(scores)
    }

    fn write(&mut self, text: &str) -> anyhow::Result<()> {
        let mut replace = || {
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.file.write_all(text.as_bytes())
        };
        replace().with_context(|| format!("{} cannot be written", self.path.display()))
    }
}
