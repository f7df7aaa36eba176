//! What a person recognises a device by: browser and system, as far as its `User-Agent` says.

/// "Firefox on Windows", or what the program calls itself: at most 100 characters, without control characters.
pub fn describe(user_agent: &str) -> String {
    let has = |word: &str| user_agent.contains(word);
    let browser =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
            .into_iter()
            .find_map(|(mark, name)| has(mark).then_some(name));
    let system = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ]
    .into_iter()
    .find_map(|(mark, name)| has(mark).then_some(name));
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => {
            let own: String = user_agent.chars().filter(|c| !c.is_control()).take(100).collect();
            if own.trim().is_empty() { "Unknown program".to_owned() } else { own }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_people_name_it() {
        let chrome = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
        assert_eq!(describe(chrome), "Chrome on ChromeOS");
        let safari = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1";
        assert_eq!(describe(safari), "Safari on iPad");
        assert_eq!(describe("curl/8.7.1"), "curl/8.7.1");
        assert_eq!(describe(" \n"), "Unknown program");
        assert_eq!(describe(&"x\u{7}".repeat(300)).len(), 100);
    }
}
