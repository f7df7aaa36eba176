/** What the first page says about pieces of one's own; what is said once one is there: `table.ts`. */
export const sources = {
  sources: {
    heading: "Mezcla tu propia música",
    invite: "Suelta un archivo en cualquier lugar de esta página: MIDI, MusicXML o ABC.",
    inviteTouch: "MIDI, MusicXML o ABC, hasta 5 MB.",
    letGo: "Suéltalo: se lee al momento.",
    choose: "Elegir archivos",
    before: "Traídas antes",
    whoseFirst: "Di primero de quién es la música de los archivos, o quítalos de la lista.",
    readFirst: "Un momento: los archivos todavía se están leyendo.",
    suggest: {
      one: "«{{title}}» como jazz y hip-hop, 45 minutos",
      two: "«{{title}}» como country y música electrónica para principiantes",
      three: "«{{title}}» como blues y clásica, una lección",
    },
  },
};
