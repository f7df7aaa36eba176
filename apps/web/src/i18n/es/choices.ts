import type { choices as en } from "../en/choices";
import type { Filled } from "../filled";

export const choices: Filled<typeof en> = {
  choices: {
    genresHint: "De dos a cuatro, o deja que decida la frase.",
    key: "Tonalidad",
    tempo: "Tempo",
    bars: "Duración en compases",
    lyrics: "Idioma de la letra",
    seed: "Semilla",
    seedHint: "La misma frase con la misma semilla da otra vez la misma pieza.",
    any: "Dejarlo abierto",
    bpm: "pulsos por minuto",
    words: "Quién puede escribir palabras",
    consent: "Un modelo de lenguaje puede ayudar con la letra si lo autorizas",
    wordsHint: "Las notas y la teoría son siempre del programa.",
    writers: { builtin: "Solo el programa", local: "Un modelo de lenguaje en casa", cloud: "Un modelo de lenguaje, también de fuera" },
  },
};
