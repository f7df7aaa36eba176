//! `eduai models`: which language models are reachable from this machine, by the operator's file, what institutions have
//! set, and what runs here.

use crate::installation::{Installation, OperatorError};
use crate::program::BuildError;
use crate::terminal;
use clap::Args;
use eduai_kernel::Entropy;
use eduai_llm::admin::{ModelReach, Reachability};
use eduai_llm::{Gateway, Parts};
use eduai_module::SystemEntropy;
use std::path::PathBuf;
use std::sync::Arc;

/// What is looked at.
#[derive(Debug, Args)]
pub struct Models {
    /// What the operator sets about language models (docs/GATEWAY.md)
    #[arg(long, value_name = "GATEWAY.TOML", env = "EDUAI_GATEWAY_CONFIG")]
    config: Option<PathBuf>,
    /// The institution, by id or name; otherwise the only one, or the one that lets visitors in
    #[arg(long)]
    institution: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Where the database and the keys are kept
    #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
    data_dir: PathBuf,
}

/// Asks every provider that may be asked what it has, and prints what came of it.
pub async fn run(wish: Models) -> Result<(), OperatorError> {
    let installation = Installation::open(wish.data_dir.clone()).await?;
    let found = look(&installation, &wish).await;
    installation.close().await;
    let found = found?;
    if wish.json {
        let text = serde_json::to_string_pretty(&found).map_err(BuildError::from)?;
        terminal::print(&format!("{text}\n"));
    } else {
        for line in table(&found) {
            terminal::say(&line);
        }
    }
    Ok(())
}

async fn look(installation: &Installation, wish: &Models) -> Result<Vec<ModelReach>, OperatorError> {
    let bad = |error: eduai_llm::BadConfig| OperatorError::Refused(error.to_string());
    let settings = installation.settings.clone().with_gateway(wish.config.as_deref()).map_err(bad)?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let parts = Parts {
        db: installation.database.db().clone(),
        clock: installation.clock.clone(),
        entropy,
        vault: installation.vault.clone(),
        config: settings.gateway,
        schools: settings.schools,
        ollama: settings.ollama,
        consents: None,
        people: None,
    };
    let gateway = Gateway::open(parts).await.map_err(BuildError::from)?;
    gateway.look().await;
    let actor = installation.system(wish.institution.as_deref()).await?;
    gateway.reach(&actor).await.map_err(|failure| OperatorError::Refused(failure.detail))
}

/// A line for each model.
fn table(found: &[ModelReach]) -> Vec<String> {
    if found.is_empty() {
        return vec![
            "No language model is set, and no Ollama runs here. Everything works without one.".to_owned(),
            "Write providers into a file (docs/GATEWAY.md), set them on the administration's page, or start Ollama."
                .to_owned(),
        ];
    }
    let head = ["NAME", "PROVIDER", "MODEL", "WHERE", "ANSWERS", "IN/OUT $ PER MILLION"].map(ToOwned::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(found.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3, 4, 5].map(width);
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn row(found: &ModelReach) -> [String; 6] {
    let target = &found.target;
    let answers = match (target.reachable, found.latency_ms, &found.problem) {
        (Reachability::RefusedByPrivacy, ..) => "not asked: nothing leaves the house".to_owned(),
        (Reachability::NoAgreement, ..) => "not asked: no agreement".to_owned(),
        (_, Some(time), _) => format!("in {time} ms"),
        (_, None, problem) => format!("no: {}", problem.as_deref().unwrap_or("nobody knows why")),
    };
    let price = target.price.map_or("unknown".to_owned(), |price| format!("{} / {}", price.input, price.output));
    let place = if target.local { "house" } else { "outside" };
    [found.name.clone(), target.provider.clone(), target.model.clone(), place.to_owned(), answers, price]
}
