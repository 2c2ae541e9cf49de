//! Shards and what is made of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::{assert_same, fail, folder, mixed, rhetor, score, succeed};

#[test]
fn shards_make_the_run_that_was_not_split() {
    let folder = folder();
    let mixed = mixed(folder.path());
    for format in ["parquet", "jsonl", "csv"] {
        let name = |name: &str| folder.path().join(format!("{format}-{name}"));
        let score = |run: &Path, flags: &[&str]| {
            let mut command = score(run, flags);
            command.arg(&mixed).args(["--format", format]);
            succeed(&mut command);
        };
        let whole = name("whole");
        score(&whole, &[]);
        let shards: Vec<PathBuf> = ["1/3", "2/3", "3/3"]
            .into_iter()
            .map(|shard| {
                let run = name(&shard.replace('/', "-"));
                score(&run, &["--shard", shard]);
                run
            })
            .collect();
        let merge = |shards: &[&PathBuf], output: &Path| {
            let mut command = rhetor("merge");
            command
                .args(shards)
                .arg("--output")
                .arg(output)
                .arg("--quiet");
            command
        };
        let merged = name("merged");
        succeed(&mut merge(&[&shards[2], &shards[0], &shards[1]], &merged));
        assert_same(&whole, &merged);

        let refused = |shards: &[&PathBuf], expected: &str| {
            let found = fail(&mut merge(shards, &name("refused")), 2);
            assert!(found.contains(expected), "{found}");
            assert!(!name("refused").exists());
        };
        refused(&[&shards[0], &shards[2]], "shard 2/3 is missing");
        refused(&[&shards[0], &shards[1]], "shard 3/3 is missing");
        refused(
            &[&shards[0], &shards[1], &shards[1]],
            "shard 2/3 is named twice",
        );
        refused(&[&whole], "it was scored without --shard");
        let mut found = fail(
            &mut merge(&[&shards[0], &shards[1], &shards[2]], &merged),
            2,
        );
        assert!(found.contains("is there already"), "{found}");

        // A shard that somebody touched, and one of another input.
        let part = shards[1].join(format!("sentences/part-00001.{format}"));
        let mut bytes = fs::read(&part).unwrap();
        bytes[20] ^= 1;
        fs::write(&part, bytes).unwrap();
        refused(
            &[&shards[0], &shards[1], &shards[2]],
            "is not the file that parts.jsonl lists",
        );
        fs::remove_dir_all(&shards[1]).unwrap();
        let mut command = rhetor("score");
        command
            .args([
                "corpora/sourcing/dev",
                "--part-size",
                "3",
                "--shard",
                "2/3",
                "--format",
                format,
            ])
            .arg("--output")
            .arg(&shards[1]);
        succeed(&mut command);
        found = fail(
            &mut merge(&[&shards[0], &shards[1], &shards[2]], &name("refused")),
            2,
        );
        assert!(
            found.contains("other records") || found.contains("not of the same input"),
            "{found}"
        );
    }
}
