import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SchoolClass } from "@/api/account-types";
import { changeClass, classesKey } from "@/api/school";
import { useProblemText } from "@/api/problem-text";
import { SelectField } from "@/ui/form/fields";
import { useToasts } from "@/ui/toasts";

/** From the first school years to the age at which nobody decides for anybody any more. */
const AGES = Array.from({ length: 16 }, (_, index) => index + 3);
const OLDEST = AGES.at(-1) ?? 18;

/** How old the youngest is: what has to be known of a class, and nobody's date of birth. */
export function ClassAge({ room }: { room: SchoolClass }) {
  const { t } = useTranslation();
  const id = useId();
  const explain = useProblemText();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const [failure, setFailure] = useState<string>();
  const choose = async (chosen: string) => {
    setFailure(undefined);
    try {
      await changeClass(room, { youngest: Number(chosen) });
      toast({ text: t("classes.ageKept"), life: 5000 });
      await queries.invalidateQueries({ queryKey: classesKey });
    } catch (error) {
      setFailure(explain(error));
    }
  };
  const options = [{ value: "0", label: t("classes.ageUnknown") }, ...AGES.map((age) => ({ value: String(age), label: t(age === OLDEST ? "classes.ageOrOlder" : "classes.ageYears", { count: age }) }))];
  return (
    <div className="max-w-md">
      <SelectField
        id={id}
        name="youngest"
        label={t("classes.age")}
        hint={t("classes.ageHint")}
        error={failure}
        value={String(Math.min(room.youngest ?? 0, OLDEST))}
        options={options}
        onValue={(chosen) => void choose(chosen)}
      />
    </div>
  );
}
