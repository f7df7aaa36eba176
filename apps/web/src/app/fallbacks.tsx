import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto grid max-w-xl gap-6 px-5 py-24">
      <h1 className="text-3xl">{t("app.notFound")}</h1>
      <Link to="/" className="btn btn-solid justify-self-start">
        {t("app.toHome")}
      </Link>
    </div>
  );
}

export function Broken() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto grid max-w-xl gap-6 px-5 py-24" role="alert">
      <h1 className="text-3xl">{t("app.crashed")}</h1>
      <button type="button" className="btn btn-solid justify-self-start" onClick={() => location.reload()}>
        {t("app.reload")}
      </button>
    </div>
  );
}
