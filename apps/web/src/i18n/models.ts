import { addSentences } from "./add";
import { models as en } from "./en/models";
import { models as es } from "./es/models";

addSentences(en, es);
