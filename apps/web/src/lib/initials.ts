interface Named {
  given_name?: string | null | undefined;
  family_name?: string | null | undefined;
  username?: string | null | undefined;
  email?: string | null | undefined;
}

/** What somebody is called: both names, or what stands for them. */
export function fullName(person: Named): string {
  const name = [person.given_name, person.family_name].filter(Boolean).join(" ");
  return name || person.username || person.email || "";
}

/** The one or two letters that stand for a person. */
export function initials(person: Named): string {
  const first = (word: string | null | undefined) => Array.from(new Intl.Segmenter().segment(word?.trim() ?? ""))[0]?.segment ?? "";
  const both = first(person.given_name) + first(person.family_name);
  return (both || first(person.username) || first(person.email)).toLocaleUpperCase();
}
