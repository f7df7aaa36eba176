import { addSentences } from "./add";
import { people as en } from "./en/people";
import { people as es } from "./es/people";

addSentences(en, es);
