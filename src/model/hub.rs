//! Models of the Hugging Face hub, by owner and name.
//!
//! They lie in the cache that Python's `huggingface_hub` keeps too (`HF_HUB_CACHE`, or
//! `HF_HOME/hub`). What is there is used without asking anybody; with the feature `hub`,
//! what is missing is fetched (`HF_ENDPOINT` names another server).

use std::path::PathBuf;

use hf_hub::{Cache, Repo, RepoType};

use super::files::CONFIG;
use super::{ModelError, files};
use crate::backend::Engine;

/// A model of the hub: `owner/name`, or `owner/name@revision`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// As it was written.
    pub name: String,
    repository: String,
    revision: String,
}

impl Hub {
    /// Reads `owner/name` or `owner/name@revision`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn new(name: &str) -> Result<Self, ModelError> {
        let (repository, revision) = name.split_once('@').unwrap_or((name, "main"));
        // They become parts of paths, so nothing that leads elsewhere.
        let part = |part: &str| {
            let sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.trim_matches('.').is_empty() && part.chars().all(sign)
        };
        match repository.split_once('/') {
            Some((owner, model)) if part(owner) && part(model) && revision.split('/').all(part) => {
                Ok(Self {
                    name: name.to_owned(),
                    repository: repository.to_owned(),
                    revision: revision.to_owned(),
                })
            }
            _ => Err(ModelError::Hub {
                name: name.to_owned(),
                reason: "a model of the hub is named owner/name, or owner/name@revision".into(),
            }),
        }
    }

    /// The folder that holds it.
    ///
    /// # Errors
    /// When it is not in the cache and cannot be fetched.
    pub fn folder(&self, engine: Engine) -> Result<PathBuf, ModelError> {
        let cache = match std::env::var_os("HF_HUB_CACHE") {
            Some(path) => Cache::new(path.into()),
            None => Cache::from_env(),
        };
        let repo = Repo::with_revision(
            self.repository.clone(),
            RepoType::Model,
            self.revision.clone(),
        );
        let cached = cache.repo(repo.clone());
        // A branch or tag is looked up, a commit is the folder itself.
        let find = |file: &str| {
            let commit = cached.pointer_path(&self.revision).join(file);
            cached.get(file).or(commit.exists().then_some(commit))
        };
        let weights = files::weights(engine);
        if find(CONFIG).is_none() || !weights.iter().any(|file| find(file).is_some()) {
            self.fetch(&cache, repo, weights)?;
        }
        find(CONFIG)
            .and_then(|path| Some(path.parent()?.to_owned()))
            .ok_or_else(|| self.refuse(format!("it has no {CONFIG}, so it is no model")))
    }

    fn refuse(&self, reason: String) -> ModelError {
        ModelError::Hub {
            name: self.name.clone(),
            reason,
        }
    }

    #[cfg(not(feature = "hub"))]
    fn fetch(&self, cache: &Cache, _: Repo, weights: &[&str]) -> Result<(), ModelError> {
        Err(self.refuse(format!(
            "its {CONFIG} and {} are not in the cache {}; fetch it with `hf download {}`, or \
             build rhetor with `--features hub`, which fetches what is missing",
            weights.join(" or "),
            cache.path().display(),
            self.repository
        )))
    }

    /// Fetches those files of the repository that a model folder can have.
    #[cfg(feature = "hub")]
    fn fetch(&self, cache: &Cache, repo: Repo, weights: &[&str]) -> Result<(), ModelError> {
        use hf_hub::api::sync::{ApiBuilder, ApiError};
        let mut api = ApiBuilder::from_cache(cache.clone()).with_progress(false);
        if let Ok(endpoint) = std::env::var("HF_ENDPOINT") {
            api = api.with_endpoint(endpoint);
        }
        if let Ok(token) = std::env::var("HF_TOKEN") {
            api = api.with_token(Some(token));
        }
        let failed = |e: ApiError| {
            self.refuse(format!(
                "it is not in the cache {} and cannot be fetched: {e}; check the name and the \
                 network (HF_ENDPOINT names another server, HF_TOKEN a token), or fetch it \
                 elsewhere and give --model its folder",
                cache.path().display()
            ))
        };
        let repo = api.build().map_err(failed)?.repo(repo);
        let siblings = repo.info().map_err(failed)?.siblings;
        // The configuration comes last, so that a fetch that was cut off is taken up again.
        for file in files::BESIDE.iter().chain(weights).chain(&[CONFIG]) {
            if siblings.iter().any(|sibling| sibling.rfilename == *file) {
                repo.get(file).map_err(failed)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_or_refused() {
        let hub = Hub::new("invented/velda-bias@v2").unwrap();
        assert_eq!(
            (hub.repository.as_str(), hub.revision.as_str()),
            ("invented/velda-bias", "v2")
        );
        assert_eq!(Hub::new("invented/velda-bias").unwrap().revision, "main");
        for name in [
            "velda-bias", "a/b/c", "a/", "../b", "a/b@", "a/b@../../c", "a b/c",
        ] {
            assert!(Hub::new(name).is_err(), "{name}");
        }
    }
}
