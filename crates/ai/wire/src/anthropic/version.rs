//! What a model can do, by its name: `claude-3-7-sonnet-20250219`, `claude-opus-4-6`, `claude-sonnet-5`.

/// Major and minor version; the newest for a name that has none.
fn of(model: &str) -> (u32, u32) {
    let name = model.rsplit('/').next().unwrap_or(model);
    let name = name.find("claude-").map_or(name, |at| &name[at..]);
    // A date is no version.
    let mut numbers =
        name.split(['-', '.', '@', ':']).filter(|word| word.len() <= 2).filter_map(|word| word.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), minor) => (major, minor.unwrap_or_default()),
        (None, _) => (u32::MAX, 0),
    }
}

/// It answers by a JSON schema (`output_config.format`), and keeps tools' schemas for certain: 4.5 and later.
pub(super) fn has_schemas(model: &str) -> bool {
    of(model) >= (4, 5)
}

/// It decides itself how long to think, by an effort (`thinking: adaptive`): 4.6 and later, for which a budget is
/// deprecated.
pub(super) fn is_adaptive(model: &str) -> bool {
    of(model) >= (4, 6)
}

/// It takes `temperature`, `top_p` and `top_k`: up to 4.6.
pub(super) fn takes_sampling(model: &str) -> bool {
    of(model) <= (4, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_versions() {
        for (name, version) in [
            ("claude-3-7-sonnet-20250219", (3, 7)),
            ("claude-3-opus-latest", (3, 0)),
            ("claude-sonnet-4-20250514", (4, 0)),
            ("claude-opus-4-6", (4, 6)),
            ("anthropic/claude-sonnet-4.5", (4, 5)),
            ("us.anthropic.claude-haiku-4-5-20251001-v1:0", (4, 5)),
            ("claude-sonnet-5", (5, 0)),
            ("claude-mythos-preview", (u32::MAX, 0)),
        ] {
            assert_eq!(of(name), version, "{name}");
        }
    }
}
