import { addSentences } from "./add";
import { studio as en } from "./en/studio";
import { table as tableEn } from "./en/table";
import { studio as es } from "./es/studio";
import { table as tableEs } from "./es/table";

addSentences(en, es);
addSentences(tableEn, tableEs);
