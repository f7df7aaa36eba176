/**
 * The names of sections for a narrow screen: "Intro", "Verse 1", "Chorus 1" are I, V1, C1. Names that share their first
 * letter take more of it, as many as part them from those before: "Estrofa 1", "Estribillo 1" are E1, Es1.
 */
export function sectionInitials(labels: readonly string[]): string[] {
  const taken = new Map<string, string>();
  return labels.map((label) => {
    const number = /\d+$/.exec(label)?.[0] ?? "";
    const name = label.slice(0, label.length - number.length).trim();
    for (let letters = 1; letters <= name.length; letters += 1) {
      const short = name.slice(0, letters);
      if ((taken.get(short) ?? name) !== name) continue;
      taken.set(short, name);
      return short + number;
    }
    return label;
  });
}
