import { addSentences } from "./add";
import { school as en } from "./en/school";
import { school as es } from "./es/school";

addSentences(en, es);
