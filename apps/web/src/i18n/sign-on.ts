import { addSentences } from "./add";
import { signOn as en } from "./en/sign-on";
import { signOn as es } from "./es/sign-on";

addSentences(en, es);
