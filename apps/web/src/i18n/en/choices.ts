/** The choices on the first page that most teachers never need. */
export const choices = {
  choices: {
    genresHint: "Two to four, or leave it to the sentence.",
    key: "Key",
    tempo: "Tempo",
    bars: "Length in bars",
    lyrics: "Language of the lyrics",
    seed: "Seed",
    seedHint: "The same sentence and seed give the same piece again.",
    any: "Leave it open",
    bpm: "beats a minute",
    words: "Who may write words",
    consent: "A language model may help with the words if you agree",
    wordsHint: "The notes and the theory are always the program’s own.",
    writers: { builtin: "The program alone", local: "A language model in the house", cloud: "A language model, outside too" },
  },
};
