import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { User } from "@/api/account-types";
import { usersQuery } from "@/api/school";
import { fullName } from "@/lib/initials";
import { TextField } from "@/ui/form/fields";
import { usePause } from "./use-pause";

interface PersonFieldProps {
  field: { id: string; name: string; error: string | undefined; value: string; onValue: (value: string) => void };
  person: User | undefined;
  onPerson: (person: User | undefined) => void;
}

/** Finds a person of the school by what is typed of the name or the address. */
export function PersonField({ field, person, onPerson }: PersonFieldProps) {
  const { t } = useTranslation();
  const asked = usePause(field.value.trim());
  const people = useInfiniteQuery({ ...usersQuery({ q: asked, role: "", status: "" }), enabled: asked !== "" && !person });
  if (person)
    return (
      <div className="flex flex-wrap items-center gap-3">
        <span>
          {t("disclosures.about")} <strong>{fullName(person)}</strong>
        </span>
        <button type="button" className="btn" onClick={() => onPerson(undefined)}>
          {t("disclosures.another")}
        </button>
      </div>
    );
  const found = people.data?.pages[0]?.items.slice(0, 6) ?? [];
  return (
    <div className="grid gap-2">
      <TextField {...field} type="search" label={t("disclosures.person")} hint={t("school.findHint")} maxLength={100} />
      {asked !== "" && (
        <ul className="flex flex-wrap gap-2" aria-live="polite">
          {found.map((user) => (
            <li key={user.id}>
              <button type="button" className="btn" onClick={() => onPerson(user)}>
                {fullName(user)}
              </button>
            </li>
          ))}
          {people.isSuccess && found.length === 0 && <li className="text-muted">{t("disclosures.nobody")}</li>}
        </ul>
      )}
    </div>
  );
}
