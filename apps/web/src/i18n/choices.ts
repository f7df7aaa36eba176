import { addSentences } from "./add";
import { choices as en } from "./en/choices";
import { choices as es } from "./es/choices";

addSentences(en, es);
